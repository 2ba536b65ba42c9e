import { createHash } from "node:crypto";
import type { HostFile, Problem } from "@holdfast/core";

/** A file of a host as the bootstrap sees it. */
export interface ManifestEntry {
  readonly path: string;
  /** Octal, four digits. */
  readonly mode: string;
  /** `user:group`. */
  readonly owner: string;
  readonly sha256: string;
  /** Key of the object in the configuration bucket. */
  readonly key: string;
  readonly file: HostFile;
}

/** Directories that no file may be put into: they are not on disk, or not ours. */
const foreign = ["/proc/", "/sys/", "/dev/", "/run/", "/tmp/", "/boot/", "/root/.ssh/"];

/** The manifest of a pool's files, by path. */
export function hostManifest(pool: string, files: readonly HostFile[]): ManifestEntry[] {
  return [...files]
    .sort((one, other) => (one.path < other.path ? -1 : 1))
    .map((file) => {
      const sha256 = createHash("sha256").update(file.content, "utf8").digest("hex");
      return {
        path: file.path,
        mode: file.mode ?? "0644",
        owner: file.owner ?? "root:root",
        sha256,
        key: objectKey(pool, file.path, sha256),
        file,
      };
    });
}

/** Where a file of a pool lies in the bucket. The bootstrap composes the same key from the manifest's line. */
export function objectKey(pool: string, path: string, sha256: string): string {
  return `hosts/${pool}${path}/${sha256}`;
}

/** The text the bootstrap reads: hash, mode, owner and path, one file a line. */
export function manifestText(entries: readonly ManifestEntry[]): string {
  return entries.map(({ sha256, mode, owner, path }) => `${sha256} ${mode} ${owner} ${path}\n`).join("");
}

/** What is wrong with a pool's files. `reserved` are the paths that the pool itself delivers. */
export function hostFileProblems(files: readonly HostFile[], reserved: readonly string[]): Problem[] {
  return files.flatMap(({ path, mode = "0644", owner = "root:root" }, index) => {
    const at = `files[${index}]`;
    const problems: Problem[] = [];
    const bad = (field: string, reason: string) => problems.push({ path: `${at}.${field}`, reason });
    if (!/^(\/[A-Za-z0-9_@+-][A-Za-z0-9._@+-]*)+$/.test(path))
      bad("path", `must be an absolute path of plain characters, got "${path}"`);
    const inside = foreign.find((directory) => path.startsWith(directory));
    if (inside !== undefined) bad("path", `must not be under ${inside}, got "${path}"`);
    if (reserved.includes(path)) bad("path", `"${path}" belongs to the pool itself; use another path`);
    if (files.findIndex((other) => other.path === path) !== index)
      bad("path", `"${path}" is there twice; deliver each file once`);
    if (!/^0[0-7]{3}$/.test(mode))
      bad("mode", `must be four octal digits without special bits, such as 0644, got "${mode}"`);
    else if ((Number.parseInt(mode, 8) & 0o002) !== 0) bad("mode", `must not let everybody write, got "${mode}"`);
    if (!/^[a-z_][a-z0-9_-]*:[a-z_][a-z0-9_-]*$/.test(owner)) bad("owner", `must be user:group, got "${owner}"`);
    return problems;
  });
}
