// Compiles every workspace to CommonJS in its dist folder. Types are checked by `npm run typecheck`; compiling apart from
// checking keeps `npm ci && npm start` a matter of seconds. A build that fails leaves the last good one in place.
import { globSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";

const root = resolve(import.meta.dirname, "..");
const sources = [...globSync("packages/*/src", { cwd: root }), "policies/src", "stacks"];

await Promise.all(
  sources.map(async (source) => {
    const folder = resolve(root, source);
    const outdir = source === "stacks" ? resolve(folder, "dist") : resolve(folder, "../dist");
    const pattern = source === "stacks" ? "*.ts" : "**/*.{ts,tsx}";
    const entryPoints = globSync(pattern, { cwd: folder })
      .filter((file) => !/\.(test|bench)\.tsx?$/.test(file))
      .map((file) => resolve(folder, file));
    const { metafile } = await build({
      entryPoints,
      outdir,
      outbase: folder,
      absWorkingDir: root,
      format: "cjs",
      platform: "node",
      target: "node20",
      sourcemap: true,
      jsx: "automatic",
      jsxImportSource: "preact",
      logLevel: "warning",
      metafile: true,
    });
    const fresh = new Set(Object.keys(metafile.outputs).map((file) => resolve(root, file)));
    for (const old of globSync("**/*.{js,js.map}", { cwd: outdir }).map((file) => resolve(outdir, file))) {
      if (!fresh.has(old)) rmSync(old);
    }
  }),
);
