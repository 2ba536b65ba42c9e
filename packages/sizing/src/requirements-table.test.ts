import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(__dirname, "../../..");
const page = readFileSync(resolve(root, "docs/sizing-requirements.md"), "utf8");
const rows = page
  .split("\n")
  .map((line) => /^\| ([A-Z]+-[A-Z]?\d+) +\| (.*?) *\|$/.exec(line))
  .flatMap((found) => (found === null ? [] : [{ row: found[1] ?? "", held: found[2] ?? "" }]));
const entries = rows.flatMap(({ row, held }) =>
  [...held.matchAll(/`([^`]+\.test\.ts)`: "([^"]+)"/g)].map((found) => [row, found[1] ?? "", found[2] ?? ""] as const),
);
const numbers = (prefix: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `${prefix}${String(from + i).padStart(2, "0")}`);

describe("docs/sizing-requirements.md", () => {
  it("has every row of sizing once", () => {
    expect(rows.map(({ row }) => row)).toEqual([
      ...numbers("V-", 1, 8),
      ...numbers("SIZ-R", 1, 22),
      ...numbers("GPU-R", 1, 13),
      ...numbers("MOD-R", 20, 46),
      "APP-R02",
      "APP-R03",
      "APP-R14",
      "GOV-R01",
      "GOV-R02",
      "GOV-R03",
    ]);
  });

  it.each(entries)("%s is held by %s: %s", (_, file, name) => {
    expect(existsSync(resolve(root, file))).toBe(true);
    expect(readFileSync(resolve(root, file), "utf8")).toContain(name);
  });
});
