import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isExecutable } from "./is-executable";

/** An official provider plugin that is installed on this machine. */
export interface OfficialPlugin {
  readonly name: string;
  readonly version: string;
  /** Its folder. */
  readonly path: string;
}

/**
 * Providers that compute something and reach nothing: their official plugins are used where they are installed. No other is: it would
 * make real things, or run commands, in the middle of a rehearsal.
 */
export const harmlessProviders: readonly string[] = ["random", "std", "tls"];

/** The newest of each that `pulumi plugin install`, or an earlier update, has put into the user's own Pulumi home. It is only read. */
export function officialPlugins(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): OfficialPlugin[] {
  const { PULUMI_HOME } = environment;
  const home = PULUMI_HOME === undefined || PULUMI_HOME === "" ? join(homedir(), ".pulumi") : PULUMI_HOME;
  const folder = join(home, "plugins");
  let entries: string[];
  try {
    entries = readdirSync(folder);
  } catch {
    return [];
  }
  const found = entries.flatMap((entry) => {
    const [, name = "", version = ""] = /^resource-([\w-]+)-v(\d+\.\d+\.\d+)$/.exec(entry) ?? [];
    const path = join(folder, entry);
    return harmlessProviders.includes(name) && isExecutable(join(path, `pulumi-resource-${name}`))
      ? [{ name, version, path }]
      : [];
  });
  return harmlessProviders.flatMap((name) => {
    const [newest] = found.filter((one) => one.name === name).sort((a, b) => compareVersions(b.version, a.version));
    return newest ?? [];
  });
}

function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
