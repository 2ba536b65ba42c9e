import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import Ajv from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { proveExposure } from "../exposure";
import { unknownValue } from "../graph/property-value";
import { exampleGraph } from "../rule/example-graph";
import { evaluatePolicies } from "../rule/evaluate-policies";
import type { Finding } from "../rule/finding";
import { allExamples } from "../rules/all-examples";
import { isBlocked, type CheckResult } from "./check-result";
import { commentMarker, commentReport } from "./comment-report";
import { evidenceByControl } from "./evidence-table";
import { findingsTable } from "./findings-table";
import { junitReport } from "./junit-report";
import { sarifReport } from "./sarif-report";

// The OASIS schema as @microsoft/sarif-multitool-linux 5.7.0 (MIT) ships it.
const schema = JSON.parse(readFileSync(resolve(__dirname, "../../test/fixtures/sarif-2.1.0.json"), "utf8")) as object;
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
const validSarif = ajv.compile(schema);

const graph = exampleGraph([
  { type: "pulumi:pulumi:Stack", name: "example" },
  { type: "aws:lb/loadBalancer:LoadBalancer", name: "edge", inputs: { internal: false, loadBalancerType: "network" } },
  { type: "aws:lb/loadBalancer:LoadBalancer", name: "other", inputs: { internal: false, loadBalancerType: "network" } },
  {
    type: "aws:lb/loadBalancer:LoadBalancer",
    name: "open",
    inputs: { internal: unknownValue, loadBalancerType: "network" },
  },
  { type: "aws:lb/targetGroup:TargetGroup", name: "targets", inputs: { protocol: "HTTP", port: 8000 } },
  { type: "aws:lambda/functionUrl:FunctionUrl", name: "url", inputs: { functionName: "f", authorizationType: "NONE" } },
]);
const exposure = proveExposure(graph);
const waivers = [
  {
    rule: "LLM-NET-009",
    urn: "*::other",
    reason: "approved | edge <b>",
    owner: "@platform",
    ticket: "SEC-1",
    created: "2026-01-01",
    expires: "2999-12-31",
  },
];
const policy = evaluatePolicies(graph, { exposure, waivers });
const result: CheckResult = {
  subject: "prod",
  version: "0.1.0",
  findings: policy.findings,
  rules: policy.rules,
  waivers: policy.waivers,
  warnings: policy.warnings,
  exposure,
};
const clean: CheckResult = { ...result, findings: [], exposure: { verdict: "none", endpoints: [], assumptions: [] } };

const nasty: Finding = {
  rule: "LLM-NET-001",
  level: "mandatory",
  verdict: "fail",
  urn: 'urn:pulumi:p::q::t:i:T::<script>alert("x")</script>|`',
  property: "a[0]|`b`",
  message: "evil \u001b[31m & <img src=x> ]]> | @everyone\n# head",
  remedy: "none",
  controls: [],
};

describe("SARIF", () => {
  it("is valid by the official schema: with violations, without, and with texts that try to break out", () => {
    for (const one of [
      result,
      clean,
      { ...result, findings: [nasty] },
      { ...result, documentation: "https://example.com/policies.md", file: "my stacks/Pulumi.prod.yaml" },
    ]) {
      validSarif(sarifReport(one));
      expect(validSarif.errors ?? []).toEqual([]);
    }
  });

  it("is refused by the schema when a field is wrong: the check can fail", () => {
    expect(validSarif({ ...sarifReport(result), version: "2.0.0" })).toBe(false);
  });

  it("holds each finding once, its level by what it means, and waivers as suppressions", () => {
    const [run] = sarifReport(result).runs as unknown as {
      results: {
        ruleId: string;
        kind: string;
        level: string;
        suppressions?: unknown[];
        partialFingerprints: Record<string, string>;
        ruleIndex: number;
      }[];
      tool: { driver: { rules: { id: string }[] } };
    }[];
    expect(
      run?.results
        .filter(({ ruleId }) => ruleId === "LLM-NET-009")
        .map(({ kind, level, suppressions }) => [kind, level, suppressions?.length ?? 0]),
    ).toEqual([
      ["fail", "error", 0],
      ["fail", "error", 1],
      ["open", "none", 0],
    ]);
    expect(run?.results.find(({ ruleId }) => ruleId === "LLM-TLS-004")?.level).toBe("warning");
    for (const { ruleId, ruleIndex } of run?.results ?? []) expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    const prints = run?.results.map(({ partialFingerprints }) => Object.values(partialFingerprints).join()) ?? [];
    expect(new Set(prints).size).toBe(prints.length);
  });

  it("is valid for the findings of every example of every rule", () => {
    const all = allExamples
      .flatMap(({ fail, undetermined = [] }) => [...fail, ...undetermined])
      .flatMap(({ resources }) => evaluatePolicies(exampleGraph(resources)).findings);
    expect(all.length).toBeGreaterThan(200);
    validSarif(sarifReport({ ...result, findings: all }));
    expect(validSarif.errors ?? []).toEqual([]);
  });
});

describe("JUnit", () => {
  it("counts what it holds", () => {
    const text = junitReport(result);
    const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
    const [, tests, failures, skipped] =
      /<testsuites [^>]*tests="(\d+)" failures="(\d+)" errors="0" skipped="(\d+)"/.exec(text) ?? [];
    expect([Number(tests), Number(failures), Number(skipped)]).toEqual([
      count(/<testcase /g),
      count(/<failure /g),
      count(/<skipped /g),
    ]);
    expect(Number(failures)).toBeGreaterThan(0);
    expect(junitReport(clean)).not.toContain("<failure");
  });

  it("is well-formed whatever a program calls things", () => {
    const text = junitReport({ ...result, findings: [nasty] });
    expect(text).not.toContain("\u001b");
    expect(text).not.toMatch(/<script|<img/);
    // Every tag that opens closes, in order.
    const open: string[] = [];
    for (const [, close, name = "", self] of text
      .replace(/<\?xml[^>]*\?>/, "")
      .matchAll(/<(\/)?([a-z-]+)(?:\s+[a-z]+="[^"<]*")*(\/)?>/g)) {
      if (close !== undefined) expect(open.pop()).toBe(name);
      else if (self === undefined) open.push(name);
    }
    expect(open).toEqual([]);
    expect(text.replaceAll(/<[^>]*>/g, "")).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot);)/);
  });
});

describe("the pull-request comment", () => {
  it("says first whether it blocks, then what does", () => {
    const text = commentReport(result);
    expect(text.startsWith(`${commentMarker("prod")}\n### Holdfast: prod is blocked\n`)).toBe(true);
    expect(text.indexOf("**These block:**")).toBeLessThan(text.indexOf("Advisory violations (1)"));
    expect(text).toContain("**Exposure: exposed.**");
    expect(commentReport(clean)).toContain("### Holdfast: prod may go ahead");
  });

  it("lets no text of a program become markup or call people", () => {
    const text = commentReport({ ...result, findings: [nasty] });
    expect(text).not.toMatch(/<script|<img|@everyone|\p{Cc}(?<!\n)/u);
    const row = text.split("\n").find((line) => line.startsWith("| LLM-NET-001")) ?? "";
    expect(row.match(/(?<!\\)\|/g)).toHaveLength(5);
    expect(commentReport(result)).toContain("approved \\| edge &lt;b>");
  });

  it("stays below the length that GitHub takes", () => {
    const many = Array.from({ length: 3_000 }, (_, index) => ({
      ...nasty,
      urn: `${nasty.urn}${index}`,
      message: "m".repeat(2_000),
    }));
    const text = commentReport({ ...result, findings: many });
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain("cut: the whole list is in the SARIF");
  });
});

describe("the text table", () => {
  it("puts what blocks first and keeps to its width and rows", () => {
    const lines = findingsTable(result, { width: 80 }).split("\n");
    expect(lines[0]).toMatch(/^fail +LLM-NET-0/);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(140);
    expect(findingsTable(result, { rows: 1 })).toMatch(/and \d+ more$/);
    expect(findingsTable(clean)).toBe("no findings");
    expect(findingsTable({ findings: [nasty] })).not.toContain("\u001b");
  });
});

it("a result is blocked by a mandatory violation or by something exposed, and by nothing else", () => {
  expect(isBlocked(result)).toBe(true);
  expect(isBlocked(clean)).toBe(false);
  expect(isBlocked({ ...clean, exposure })).toBe(true);
  expect(
    isBlocked({
      ...clean,
      findings: policy.findings.filter(
        ({ level, verdict, waiver }) => level === "advisory" || verdict !== "fail" || waiver !== undefined,
      ),
    }),
  ).toBe(false);
});

it("evidence turns the same counts round by control", () => {
  const evidence = evidenceByControl(result);
  const wanted = policy.rules
    .filter(({ rule }) => rule.startsWith("LLM-TLS-"))
    .reduce((sum, { failed }) => sum + failed, 0);
  expect(evidence.find(({ control }) => control === "PCI DSS 4.0.1 4.2.1")?.failed).toBe(wanted);
  expect(evidence.some(({ control }) => control.startsWith("OWASP LLM 2026 "))).toBe(true);
});
