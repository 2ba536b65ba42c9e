import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { builtPulumi, type BuildProgress, buildPulumi, findGo, pulumiVersion } from "./build-pulumi";

/** The Pulumi command line that a rehearsal uses. */
export interface PulumiCli {
  readonly file: string;
  readonly version: string;
  /** Found on PATH, found among the programs that were built earlier, or built just now. */
  readonly origin: "PATH" | "cache" | "built now";
  /** The official language host for Node.js lies beside it, or on the PATH where the command line itself was found. */
  readonly hasLanguageHost: boolean;
  /** How long the build took, milliseconds. */
  readonly buildMs?: number;
}

/** There is no Pulumi command line and no way to get one. */
export class NoPulumi extends Error {}

const languageHost = "pulumi-language-nodejs";

/** The oldest command line that has every option a rehearsal uses. */
const oldest = [3, 200, 0];

/** The Pulumi command line on PATH, or the one that was built earlier; `undefined` when there is neither. */
export function findPulumi(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): PulumiCli | undefined {
  const onPath = findOnPath("pulumi", environment.PATH ?? "");
  if (onPath !== undefined) {
    const version = versionOf(onPath);
    if (version !== undefined && isRecent(version)) {
      const hasLanguageHost = isInstalledWith(onPath, environment.PATH ?? "");
      return { ...describe(onPath, version, "PATH"), hasLanguageHost };
    }
  }
  const built = builtPulumi(environment);
  return existsSync(built) ? describe(built, pulumiVersion, "cache") : undefined;
}

/** The same, but builds it from its published Go module when it is not there. Takes minutes, once per user and version. */
export async function obtainPulumi(progress: (at: BuildProgress) => void): Promise<PulumiCli> {
  const found = findPulumi();
  if (found !== undefined) return found;
  const go = findGo();
  if (go === undefined) {
    throw new NoPulumi(
      "no Pulumi command line: install it (https://www.pulumi.com/docs/install/), or install Go 1.26 or newer (https://go.dev/dl/), with which it is built from its published module",
    );
  }
  const start = performance.now();
  const file = await buildPulumi(go, progress);
  return { ...describe(file, pulumiVersion, "built now"), buildMs: performance.now() - start };
}

/** A program in the folders of PATH. */
export function findOnPath(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

function describe(file: string, version: string, origin: PulumiCli["origin"]): PulumiCli {
  return { file, version, origin, hasLanguageHost: existsSync(join(dirname(file), languageHost)) };
}

/** The engine looks beside its own file, whatever link led to it, and on the PATH. */
function isInstalledWith(pulumi: string, path: string): boolean {
  const folders = [dirname(realpathSync(pulumi)), path].join(delimiter);
  return findOnPath(languageHost, folders) !== undefined;
}

function versionOf(file: string): string | undefined {
  try {
    const text = execFileSync(file, ["version"], {
      encoding: "utf8",
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    return /^v?(\d+\.\d+\.\d+)/.exec(text.trim())?.[1];
  } catch {
    return undefined;
  }
}

function isRecent(version: string): boolean {
  const parts = version.split(".").map(Number);
  for (const [index, least] of oldest.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
