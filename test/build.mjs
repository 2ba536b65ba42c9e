// Compiles every workspace to CommonJS in its dist folder. Types are checked by `npm run typecheck`; compiling apart from
// checking keeps `npm ci && npm start` a matter of seconds.
import { globSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";

const root = resolve(import.meta.dirname, "..");
const workspaces = [...globSync("packages/*/src", { cwd: root }), "policies/src"];

await Promise.all(
  workspaces.map(async (source) => {
    const outdir = resolve(root, source, "../dist");
    rmSync(outdir, { recursive: true, force: true });
    await build({
      entryPoints: globSync(`${source}/**/*.{ts,tsx,json}`, { cwd: root })
        .filter((file) => !/\.(test|bench)\.tsx?$/.test(file) && !file.endsWith(".json"))
        .map((file) => resolve(root, file)),
      outdir,
      outbase: resolve(root, source),
      format: "cjs",
      platform: "node",
      target: "node20",
      sourcemap: true,
      jsx: "automatic",
      jsxImportSource: "preact",
      logLevel: "warning",
    });
  }),
);
await build({ entryPoints: [resolve(root, "stacks/index.ts")], outdir: resolve(root, "stacks/dist"), format: "cjs", platform: "node", target: "node20", sourcemap: true, logLevel: "warning" });
