import { spawn, type ChildProcess } from "node:child_process";
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { hooked, serverHook } from "./server-hook";

const variable = "HOLDFAST_MOTO_SERVER";
/** Loading moto's code takes seconds on a cold disk. */
const startLimitMs = 120_000;
const keptLines = 2_000;

/** Finds moto's server: where our environment variable says, else on the PATH. */
export function findMotoServer(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const named = environment[variable];
  if (named !== undefined && named !== "") {
    if (!isProgram(named)) throw new Error(`${variable} is ${named}, which is no executable file`);
    return named;
  }
  const folders = (environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, "moto_server")).find(isProgram);
}

/** A running emulator of AWS, for one rehearsal: it forgets everything when it stops. */
export class MotoServer {
  /** `http://127.0.0.1:<port>`, the port chosen by the system. */
  readonly url: string;
  readonly #child: ChildProcess;
  /** Its working folder, gone when it has ended. */
  readonly folder: string;
  readonly #lines: readonly string[];
  readonly #oneAtATime: boolean;
  readonly #atExit = (): void => {
    this.#child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  };

  private constructor(url: string, child: ChildProcess, folder: string, lines: readonly string[]) {
    this.url = url;
    this.#child = child;
    this.folder = folder;
    this.#lines = lines;
    this.#oneAtATime = lines.includes(hooked);
    process.once("exit", this.#atExit);
  }

  /** Starts it as one AWS account, and waits until it listens. */
  static async start(file: string, account: string): Promise<MotoServer> {
    const folder = mkdtempSync(join(tmpdir(), "holdfast-moto-"));
    const hook = join(folder, "hook");
    mkdirSync(hook);
    writeFileSync(join(hook, "sitecustomize.py"), serverHook);
    const modules = [hook, process.env.PYTHONPATH ?? ""].filter((path) => path !== "");
    const child = spawn(file, ["-H", "127.0.0.1", "-p", "0"], {
      cwd: folder,
      // It ends when nobody holds the other end of its input any more.
      stdio: ["pipe", "pipe", "pipe"],
      env: {
        PYTHONPATH: modules.join(delimiter),
        PATH: process.env.PATH,
        HOME: folder,
        TMPDIR: folder,
        PYTHONUNBUFFERED: "1",
        PYTHONDONTWRITEBYTECODE: "1",
        MOTO_ACCOUNT_ID: account,
        // Policies of AWS's own are attached by name.
        MOTO_IAM_LOAD_MANAGED_POLICIES: "true",
      },
    });
    const lines: string[] = [];
    try {
      return new MotoServer(await listening(child, lines), child, folder, lines);
    } catch (error) {
      child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** The last lines that it has logged, at least one per request. */
  get log(): readonly string[] {
    return this.#lines;
  }

  /** Whether requests are let through one at a time. If not, two at once may spoil moto's state: it knows no locks. */
  get oneAtATime(): boolean {
    return this.#oneAtATime;
  }

  /** The last requests that ended in an error, and the last lines of all: what tells why a resource could not be made. */
  get troubles(): string {
    const errors = this.#lines.filter(
      (line) => /^holdfast: (?:asked again|not ok):/.test(line) && !line.includes(" 404 "),
    );
    return [...errors.slice(-20), "...", ...this.#lines.slice(-60)].join("\n");
  }

  stop(): void {
    process.off("exit", this.#atExit);
    this.#atExit();
  }
}

/** The address in the server's own message, which goes to one output or the other. */
function listening(child: ChildProcess, lines: string[]): Promise<string> {
  return new Promise((settle, reject) => {
    const fail = (why: string): void => {
      reject(new Error(`the moto server ${why}\n${lines.slice(-20).join("\n")}`));
    };
    const timer = setTimeout(() => {
      fail(`did not listen within ${startLimitMs / 1000} seconds`);
    }, startLimitMs);
    const take = (line: string): void => {
      lines.push(line);
      if (lines.length > 2 * keptLines) lines.splice(0, lines.length - keptLines);
      const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      settle(url);
    };
    for (const output of [child.stdout, child.stderr])
      if (output !== null) createInterface({ input: output }).on("line", take);
    // A server that ends while its input is closed has not failed in a way of its own.
    child.stdin?.on("error", () => undefined);
    child.on("error", (error) => {
      fail(`cannot be started: ${error.message}`);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      fail(`ended with ${code ?? "a signal"} before it listened`);
    });
  });
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
