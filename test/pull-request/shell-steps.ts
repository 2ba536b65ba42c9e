import { execFile, execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** Whether a program is on the path. */
export function installed(program: string): boolean {
  try {
    execFileSync(program, [program === "go" ? "version" : "--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

export interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}

export interface Ran {
  readonly code: number;
  /** Standard output and error together. */
  readonly said: string;
}

/** A folder in which steps of a workflow run as a runner would run them, with stand-ins for the programs that reach outside. */
export class StepRunner {
  readonly #outputs = new Map<string, string>();

  constructor(
    readonly folder: string,
    /** What `${{ ... }}` stands for. */
    readonly expressions: Readonly<Record<string, string>>,
    readonly environment: Readonly<Record<string, string>> = {},
  ) {}

  /** Puts a program of ours before the real one. */
  standIn(program: string, text: string): void {
    const file = join(this.folder, ".stand-ins", program);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  }

  /** Runs one step under the shell that `shell: bash` means, and remembers its outputs. */
  async step({ id, run, env = {} }: Step, jobEnv: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const output = join(this.folder, ".output");
    writeFileSync(output, "");
    const given = Object.entries({ ...jobEnv, ...env }).map(([key, value]) => [key, this.#filled(value)]);
    const ran = await this.bash(run ?? "", { ...Object.fromEntries(given), GITHUB_OUTPUT: output } as Record<
      string,
      string
    >);
    for (const [, key, value] of readFileSync(output, "utf8").matchAll(/^([\w-]+)=(.*)$/gm))
      this.#outputs.set(`steps.${id ?? ""}.outputs.${key ?? ""}`, value ?? "");
    return ran;
  }

  bash(script: string, env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const file = join(this.folder, ".step.sh");
    writeFileSync(file, script);
    const path = [join(this.folder, ".stand-ins"), process.env.PATH].join(delimiter);
    return new Promise((done) => {
      execFile(
        "bash",
        ["--noprofile", "--norc", "-eo", "pipefail", file],
        { cwd: this.folder, env: { ...process.env, ...this.environment, ...env, PATH: path, NO_COLOR: "1" } },
        (error, out, err) => {
          done({ code: error === null ? 0 : typeof error.code === "number" ? error.code : -1, said: `${out}${err}` });
        },
      );
    });
  }

  output(name: string): string | undefined {
    return this.#outputs.get(name);
  }

  read(path: string): string {
    return existsSync(join(this.folder, path)) ? readFileSync(join(this.folder, path), "utf8") : "";
  }

  #filled(text: string): string {
    return text.replaceAll(/\$\{\{\s*(.+?)\s*\}\}/g, (_all, expression: string) => {
      const value = this.#outputs.get(expression) ?? this.expressions[expression];
      if (value === undefined) throw new Error(`nothing stands for \${{ ${expression} }}`);
      return value;
    });
  }
}
