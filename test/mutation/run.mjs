// `npm run mutation`: installs the mutation tester in this folder, then runs it over all arithmetic of sizing and writes the table in
// packages/sizing/data/mutation.md. Names of files run these alone and put their rows into the table: `npm run mutation -- weights search`.
// What starts with a dash goes to Stryker.
import { spawnSync } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { basename, resolve } from "node:path";
import { writeTable } from "./table.mjs";

const here = import.meta.dirname;
const root = resolve(here, "../..");
const run = (command, args, cwd) => spawnSync(command, args, { cwd, stdio: "inherit" }).status ?? 1;

const stryker = resolve(here, "node_modules/@stryker-mutator/core/bin/stryker.js");
if (!existsSync(stryker) && run("npm", ["ci", "--ignore-scripts"], here) !== 0) process.exit(1);

const names = process.argv.slice(2).filter((one) => !one.startsWith("-"));
const options = process.argv.slice(2).filter((one) => one.startsWith("-"));
const sources = globSync("packages/{sizing,catalog}/src/**/*.ts", { cwd: root });
const files = names.map((name) => {
  const found = sources.filter((file) => basename(file, ".ts") === name);
  if (found.length === 1) return found[0];
  console.error(`${name}: ${found.length} files of that name, give one of packages/{sizing,catalog}/src without .ts`);
  process.exit(2);
});
const mutate = files.length === 0 ? [] : ["--mutate", files.join(",")];
// Stryker's own verdict is about what it ran; the table's is about all arithmetic.
run(process.execPath, [stryker, "run", "test/mutation/stryker.config.mjs", ...mutate, ...options], root);
process.exit(await writeTable(root));
