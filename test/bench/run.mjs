// Compiles the benchmarks and runs them: `npm run bench`. The table goes to standard output, the figures to out/bench.json.
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { build } from "esbuild";

const root = resolve(import.meta.dirname, "../..");
const outfile = resolve(root, "out/bench/bench.js");
mkdirSync(resolve(root, "out/bench"), { recursive: true });
await build({
  entryPoints: [resolve(import.meta.dirname, "bench.ts")],
  outfile,
  bundle: true,
  // The packages are measured as they are shipped, not as bundled here.
  packages: "external",
  format: "cjs",
  platform: "node",
  target: "node20",
  logLevel: "warning",
});
await createRequire(import.meta.url)(outfile).bench(root);
