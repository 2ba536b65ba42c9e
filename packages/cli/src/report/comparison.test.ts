import { describe, expect, it } from "vitest";
import pico from "picocolors";
import type { PlannedFinding } from "../plan/plan-schema";
import { comparePlans, type ComparedPlan } from "./comparison";
import { comparisonComment } from "./comparison-comment";
import { comparisonSummary } from "./comparison-summary";

const urn = (name: string, type = "aws:ec2/securityGroup:SecurityGroup") => `urn:pulumi:prod::llm::${type}::${name}`;

function finding(change: Partial<PlannedFinding> = {}): PlannedFinding {
  return {
    rule: "LLM-NET-001",
    level: "mandatory",
    verdict: "fail",
    urn: urn("door"),
    property: "ingress[0]",
    message: "is open",
    remedy: "close it",
    controls: [],
    ...change,
  };
}

function resource(name: string, change: Partial<ComparedPlan["resources"][number]> = {}) {
  return {
    urn: urn(name),
    type: "aws:ec2/securityGroup:SecurityGroup",
    name,
    custom: true,
    inputs: {},
    dependencies: [],
    propertyDependencies: {},
    protect: false,
    ...change,
  };
}

function plan(change: Partial<ComparedPlan> = {}): ComparedPlan {
  return {
    environment: "prod",
    resources: [],
    findings: [],
    exposure: { verdict: "none", endpoints: [] },
    cost: { monthlyUsd: 0, currency: "USD", lines: [], notPriced: [] },
    sizing: [],
    ...change,
  };
}

const line = (what: string, monthlyUsd: number) => ({
  what,
  quantity: 1,
  unitUsd: monthlyUsd,
  monthlyUsd,
  source: "list",
  asOf: "2026-11-01",
});

describe("comparing plans", () => {
  it("finds nothing between a plan and itself", () => {
    const one = plan({
      resources: [resource("door", { inputs: { a: [1, { b: 2, c: 3 }] } })],
      findings: [finding(), finding()],
      exposure: { verdict: "exposed", endpoints: [{ endpoint: urn("door"), verdict: "exposed", from: "anywhere" }] },
      cost: { monthlyUsd: 5, currency: "USD", lines: [line("a", 5)], notPriced: [] },
    });
    const { findings, exposure, resources, fleets, cost } = comparePlans(one, structuredClone(one), "base.json");
    expect([findings.new, findings.fixed, exposure.endpoints, fleets, cost.lines]).toEqual([[], [], [], [], []]);
    expect(findings.unchanged).toHaveLength(2);
    expect(resources).toEqual({ added: [], removed: [], changed: [], unchanged: 1 });
    expect(cost.difference).toBe(0);
  });

  it("knows a finding by resource, rule and property, not by its words or its weight", () => {
    const before = plan({
      findings: [
        finding({ message: "was said so" }),
        finding({ rule: "LLM-NET-002" }),
        finding({ rule: "LLM-NET-003", waiver: { reason: "until it is moved" } }),
        finding({ rule: "LLM-NET-004", verdict: "undetermined" }),
        finding({ rule: "LLM-NET-006" }),
      ],
    });
    const after = plan({
      findings: [
        finding({ message: "is said so" }),
        finding({ rule: "LLM-NET-003" }),
        finding({ rule: "LLM-NET-004" }),
        finding({ property: "ingress[1]" }),
        finding({ rule: "LLM-NET-005", level: "advisory" }),
        finding({ rule: "LLM-NET-006", urn: urn("gate") }),
      ],
    });
    const { findings } = comparePlans(before, after, "base.json");
    expect(findings.new.map(({ rule, property, standing }) => [rule, property, standing])).toEqual([
      ["LLM-NET-001", "ingress[1]", "blocks"],
      ["LLM-NET-005", "ingress[0]", "advises"],
      ["LLM-NET-006", "ingress[0]", "blocks"],
    ]);
    expect(findings.fixed.map(({ rule }) => rule)).toEqual(["LLM-NET-002", "LLM-NET-006"]);
    expect(findings.unchanged.map(({ rule, was, standing }) => [rule, was, standing])).toEqual([
      ["LLM-NET-001", undefined, "blocks"],
      ["LLM-NET-003", "waived", "blocks"],
      ["LLM-NET-004", "undetermined", "blocks"],
    ]);
  });

  it("counts resources of providers, ignores the order of keys, and names what changed", () => {
    const before = plan({
      resources: [
        resource("same", { inputs: { a: { x: 1, y: 2 } } }),
        resource("port", { inputs: { port: 80, tags: {} } }),
        resource("kept", { protect: true }),
        resource("old"),
        resource("gone"),
        resource("component", { custom: false, inputs: { size: 1 } }),
      ],
    });
    const after = plan({
      resources: [
        resource("same", { inputs: { a: { y: 2, x: 1 } } }),
        resource("port", { inputs: { port: 443, description: "TLS", tags: {} } }),
        resource("kept"),
        resource("renamed", { aliases: [urn("never"), urn("old")] }),
        resource("fresh"),
        resource("component", { custom: false, inputs: { size: 2 } }),
      ],
    });
    expect(comparePlans(before, after, "base.json").resources).toEqual({
      added: [urn("fresh")],
      removed: [urn("gone")],
      changed: [
        { urn: urn("port"), properties: ["description", "port"] },
        { urn: urn("kept"), properties: ["protect"] },
        { urn: urn("renamed"), properties: [], was: urn("old") },
      ],
      unchanged: 1,
    });
  });

  it("tells what became reachable, what is gone, and from where", () => {
    const endpoint = (name: string, verdict: "none" | "exposed" | "undetermined", from = "the internet") => ({
      endpoint: urn(name),
      verdict,
      from,
      ...(verdict === "exposed" ? { path: ["the internet", name] } : {}),
    });
    const before = plan({
      exposure: { verdict: "undetermined", endpoints: [endpoint("a", "none"), endpoint("b", "undetermined")] },
    });
    const after = plan({
      exposure: {
        verdict: "exposed",
        endpoints: [endpoint("a", "exposed"), endpoint("c", "none"), endpoint("d", "exposed")],
      },
    });
    expect(comparePlans(before, after, "base.json").exposure).toEqual({
      before: "undetermined",
      after: "exposed",
      endpoints: [
        { endpoint: urn("a"), before: "none", after: "exposed", path: ["the internet", "a"] },
        { endpoint: urn("d"), after: "exposed", path: ["the internet", "d"] },
        { endpoint: urn("b"), before: "undetermined" },
      ],
    });
  });

  it("adds up cost by what it is for, the largest difference first", () => {
    const before = plan({
      cost: {
        monthlyUsd: 30.3,
        currency: "USD",
        lines: [line("a", 10.1), line("a", 0.2), line("b", 20)],
        notPriced: [],
      },
    });
    const after = plan({
      cost: {
        monthlyUsd: 50.3,
        currency: "USD",
        lines: [line("a", 10.3), line("b", 15), line("c", 25)],
        notPriced: [],
      },
    });
    expect(comparePlans(before, after, "base.json").cost).toEqual({
      before: 30.3,
      after: 50.3,
      difference: 20,
      lines: [
        { what: "c", before: 0, after: 25 },
        { what: "b", before: 20, after: 15 },
      ],
    });
  });

  it("cannot be led astray by what a program calls its resources, on the terminal's lines or in the comment's tables", () => {
    const nasty = urn("<b>|`@everyone`\u001b[31m\n# head");
    const comparison = comparePlans(
      plan(),
      plan({
        resources: [resource("x", { urn: nasty })],
        findings: [finding({ urn: nasty, message: "a | b\n\n# c" })],
      }),
      "base.json",
    );
    const text = comparisonComment(comparison);
    expect(text).not.toMatch(/<b>|@everyone|^# /m);
    expect(text).not.toContain("\u001b");
    for (const shown of text.split("\n").filter((shown) => shown.startsWith("| LLM-")))
      expect(shown.match(/(?<!\\)\|/g)).toHaveLength(5);
    expect(comparisonSummary(comparison, pico.createColors(false))).not.toContain("\u001b");
  });
});
