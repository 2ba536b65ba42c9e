import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { run } from "@holdfast/cli";
import { findPulumi } from "@holdfast/testing";
import pico from "picocolors";
import { afterEach, beforeEach, expect, it, vi, type TestContext } from "vitest";
import { root } from "../project-copy";
import { realEngine } from "./real-engine";

// Today's official language host and plugins cannot be had from a public module. In their place stand programs under their names that
// write down that they were started, and then do the work: so that it is seen that they are chosen where they are installed.

const compiled = join(root, "packages/testing/dist/rehearsal");
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-official-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function program(path: string, body: string): void {
  const file = join(folder, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho started >>"${join(folder, "log")}"\n${body}\n`);
  chmodSync(file, 0o755);
}
const started = () =>
  existsSync(join(folder, "log")) ? readFileSync(join(folder, "log"), "utf8").match(/started/g) : [];

interface Report {
  readonly passed: boolean;
  readonly pulumi: { readonly origin: string };
  readonly standIns: readonly string[];
  readonly officialPlugins: readonly string[];
  readonly steps: readonly { readonly name: string; readonly checks: readonly { ok: boolean; detail: string }[] }[];
}

async function rehearse(stack: string): Promise<{ report: Report; text: string }> {
  let text = "";
  const write = (more: string) => (text += more);
  const out = join(folder, "report");
  await run(
    ["node", "holdfast", "rehearse", stack, "--cloud", "structural", "--out", out].concat(
      ...["--cwd", join(__dirname, "programs/random")],
    ),
    { out: write, err: write, colours: pico.createColors(false), progress: () => undefined },
  );
  return { report: JSON.parse(readFileSync(join(out, "rehearsal.json"), "utf8")) as Report, text };
}

/** A Pulumi on the PATH, as its installer leaves it: a language host lies beside it. */
async function installedPulumi(context: TestContext): Promise<void> {
  const { file } = await realEngine(context);
  mkdirSync(join(folder, "bin"));
  symlinkSync(file, join(folder, "bin/pulumi"));
  program("bin/pulumi-language-nodejs", `exec "${process.execPath}" "${join(compiled, "language-host.js")}" "$@"`);
  vi.stubEnv("PATH", [join(folder, "bin"), process.env.PATH ?? ""].join(delimiter));
}

/** A provider of the name `random` in the user's own Pulumi home. */
function installedRandom(): void {
  const serve = `
    const { serveProvider } = require(${JSON.stringify(join(compiled, "provider-server.js"))});
    const outputs = (inputs) => ({ ...inputs, result: "x".repeat(inputs.length) });
    serveProvider({
      configure() {},
      check: async (_subject, _olds, news) => ({ inputs: news, failures: [] }),
      diff: async () => ({ changed: [], replacing: [], deleteFirst: false }),
      create: async (_subject, inputs, preview) => preview ? { id: "", outputs: inputs } : { id: "x", outputs: outputs(inputs) },
      read: async (_subject, _id, state, inputs) => ({ inputs, outputs: state }),
      update: async (_subject, _id, _olds, news) => outputs(news),
      delete: async () => {},
    }, "4.18.2");
  `;
  writeFileSync(join(folder, "random.js"), serve);
  const path = "home/plugins/resource-random-v4.18.2/pulumi-resource-random";
  program(path, `exec "${process.execPath}" "${join(folder, "random.js")}" "$@"`);
  vi.stubEnv("PULUMI_HOME", join(folder, "home"));
}

it("the official language host, and the official plugin of a provider that reaches nothing, are used where they are", async (context) => {
  await installedPulumi(context);
  installedRandom();
  const { report, text } = await rehearse("test");
  const failed = report.steps.flatMap(({ checks }) => checks.filter(({ ok }) => !ok).map(({ detail }) => detail));
  expect(failed, text).toEqual([]);
  expect(report.pulumi.origin).toBe("PATH");
  expect(text).not.toContain("stand-in:");
  expect(text).toContain("official plugin: random 4.18.2\n");
  expect([report.standIns, report.officialPlugins]).toEqual([[], ["random 4.18.2"]]);
  // Each of preview, up, refresh, up again and destroy starts the provider; all but the last two kinds run the program and the pack.
  expect(started()?.length).toBeGreaterThan(8);
  expect(existsSync(join(folder, "home/plugins/resource-random-v4.18.2"))).toBe(true);
});

it("without them our own language host runs the program, and it is said which plugin is missing and how to get it", async (context) => {
  const { hasLanguageHost } = await realEngine(context);
  vi.stubEnv("PULUMI_HOME", join(folder, "home"));
  const { report, text } = await rehearse("test");
  expect(text.includes("stand-in: language host: ours")).toBe(!hasLanguageHost);
  expect(report.passed).toBe(false);
  const details = report.steps.flatMap(({ checks }) => checks.map(({ detail }) => detail)).join("\n");
  expect(details).toMatch(
    /no resource plugin 'pulumi-resource-random' found.*\n.*`pulumi plugin install resource random`/,
  );
});

it("the language host is found beside the command line, behind a link to it, and elsewhere on the PATH", () => {
  const pulumi = (path: string) => {
    program(path, "echo v3.300.1");
  };
  const found = (...folders: string[]) =>
    findPulumi({
      PATH: folders.map((name) => join(folder, name)).join(delimiter),
      HOLDFAST_CACHE: join(folder, "none"),
    });
  pulumi("whole/pulumi");
  pulumi("alone/pulumi");
  for (const place of ["whole", "elsewhere"]) program(`${place}/pulumi-language-nodejs`, "");
  mkdirSync(join(folder, "links"));
  symlinkSync(join(folder, "whole/pulumi"), join(folder, "links/pulumi"));
  expect(found("whole")).toMatchObject({ version: "3.300.1", origin: "PATH", hasLanguageHost: true });
  expect(found("links")).toMatchObject({ origin: "PATH", hasLanguageHost: true });
  expect(found("alone", "elsewhere")).toMatchObject({ origin: "PATH", hasLanguageHost: true });
  expect(found("alone")).toMatchObject({ origin: "PATH", hasLanguageHost: false });
  pulumi("old/pulumi");
  program("old/pulumi", "echo v3.19.0");
  expect(found("old")).toBeUndefined();
});
