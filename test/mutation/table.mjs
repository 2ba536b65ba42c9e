// The table of the mutation run: a row for each file, the rows of files that did not run now kept as they were.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "prettier";

/** Of all arithmetic, and of any one file: per cent of mutants that a test sees. */
const least = { all: 85, file: 75 };
const columns = ["killed", "timeout", "survived", "uncovered"];
const statuses = { Killed: "killed", Timeout: "timeout", Survived: "survived", NoCoverage: "uncovered" };

const tested = (row) => columns.reduce((sum, name) => sum + row[name], 0);
const score = (row) => (100 * (row.killed + row.timeout)) / Math.max(1, tested(row));

/** `ran` is the commit that the report is of, where it is not the one that is checked out. */
export async function writeTable(root, ran) {
  const report = resolve(root, "out/mutation/report.json");
  const table = resolve(root, "packages/sizing/data/mutation.md");
  if (!existsSync(report)) return 1;
  const rows = new Map(readRows(table).map((row) => [row.file, row]));
  const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  const changed =
    git("status", "--porcelain", "--", "packages/sizing/src", "packages/catalog/src", "test/mutation") !== "";
  const commit = ran ?? `${git("rev-parse", "--short", "HEAD")}${changed ? " + changes" : ""}`;
  for (const [file, { mutants }] of Object.entries(JSON.parse(readFileSync(report, "utf8")).files)) {
    const row = {
      file,
      killed: 0,
      timeout: 0,
      survived: 0,
      uncovered: 0,
      commit,
    };
    for (const { status } of mutants) if (statuses[status] !== undefined) row[statuses[status]]++;
    if (tested(row) > 0) rows.set(file, row);
  }
  rmSync(report);
  const sorted = [...rows.values()]
    .filter(({ file }) => existsSync(resolve(root, file)))
    .toSorted((one, other) => one.file.localeCompare(other.file));
  const all = { file: "**all**", commit: "" };
  for (const name of columns) all[name] = sorted.reduce((sum, row) => sum + row[name], 0);
  const lines = [...sorted, all].map((row) =>
    [row.file, tested(row), ...columns.map((name) => row[name]), `${score(row).toFixed(1)} %`, row.commit].join(" | "),
  );
  const text = [
    "# Mutants of the arithmetic",
    "",
    "Written by `npm run mutation`; `npm run mutation -- NAME...` runs files by name and replaces their rows. Each mutant is one change of",
    "one expression (Stryker; no changes of texts, nor of constants at the head of a file). Killed: a test fails. Timeout: a loop does not",
    "end. A snapshot of our own output kills nothing here, properties run a tenth of their cases with a fixed seed, and whole searches and",
    "long simulations are left out (`test/mutation/stryker.config.mjs`).",
    "",
    "| File | Mutants | Killed | Timeout | Survived | Not covered | Score | Commit |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...lines.map((line) => `| ${line} |`),
    "",
  ].join("\n");
  writeFileSync(table, await format(text, { parser: "markdown", printWidth: 140 }));
  const low = sorted.filter((row) => score(row) < least.file).map((row) => `${row.file} ${score(row).toFixed(1)} %`);
  console.log(`${tested(all)} mutants in ${sorted.length} files, ${score(all).toFixed(1)} % seen by a test`);
  if (score(all) < least.all) console.error(`below ${least.all} % over all`);
  if (low.length > 0) console.error(`below ${least.file} %: ${low.join(", ")}`);
  return score(all) < least.all || low.length > 0 ? 1 : 0;
}

function readRows(table) {
  if (!existsSync(table)) return [];
  return readFileSync(table, "utf8")
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter((cells) => cells[1]?.startsWith("packages/"))
    .map(([, file, , killed, timeout, survived, uncovered, , commit]) => ({
      file,
      killed: Number(killed),
      timeout: Number(timeout),
      survived: Number(survived),
      uncovered: Number(uncovered),
      commit,
    }));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exit(await writeTable(resolve(import.meta.dirname, "../..")));
