import { format } from "node:util";

export interface GuardSettings {
  readonly workDir: string;
  readonly argument: string;
  /** Whether the code that runs right now is the program's. */
  readonly isProgram: () => boolean;
  /** An error that nobody caught. */
  readonly uncaught: (error: unknown) => void;
  /** Something that the program printed. */
  readonly printed: (severity: "info" | "warning", text: string) => void;
  /** The program wants to end the process. */
  readonly exit: (code: number) => void;
}

const consoleMethods = { log: "info", info: "info", debug: "info", warn: "warning", error: "warning" } as const;
const errorEvents = ["uncaughtException", "unhandledRejection"] as const;

/**
 * Stands between a program and the process that it shares: its output becomes messages, its uncaught errors are its own, it
 * runs in its own folder, and it cannot end the process. Returns the function that puts everything back.
 */
export function guardProcess(settings: GuardSettings): () => void {
  const undo: (() => void)[] = [];

  const folder = process.cwd();
  if (folder !== settings.workDir) {
    process.chdir(settings.workDir);
    undo.push(() => {
      process.chdir(folder);
    });
  }

  const argv = process.argv;
  process.argv = [argv[0] ?? "node", settings.argument];
  undo.push(() => {
    process.argv = argv;
  });

  for (const event of errorEvents) {
    // Listeners of the host, a test runner for example, would report the program's errors as their own.
    const listeners = process.rawListeners(event) as ((...args: unknown[]) => void)[];
    process.removeAllListeners(event);
    const listener = (error: unknown): void => {
      settings.uncaught(error);
    };
    process.on(event, listener);
    undo.push(() => {
      process.off(event, listener);
      for (const former of listeners) process.on(event, former);
    });
  }

  for (const [method, severity] of Object.entries(consoleMethods) as [
    keyof typeof consoleMethods,
    "info" | "warning",
  ][]) {
    const original = console[method].bind(console);
    const former = Object.getOwnPropertyDescriptor(console, method);
    console[method] = (...values: unknown[]) => {
      if (settings.isProgram()) settings.printed(severity, format(...values));
      else original(...values);
    };
    undo.push(() => {
      if (former !== undefined) Object.defineProperty(console, method, former);
    });
  }

  for (const [stream, severity] of [
    [process.stdout, "info"],
    [process.stderr, "warning"],
  ] as const) {
    const original = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    const own = Object.getOwnPropertyDescriptor(stream, "write");
    stream.write = (chunk: unknown, ...rest: unknown[]) => {
      if (!settings.isProgram()) return original(chunk, ...rest);
      settings.printed(
        severity,
        (typeof chunk === "string" ? chunk : Buffer.from(chunk as Uint8Array).toString()).trimEnd(),
      );
      return true;
    };
    undo.push(() => {
      if (own === undefined) Reflect.deleteProperty(stream, "write");
      else Object.defineProperty(stream, "write", own);
    });
  }

  // Kept as it is, not bound, so that the very same function goes back.
  const exit = Object.getOwnPropertyDescriptor(process, "exit");
  const leave = process.exit.bind(process);
  process.exit = (code?: number | string | null): never => {
    if (!settings.isProgram()) return leave(code);
    settings.exit(Number(code ?? process.exitCode ?? 0));
    throw new ProgramExit();
  };
  undo.push(() => {
    if (exit !== undefined) Object.defineProperty(process, "exit", exit);
  });

  return () => {
    for (const step of undo.reverse()) step();
  };
}

/** Unwinds a program that asked to end the process. */
export class ProgramExit extends Error {}
