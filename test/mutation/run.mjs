// `npm run mutation`: installs the mutation tester in this folder, then runs it over the project. Arguments go to Stryker,
// for example `npm run mutation -- --mutate packages/sizing/src/weights.ts`.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";

const here = import.meta.dirname;
const root = resolve(here, "../..");
const run = (command, args, cwd) => {
  const { status } = spawnSync(command, args, { cwd, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
};

const stryker = resolve(here, "node_modules/@stryker-mutator/core/bin/stryker.js");
if (!existsSync(stryker)) run("npm", ["ci", "--ignore-scripts"], here);
run(process.execPath, [stryker, "run", "test/mutation/stryker.config.mjs", ...process.argv.slice(2)], root);
