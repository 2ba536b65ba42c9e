import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "@holdfast/cli";
import { findMotoServer, findTerraformAws, type CloudAccount } from "@holdfast/testing";
import pico from "picocolors";
import { describe, expect, it, type TestContext } from "vitest";
import { ProjectCopy, root } from "../project-copy";
import { realEngine } from "./real-engine";

interface Report {
  readonly passed: boolean;
  readonly cloud: CloudAccount;
  readonly steps: readonly {
    readonly name: string;
    readonly counts: Readonly<Record<string, number>>;
    readonly summary: string;
    readonly details: Readonly<Record<string, readonly string[]>>;
    readonly checks: readonly { readonly what: string; readonly ok: boolean; readonly detail: string }[];
  }[];
}

/** With both, the rehearsal makes its resources in an emulator and empties it at the end. */
const emulated = findMotoServer() !== undefined && findTerraformAws() !== undefined;
/** A limit against a hang, not against a busy machine. */
const limitMs = 20 * 60_000;

async function rehearse(context: TestContext, project: string, stack: string) {
  await realEngine(context);
  const copy = new ProjectCopy();
  context.onTestFinished(() => {
    copy.remove();
  });
  const out = join(copy.folder, "report");
  let text = "";
  const write = (more: string) => {
    text += more;
  };
  const terminal = { out: write, err: write, colours: pico.createColors(false), progress: () => undefined };
  const code = await run(["node", "holdfast", "rehearse", stack, "--cwd", project, "--out", out], terminal);
  const report = JSON.parse(readFileSync(join(out, "rehearsal.json"), "utf8")) as Report;
  const failed = report.steps.flatMap(({ name, checks }) =>
    checks.filter(({ ok }) => !ok).map(({ what, detail }) => `${name}: ${what}: ${detail}`),
  );
  return { code, text, out, report, failed };
}

describe("holdfast rehearse", () => {
  it(
    "takes dev through its whole life",
    async (context) => {
      const { code, report, failed, text, out } = await rehearse(context, root, "dev");
      expect(failed).toEqual([]);
      expect(code).toBe(0);
      expect(report.steps.map(({ name }) => name)).toEqual([
        "preview",
        "up",
        "refresh",
        "up again",
        "update preview",
        "update",
        "destroy",
        "secrets",
        ...(emulated ? ["clear up"] : []),
      ]);
      const { resources, created, destroyed } = report.cloud;
      expect(created / resources).toBeGreaterThanOrEqual(emulated ? 0.85 : 0);
      expect(destroyed).toBe(created);
      const of = (name: string) => report.steps.find((step) => step.name === name)?.counts ?? {};
      expect(of("up").create).toBeGreaterThan(300);
      expect(of("update").update).toBeGreaterThan(0);
      // A host's file is a new object under a new key when its content changes; nothing else is replaced.
      const changed = report.steps.find(({ name }) => name === "update")?.details.changed ?? [];
      const replaced = changed.filter((line) => /^(replace|create-replacement|delete-replaced) /.test(line));
      expect(replaced.filter((line) => !line.includes("aws:s3/bucketObjectv2:"))).toEqual([]);
      expect(text).toContain("stand-in: aws");
      expect(readFileSync(join(out, "events/02-up.jsonl"), "utf8").split("\n").length).toBeGreaterThan(600);
    },
    limitMs,
  );

  it(
    "finds secrets that get out, and only those",
    async (context) => {
      const project = join(__dirname, "programs/secrets");
      const careful = await rehearse(context, project, "careful");
      expect(careful.failed).toEqual([]);
      expect(careful.report.steps.find(({ name }) => name === "secrets")?.summary).toMatch(
        /^2 secret values looked for .* nowhere in clear$/,
      );
      const careless = await rehearse(context, project, "careless");
      expect(careless.code).toBe(1);
      expect(careless.failed.join("\n")).toMatch(
        /secrets: no secret is in clear: rehearsed-secrets:password in state\//,
      );
      expect(careless.failed.join("\n")).not.toContain("nested in");
    },
    limitMs,
  );
});
