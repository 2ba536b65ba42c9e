import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { BadInput } from "./exit-code";

/**
 * Writes a whole folder of files or nothing: the files are written beside the target first and then moved in one step, so
 * that a reader never sees half a report, and a run that fails leaves the last good one in place.
 */
export function writeOutput(folder: string, files: ReadonlyMap<string, string>): void {
  const target = resolve(folder);
  try {
    mkdirSync(dirname(target), { recursive: true });
    const fresh = mkdtempSync(`${target}.new-`);
    try {
      for (const [path, content] of files) {
        const file = join(fresh, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
      }
      const old = `${fresh}.old`;
      const moved = moveIfThere(target, old);
      renameSync(fresh, target);
      if (moved) rmSync(old, { recursive: true, force: true });
    } catch (error) {
      rmSync(fresh, { recursive: true, force: true });
      throw error;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadInput(`cannot write to ${folder}: ${reason}; choose another folder with --out`);
  }
}

function moveIfThere(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
