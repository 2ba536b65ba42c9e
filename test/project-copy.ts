import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { run, type Terminal } from "@holdfast/cli";
import pico from "picocolors";

export const root = resolve(__dirname, "..");

/** The text of a committed environment's configuration. */
export function stackText(environment: string): string {
  return readFileSync(join(root, `stacks/config/Pulumi.${environment}.yaml`), "utf8");
}

/** A throw-away project that runs this repository's program with other configuration. */
export class ProjectCopy {
  readonly folder = mkdtempSync(join(tmpdir(), "holdfast-project-"));

  constructor() {
    mkdirSync(join(this.folder, "config"));
    const project = readFileSync(join(root, "Pulumi.yaml"), "utf8")
      .replace("main: stacks/", `main: ${join(root, "stacks")}`)
      .replace("stackConfigDir: stacks/config", "stackConfigDir: config");
    writeFileSync(join(this.folder, "Pulumi.yaml"), project);
  }

  write(environment: string, text: string): void {
    writeFileSync(join(this.folder, `config/Pulumi.${environment}.yaml`), text);
  }

  copy(environment: string): void {
    copyFileSync(
      join(root, `stacks/config/Pulumi.${environment}.yaml`),
      join(this.folder, `config/Pulumi.${environment}.yaml`),
    );
  }

  /** Runs holdfast here and returns what it said. */
  async holdfast(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    let out = "";
    let err = "";
    const terminal: Terminal = {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      colours: pico.createColors(false),
      progress: () => undefined,
    };
    const code = await run(["node", "holdfast", ...args, "--cwd", this.folder], terminal);
    return { code, out, err };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
