import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BadInput } from "./exit-code";
import { writeOutput } from "./write-output";

describe("writeOutput", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "holdfast-out-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("writes every file, with its folders, in place of what an earlier run left of its own", () => {
    const out = join(folder, "out/prod");
    const owned = ["plan.json", "comparison.json", "rendered"];
    writeOutput(
      out,
      new Map([
        ["plan.json", "old"],
        ["comparison.json", "old"],
        ["rendered/old", "old"],
      ]),
      owned,
    );
    writeOutput(
      out,
      new Map([
        ["plan.json", "{}"],
        ["rendered/a/b", "text"],
      ]),
      owned,
    );
    expect(readdirSync(out, { recursive: true }).sort()).toEqual([
      "plan.json",
      "rendered",
      "rendered/a",
      "rendered/a/b",
    ]);
    expect(readFileSync(join(out, "plan.json"), "utf8")).toBe("{}");
    expect(readFileSync(join(out, "rendered/a/b"), "utf8")).toBe("text");
  });

  it("leaves alone what others put into the folder", () => {
    mkdirSync(join(folder, "rehearsal"));
    writeFileSync(join(folder, "rehearsal/rehearsal.md"), "another report");
    writeFileSync(join(folder, "notes.txt"), "somebody's");
    writeOutput(folder, new Map([["plan.json", "{}"]]), ["plan.json", "rendered"]);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
      "notes.txt",
      "plan.json",
      "rehearsal",
      "rehearsal/rehearsal.md",
    ]);
  });

  it("leaves the last good report and nothing else when it fails", () => {
    const out = join(folder, "prod");
    writeOutput(out, new Map([["plan.json", "good"]]), ["plan.json"]);
    // A file cannot also be a folder.
    const impossible = new Map([
      ["a", "file"],
      ["a/b", "below a file"],
    ]);
    expect(() => {
      writeOutput(out, impossible, ["plan.json"]);
    }).toThrow(BadInput);
    expect(readFileSync(join(out, "plan.json"), "utf8")).toBe("good");
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(["prod", "prod/plan.json"]);
  });

  it("says what to do when it may not write", () => {
    const file = join(folder, "taken");
    writeFileSync(file, "");
    mkdirSync(join(folder, "x"));
    expect(() => {
      writeOutput(join(file, "out"), new Map([["a", ""]]), []);
    }).toThrow(/cannot write to .*; choose another folder with --out/);
  });
});
