import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "@holdfast/cli";
import { findMotoServer, findTerraformAws, type CloudAccount } from "@holdfast/testing";
import pico from "picocolors";
import type { TestContext } from "vitest";
import { ProjectCopy } from "../project-copy";
import { realEngine } from "./real-engine";

/** What is read here of a rehearsal's report. */
export interface Report {
  readonly passed: boolean;
  readonly cloud: CloudAccount;
  readonly steps: readonly {
    readonly name: string;
    readonly durationMs: number;
    readonly counts: Readonly<Record<string, number>>;
    readonly summary: string;
    readonly details: Readonly<Record<string, readonly string[]>>;
    readonly checks: readonly { readonly what: string; readonly ok: boolean; readonly detail: string }[];
  }[];
}

/** Whether this machine has the real AWS provider and an emulator to make its resources in. */
export const emulated = findMotoServer() !== undefined && findTerraformAws() !== undefined;

/** The steps of a whole life, in their order. */
export const wholeLife: readonly string[] = [
  ...["preview", "up", "refresh", "up again", "update preview", "update", "destroy", "secrets"],
];

/** Runs `holdfast rehearse`; what tells a failure is printed when the test fails. */
export async function rehearse(context: TestContext, project: string, stack: string, ...options: readonly string[]) {
  await realEngine(context);
  const copy = new ProjectCopy();
  const out = join(copy.folder, "report");
  let text = "";
  context.onTestFailed(() => {
    const log = join(out, "events/moto.log");
    console.error(`${text}\n${existsSync(log) ? readFileSync(log, "utf8") : ""}`);
  });
  context.onTestFinished(() => {
    copy.remove();
  });
  const write = (more: string) => {
    text += more;
  };
  const terminal = { out: write, err: write, colours: pico.createColors(false), progress: () => undefined };
  const args = ["rehearse", stack, "--cwd", project, "--out", out, ...options];
  const code = await run(["node", "holdfast", ...args], terminal);
  const report = JSON.parse(readFileSync(join(out, "rehearsal.json"), "utf8")) as Report;
  const failed = report.steps.flatMap(({ name, checks }) =>
    checks.filter(({ ok }) => !ok).map(({ what, detail }) => `${name}: ${what}: ${detail}`),
  );
  const times = report.steps.map(({ name, durationMs }) => `${name} ${Math.round(durationMs / 1000)} s`).join(", ");
  return { code, text, out, report, failed, times };
}
