import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, type PlanDocument, type Terminal } from "@holdfast/cli";
import { evaluatePolicies, proveExposure } from "@holdfast/policies";
import { planProgram, readStackConfig } from "@holdfast/testing";
import pico from "picocolors";
import { afterAll, describe, expect, it } from "vitest";
import { expected } from "./expected-findings";
import { told, type Judged } from "./told";

// Programs of other people, as they write them: nothing of ours in them.
const programs = join(__dirname, "../foreign");
const out = mkdtempSync(join(tmpdir(), "holdfast-foreign-"));
afterAll(() => {
  rmSync(out, { recursive: true, force: true });
});

async function holdfast(...args: string[]): Promise<{ code: number; text: string; err: string }> {
  let text = "";
  let err = "";
  const terminal: Terminal = {
    out: (more) => (text += more),
    err: (more) => (err += more),
    colours: pico.createColors(false),
    progress: () => undefined,
  };
  const code = await run(["node", "holdfast", ...args], terminal);
  return { code, text, err };
}

describe("programs of other people", () => {
  it("are five, each with a clean twin, and all of them are judged here", () => {
    const folders = readdirSync(programs, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
    expect(folders.sort()).toEqual(Object.keys(expected).sort());
    const twins = folders.filter((folder) => folder.endsWith("-clean")).map((folder) => folder.replace("-clean", ""));
    expect(folders.filter((folder) => !folder.endsWith("-clean"))).toEqual(twins);
    expect(twins).toHaveLength(5);
  });

  it.each(Object.entries(expected))("%s: rules and proof say exactly what is wrong with it", async (folder, wanted) => {
    const { graph, diagnostics } = await planProgram(readStackConfig(join(programs, folder), "demo"));
    expect(diagnostics).toEqual([]);
    const exposure = proveExposure(graph);
    const { findings } = evaluatePolicies(graph, { exposure });
    const judged = JSON.parse(JSON.stringify({ findings, exposure })) as Judged;
    expect(told(judged)).toEqual({ ...wanted, findings: [...wanted.findings].sort() });
  });

  it.each(Object.entries(expected))("%s: holdfast plan and holdfast check say the same", async (folder, wanted) => {
    const files = join(out, folder);
    const blocked = wanted.findings.some((finding) => finding.includes(" mandatory ")) ? 1 : 0;
    const planned = await holdfast("plan", "demo", "--cwd", join(programs, folder), "--out", files);
    expect([planned.code, planned.err]).toEqual([blocked, ""]);
    const plan = JSON.parse(readFileSync(join(files, "plan.json"), "utf8")) as PlanDocument;
    expect(told(plan)).toEqual({ ...wanted, findings: [...wanted.findings].sort() });
    const checked = await holdfast("check", join(files, "plan.json"), "--json", "--out", join(out, `${folder}-check`));
    expect([checked.code, checked.err]).toEqual([blocked, ""]);
    expect(JSON.parse(checked.text)).toEqual({ exposure: plan.exposure, findings: plan.findings });
  });
});
