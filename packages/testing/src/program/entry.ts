import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";

/** Where a program starts and how it has to be loaded. */
export interface Entry {
  /** The file to load. */
  readonly file: string;
  /** The folder it runs in when nothing else is said. */
  readonly folder: string;
  /** A native ES module, which only a process of its own can load afresh. */
  readonly esModule: boolean;
}

const indexFiles = ["index.js", "index.cjs", "index.ts", "index.mjs", "index.mts"];

/** Finds a program the way Pulumi does: the file itself, or in a folder what package.json names, or an index file. */
export function findEntry(main: string): Entry {
  const path = resolve(main);
  if (!existsSync(path))
    throw new Error(`no program at ${path}; main must be a file, or a folder with a package.json or an index file`);
  if (!statSync(path).isDirectory()) return { file: path, folder: dirname(path), esModule: isEsModule(path) };
  const named = entryOfManifest(path);
  const file = [...(named === undefined ? [] : [named]), ...indexFiles.map((name) => join(path, name))].find(
    (candidate) => existsSync(candidate),
  );
  if (file === undefined)
    throw new Error(
      `no program in ${path}; looked for ${[...(named === undefined ? [] : [named]), ...indexFiles].join(", ")}`,
    );
  return { file, folder: path, esModule: isEsModule(file) };
}

interface Manifest {
  readonly main?: string;
  readonly type?: string;
  readonly exports?: string | Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

function readManifest(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  } catch {
    return undefined;
  }
}

function entryOfManifest(folder: string): string | undefined {
  const manifest = readManifest(folder);
  const root = typeof manifest?.exports === "string" ? manifest.exports : manifest?.exports?.["."];
  const entry = typeof root === "object" ? (root.default ?? root.require ?? root.import) : (root ?? manifest?.main);
  return entry === undefined ? undefined : join(folder, entry);
}

function isEsModule(file: string): boolean {
  const kind = extname(file);
  if (kind === ".mjs" || kind === ".mts") return true;
  if (kind === ".cjs" || kind === ".cts") return false;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = readManifest(folder);
    if (manifest !== undefined) return manifest.type === "module";
    if (folder === dirname(folder)) return false;
  }
}
