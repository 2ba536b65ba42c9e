import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";

/** A program and everything that it starts. */
export interface ProcessGroup {
  readonly child: ChildProcessWithoutNullStreams;
  /** Kills whatever still runs of it, and waits until the last has let go of the output: then nothing writes any more. */
  end(): Promise<void>;
}

/** Starts a program as the head of a process group, so that what it has started can be ended with it. */
export function startGroup(
  file: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): ProcessGroup {
  const child = spawn(file, args, { ...options, detached: true });
  const closed = once(child, "close");
  return {
    child,
    async end() {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // Nothing of it is left.
      }
      await closed;
    },
  };
}
