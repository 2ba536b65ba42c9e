// Compiles every workspace to CommonJS in its dist folder. Types are checked by `npm run typecheck`; compiling apart from
// checking keeps `npm ci && npm start` a matter of seconds. A build that fails leaves the last good one in place.
import { globSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { compile, packages, root } from "./compile.mjs";

const jobs = [
  ...packages.map((folder) => ({ folder: resolve(root, folder, "src"), outdir: resolve(root, folder, "dist") })),
  { folder: resolve(root, "stacks"), outdir: resolve(root, "stacks/dist"), pattern: "*.ts" },
];

await Promise.all(
  jobs.map(async (job) => {
    const fresh = new Set(await compile(job));
    for (const old of globSync("**/*.{js,js.map}", { cwd: job.outdir }).map((file) => resolve(job.outdir, file))) {
      if (!fresh.has(old)) rmSync(old);
    }
  }),
);
