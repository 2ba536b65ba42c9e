import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "@holdfast/cli";
import { allRules } from "@holdfast/policies";
import { createStack, readStackConfig, RehearsalHome, runPulumi, type PolicyViolation } from "@holdfast/testing";
import pico from "picocolors";
import { afterAll, describe, expect, it, type TestContext } from "vitest";
import { expected } from "../foreign-programs/expected-findings";
import { told, type Judged } from "../foreign-programs/told";
import { root } from "../project-copy";
import { realEngine } from "./real-engine";

const out = mkdtempSync(join(tmpdir(), "holdfast-foreign-"));
afterAll(() => {
  rmSync(out, { recursive: true, force: true });
});

const advisory = join(out, "advisory.json");
writeFileSync(advisory, JSON.stringify({ all: "advisory" }));

const titles = new Map<string, string>(allRules.map(({ id, title }) => [id, title]));
const pack = ["--policy-pack", join(root, "policies")];

/** A program under the real command line, gone after the test. */
async function start(context: TestContext, program: string, stack = "demo") {
  const cli = await realEngine(context);
  const home = new RehearsalHome(cli, readStackConfig(program, stack));
  context.onTestFinished(() => {
    home.remove();
  });
  await createStack(home);
  let count = 0;
  const pulumi = (...args: string[]) => {
    count += 1;
    const log = args[0] === "stack" ? {} : { log: `${count}-${args[0] ?? ""}` };
    // The runner would check the program's types each time; `npm run typecheck` does, once.
    const quick = { knownProgram: true, environment: { PULUMI_NODEJS_TRANSPILE_ONLY: "true" } };
    return runPulumi(home, [...args, "--stack", stack], { ...log, ...quick });
  };
  return { home, pulumi };
}

/** What `holdfast check` says of a document. */
async function checked(name: string, document: string, ...options: readonly string[]): Promise<Judged> {
  const file = join(out, `${name}.json`);
  writeFileSync(file, document);
  let text = "";
  const code = await run(["node", "holdfast", "check", file, "--json", "--out", join(out, name), ...options], {
    out: (more) => (text += more),
    err: () => undefined,
    colours: pico.createColors(false),
    progress: () => undefined,
  });
  const judged = JSON.parse(text) as Judged;
  const blocking = judged.findings.filter(
    ({ level, verdict, waiver }) => level === "mandatory" && verdict === "fail" && waiver === undefined,
  );
  expect(code).toBe(blocking.length > 0 || judged.exposure.verdict === "exposed" ? 1 : 0);
  return judged;
}

/** Findings as the pack words them: the engine tells no more of one than its policy, level, resource and text. */
function worded({ findings }: Judged): string[] {
  return findings
    .map(({ rule, level, verdict, urn, property, message, remedy }) => {
      const open = verdict === "undetermined";
      const text = `${open ? "undetermined: " : ""}${property === "" ? "" : `${property}: `}${message}. To do: ${remedy}.`;
      return said(rule, open ? "advisory" : level, urn, `${titles.get(rule) ?? ""}\n${text}`);
    })
    .sort();
}

function violations(found: readonly PolicyViolation[]): string[] {
  return found.map(({ policy, level, urn, message }) => said(policy, level, urn, message)).sort();
}

/** The order of words is left out: resources are listed in the order in which the engine made them, and that is another each time. */
function said(policy: string, level: string, urn: string, message: string): string {
  return `${policy} ${level} ${urn}: ${message
    .split(/[\s,()]+/)
    .sort()
    .join(" ")}`;
}

describe("programs of other people, under the real command line with the policy pack", () => {
  it.for(Object.entries(expected))(
    "%s: the pack, and holdfast check on the preview and on the export, find what is wrong with it and nothing else",
    async ([name, wanted], context) => {
      const { home, pulumi } = await start(context, join(root, "test/foreign", name));
      const clean = wanted.findings.length === 0;
      const all = { ...wanted, findings: [...wanted.findings].sort() };

      const preview = await pulumi("preview", "--json", ...pack);
      expect([preview.code, Object.values(preview.events.policyPacks)]).toEqual([clean ? 0 : 1, ["0.1.0"]]);
      const planned = await checked(`${name}-preview`, preview.stdout);
      expect(told(planned)).toEqual(all);
      expect(violations(preview.events.violations)).toEqual(worded(planned));

      // What is deployed all the same: the same findings, now that everything is known. An up that is blocked stops before the rules over
      // the whole stack, so nothing blocks.
      const advice = ["--policy-pack-config", advisory];
      const up = await pulumi("up", "--yes", "--skip-preview", ...pack, ...advice);
      expect(up.code, up.stdout).toBe(0);
      const state = await pulumi("stack", "export");
      expect(told(await checked(`${name}-export`, state.stdout))).toEqual(all);
      const advised = await checked(`${name}-advised`, state.stdout, "--config", advisory);
      expect(violations(up.events.violations)).toEqual(worded(advised));
      if (home.cloud.resources.some(({ type }) => type.startsWith("aws:"))) return;
      const gone = await pulumi("destroy", "--yes", "--skip-preview");
      expect(gone.code, gone.stdout).toBe(0);
      expect(home.cloud.resources).toEqual([]);
    },
  );
});

describe("the pack's configuration, under the real command line", () => {
  it("changes levels and settings; what it cannot mean stops the run before the first resource", async (context) => {
    const { home, pulumi } = await start(context, join(root, "test/foreign/split-rules"));
    const file = join(home.folder, "policies.json");
    const preview = async (config: object) => {
      writeFileSync(file, JSON.stringify(config));
      return pulumi("preview", "--json", ...pack, "--policy-pack-config", file);
    };
    const accepted = await preview({
      all: "advisory",
      "LLM-NET-001": { enforcementLevel: "mandatory" },
      "LLM-NET-002": { widestPublicPrefixV4: 0, widestPublicPrefixV6: 3 },
      "LLM-NET-004": "disabled",
      holdfast: {
        approvedEdges: [{ endpoint: "*::tools", reason: "the tools' own front door" }],
        waivers: [
          {
            ...{ rule: "LLM-DATA-003", urn: "*::main", reason: "a test network", owner: "network", ticket: "NET-1" },
            ...{ created: "2026-11-01", expires: "2999-12-31" },
          },
        ],
      },
    });
    const short = accepted.events.violations.map(({ policy, level, urn }) => [policy, level, urn.split("::").at(-1)]);
    expect(short.sort(), accepted.stdout + accepted.stderr).toEqual([
      ["LLM-DATA-003", "advisory", "main"],
      ["LLM-NET-001", "mandatory", "tools-v6"],
      ["LLM-NET-003", "advisory", "engines"],
      ["LLM-NET-024", "advisory", "engines"],
    ]);
    const same = await checked("configured", accepted.stdout, "--config", file);
    expect(
      same.findings
        .map(({ rule, level, urn, waiver }) => [
          rule,
          waiver === undefined ? level : "advisory",
          urn.split("::").at(-1),
        ])
        .sort(),
    ).toEqual(short);
    const waived = accepted.events.violations.find(({ policy }) => policy === "LLM-DATA-003");
    expect(waived?.message).toContain("waived until 2999-12-31");

    const refused = await preview({
      "LLM-NET-99": "advisory",
      "LLM-NET-002": { widestPublicPrefix: 8 },
      holdfast: { client: [] },
    });
    expect([refused.code === 0, refused.events.begun]).toEqual([false, []]);
    const words = refused.stdout + refused.stderr;
    expect(words).toContain('LLM-NET-99: no rule of that name; did you mean "LLM-NET-009"?');
    expect(words).toContain('unknown key "widestPublicPrefix"; did you mean "widestPublicPrefixV4"?');
    expect(words).toMatch(/holdfast\..*unknown key "client"; did you mean "clients"\?/);

    // Kinds of values are looked at by the engine itself, with the schema that the pack hands it.
    const wrong = await preview({ "LLM-NET-002": { widestPublicPrefixV4: "8" }, "LLM-NET-001": { onUnknown: "stop" } });
    expect([wrong.code === 0, wrong.events.begun]).toEqual([false, []]);
    const answer = wrong.events.diagnostics.map(({ message }) => message).join("\n");
    expect(answer).toContain("LLM-NET-002: widestPublicPrefixV4: Invalid type. Expected: integer, given: string");
    expect(answer).toContain(
      'LLM-NET-001: onUnknown: onUnknown must be one of the following: "warn", "fail", "ignore"',
    );
  });
});

describe("what the engine does not tell a pack, under the real command line", () => {
  it("outputs without an id, and retainOnDelete", async (context) => {
    const { home, pulumi } = await start(context, join(__dirname, "programs/untold"), "test");
    const about = (found: readonly PolicyViolation[]) =>
      found
        .filter(({ policy }) => ["LLM-NET-004", "LLM-DATA-011", "LLM-DATA-012"].includes(policy))
        .map(({ policy, level, urn, message }) => [
          `${policy} ${message.includes("\nundetermined: ") ? "?" : level}`,
          urn.split("::").at(-1),
        ])
        .sort();
    const open = [
      ["LLM-DATA-011 mandatory", "idle"],
      ["LLM-DATA-012 ?", "bare"],
      ["LLM-DATA-012 ?", "kept"],
      ["LLM-NET-004 mandatory", "loose"],
    ];
    // A provider that does not repeat the id among the outputs, as native ones do not.
    const plugin = join(home.folder, "plugins/aws/pulumi-resource-aws");
    const script = readFileSync(plugin, "utf8");
    const preload = `--require "${join(__dirname, "programs/untold/without-ids.js")}"`;
    writeFileSync(plugin, script.replace(/(?="[^"]+aws-provider\.js")/, `${preload} `));
    const preview = await pulumi("preview", "--json", ...pack);
    expect(about(preview.events.violations)).toEqual(open);
    const up = await pulumi("up", "--yes", "--skip-preview", ...pack);
    expect(about(up.events.violations)).toEqual(open);
    const state = (await pulumi("stack", "export")).stdout;
    expect(state).toContain('"cidrBlock"');
    expect(state).not.toMatch(/"outputs": \{[^}]*"id":/);

    // The documents hold both, so they answer the open questions.
    const known = (judged: Judged) =>
      judged.findings
        .filter(({ rule }) => ["LLM-NET-004", "LLM-DATA-011", "LLM-DATA-012"].includes(rule))
        .map(({ rule, level, verdict, urn }) => [`${rule} ${verdict === "fail" ? level : "?"}`, urn.split("::").at(-1)])
        .sort();
    const answered = [
      ["LLM-DATA-011 mandatory", "idle"],
      ["LLM-DATA-012 mandatory", "bare"],
      ["LLM-NET-004 mandatory", "loose"],
    ];
    expect(known(await checked("untold-preview", preview.stdout))).toEqual(answered);
    expect(known(await checked("untold-export", state))).toEqual(answered);
  });
});
