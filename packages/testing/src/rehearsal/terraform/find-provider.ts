import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { isExecutable } from "../is-executable";

/** A Terraform provider's program on this machine. */
export interface ProviderBinary {
  readonly file: string;
  readonly version: string;
}

/** Names a provider's file, or a folder that holds one. */
const variable = "HOLDFAST_TERRAFORM_AWS_PROVIDER";
const fileName = /^terraform-provider-aws_v(\d+\.\d+\.\d+)/;
/** Folders that the last, general search looks into, and how far it goes. */
const programFolders = ["/opt", "/usr/local/lib", "/usr/local/share", "/usr/lib", "/usr/share", "/var/lib"];
const deepest = 7;
const mostEntries = 20_000;

/**
 * Finds the Terraform AWS provider: where our environment variable says, else where Terraform itself looks, else by its file name in
 * the system's program folders (a search with a limit). The newest one wins.
 */
export function findTerraformAws(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ProviderBinary | undefined {
  const named = environment[variable];
  if (named !== undefined && named !== "") {
    const found = newest(statSync(named, { throwIfNoEntry: false })?.isFile() === true ? [named] : search([named]));
    if (found === undefined)
      throw new Error(`${variable} is ${named}, where there is no executable terraform-provider-aws_v<version>`);
    return found;
  }
  return newest(search(terraformFolders(environment))) ?? newest(search(programFolders));
}

function terraformFolders(environment: Readonly<Record<string, string | undefined>>): string[] {
  const home = homedir();
  const config = environment.TF_CLI_CONFIG_FILE ?? join(home, ".terraformrc");
  const text = existsSync(config) ? readFileSync(config, "utf8") : "";
  const mirrors = [...text.matchAll(/^\s*(?:path|plugin_cache_dir)\s*=\s*"([^"]+)"/gm)].map(([, path = ""]) => path);
  const dataFolders = (environment.XDG_DATA_DIRS ?? "/usr/local/share:/usr/share").split(delimiter);
  return [
    ...mirrors,
    ...(environment.TF_PLUGIN_CACHE_DIR === undefined ? [] : [environment.TF_PLUGIN_CACHE_DIR]),
    join(home, ".terraform.d/plugins"),
    join(home, ".terraform.d/plugin-cache"),
    join(environment.XDG_DATA_HOME ?? join(home, ".local/share"), "terraform/plugins"),
    ...dataFolders.map((folder) => join(folder, "terraform/plugins")),
  ];
}

function search(folders: readonly string[]): string[] {
  const found: string[] = [];
  let left = mostEntries;
  const visit = (folder: string, depth: number): void => {
    let entries;
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch {
      // Not there, or not for us to read.
      return;
    }
    for (const entry of entries) {
      if ((left -= 1) < 0) return;
      const path = join(folder, entry.name);
      if (entry.isDirectory() && depth < deepest && entry.name !== "node_modules") visit(path, depth + 1);
      else if (!entry.isDirectory() && fileName.test(entry.name) && isExecutable(path)) found.push(path);
    }
  };
  for (const folder of folders) visit(folder, 0);
  return found;
}

function newest(files: readonly string[]): ProviderBinary | undefined {
  return files
    .map((file) => ({ file, version: fileName.exec(basename(file))?.[1] ?? "" }))
    .sort((a, b) => b.version.localeCompare(a.version, "en", { numeric: true }))[0];
}
