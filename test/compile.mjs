import { globSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";

export const root = resolve(import.meta.dirname, "..");

/** Folders of the workspaces that are published. */
export const packages = [...globSync("packages/*", { cwd: root }).sort(), "policies"];

/** Compiles the TypeScript of one folder to CommonJS, file by file, and returns the files written. Types are not looked at. */
export async function compile({ folder, outdir, pattern = "**/*.{ts,tsx}", sourcemap = true }) {
  const entryPoints = globSync(pattern, { cwd: folder })
    .filter((file) => !/\.(test|bench|fixture)\.tsx?$/.test(file))
    .map((file) => resolve(folder, file));
  const { metafile } = await build({
    entryPoints,
    outdir,
    outbase: folder,
    absWorkingDir: root,
    format: "cjs",
    platform: "node",
    target: "node20",
    sourcemap,
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "warning",
    metafile: true,
  });
  return Object.keys(metafile.outputs).map((file) => resolve(root, file));
}
