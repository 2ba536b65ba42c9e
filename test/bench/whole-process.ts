import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

export interface ProcessTiming {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakMiB: number;
}

/** Runs the command line once as its users do, and measures the process from outside. */
export function timeProcess(root: string, args: readonly string[]): Promise<ProcessTiming> {
  const start = performance.now();
  const report =
    "process.on('exit',()=>{const u=process.resourceUsage();process.stderr.write('\\n@usage '+JSON.stringify(u))})";
  const hook = `data:text/javascript,${encodeURIComponent(report)}`;
  const child = spawn(join(root, "packages/cli/bin/holdfast.js"), args, {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      ...process.env,
      NODE_OPTIONS: `--import ${hook}`,
      PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH ?? ""}`,
    },
  });
  let said = "";
  child.stderr.on("data", (part: Buffer) => (said += part.toString("utf8")));
  return new Promise((settle, fail) => {
    child.on("close", (code) => {
      const wallMs = performance.now() - start;
      const usage = /@usage (\{.*\})/.exec(said)?.[1];
      if (code !== 0 || usage === undefined) {
        fail(new Error(`holdfast ${args.join(" ")} ended with ${String(code)}: ${said}`));
        return;
      }
      const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(usage) as Record<
        "userCPUTime" | "systemCPUTime" | "maxRSS",
        number
      >;
      settle({ wallMs, cpuMs: (userCPUTime + systemCPUTime) / 1000, peakMiB: maxRSS / 1024 });
    });
  });
}

/** Median of some figures. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Whether the command line is compiled. */
export function isBuilt(root: string): boolean {
  return existsSync(join(root, "packages/cli/dist/main.js"));
}
