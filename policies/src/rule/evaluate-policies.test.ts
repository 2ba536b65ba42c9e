import { describe, expect, it } from "vitest";
import { unknownValue } from "../graph/property-value";
import { ResourceGraph } from "../graph/resource-graph";
import { exampleGraph } from "./example-graph";
import { evaluatePolicies } from "./evaluate-policies";
import { blocks, fingerprint } from "./finding";
import { PolicyConfigError } from "./policy-config";

const graph = exampleGraph([
  { type: "aws:lb/loadBalancer:LoadBalancer", name: "edge", inputs: { internal: false, loadBalancerType: "network" } },
  {
    type: "aws:lb/loadBalancer:LoadBalancer",
    name: "open",
    inputs: { internal: unknownValue, loadBalancerType: "network" },
  },
  { type: "aws:lb/targetGroup:TargetGroup", name: "targets", inputs: { protocol: "HTTP", port: 8000 } },
]);

describe("evaluatePolicies", () => {
  it("writes findings to the letter of plan.json", () => {
    const { findings } = evaluatePolicies(graph);
    expect(findings[0]).toEqual({
      rule: "LLM-NET-009",
      level: "mandatory",
      verdict: "fail",
      urn: "urn:pulumi:example::example::aws:lb/loadBalancer:LoadBalancer::edge",
      property: "internal",
      message: "faces the internet",
      remedy: "set internal to true; if this is the approved public edge, name it in approvedEdges",
      controls: expect.arrayContaining(["SOC 2 CC6.6", "PCI DSS 4.0.1 1.3.1", "GDPR Art. 32"]) as string[],
    });
  });

  it("puts what blocks first, then open mandatory questions, then advice", () => {
    const { findings, blocking } = evaluatePolicies(graph);
    expect(findings.map(({ rule, verdict }) => `${rule} ${verdict}`)).toEqual([
      "LLM-NET-009 fail",
      "LLM-NET-009 undetermined",
      "LLM-TLS-004 fail",
    ]);
    expect(blocking).toEqual(findings.filter(blocks));
    expect(blocking).toHaveLength(1);
  });

  it("does not depend on the order in which resources were registered", () => {
    expect(evaluatePolicies(new ResourceGraph([...graph.resources].reverse())).findings).toEqual(
      evaluatePolicies(graph).findings,
    );
  });

  it("counts for each rule what it looked at", () => {
    expect(evaluatePolicies(graph).rules.find(({ rule }) => rule === "LLM-NET-009")).toMatchObject({
      resources: 2,
      passed: 0,
      failed: 1,
      undetermined: 1,
      waived: 0,
      level: "mandatory",
    });
  });

  it("lists what passed when it is asked for evidence", () => {
    const fine = exampleGraph([
      {
        type: "aws:lb/loadBalancer:LoadBalancer",
        name: "edge",
        inputs: { internal: true, loadBalancerType: "network" },
      },
    ]);
    expect(evaluatePolicies(fine).findings).toEqual([]);
    expect(
      evaluatePolicies(fine, { includePasses: true }).findings.map(({ rule, verdict }) => `${rule} ${verdict}`),
    ).toEqual(["LLM-NET-009 pass"]);
  });

  it("takes levels and settings from the configuration", () => {
    const rules = (config: Record<string, unknown>) =>
      evaluatePolicies(graph, { config }).findings.map(({ rule, level, verdict }) => `${rule} ${level} ${verdict}`);
    expect(rules({ "LLM-NET-009": "advisory" })).toContain("LLM-NET-009 advisory fail");
    expect(rules({ "LLM-NET-009": "disabled" })).toEqual(["LLM-TLS-004 advisory fail"]);
    expect(rules({ all: "disabled", "LLM-TLS-004": "mandatory" })).toEqual(["LLM-TLS-004 mandatory fail"]);
    expect(rules({ "LLM-NET-009": { approvedEdges: ["edge", "open"] } })).toEqual(["LLM-TLS-004 advisory fail"]);
    expect(
      rules({ "LLM-NET-009": { onUnknown: "fail" } }).filter((line) => line === "LLM-NET-009 mandatory fail"),
    ).toHaveLength(2);
    expect(rules({ "LLM-NET-009": { onUnknown: "ignore" } })).not.toContain("LLM-NET-009 mandatory undetermined");
  });

  it("warns when a MUST is not enforced", () => {
    expect(evaluatePolicies(graph, { config: { "LLM-NET-009": "disabled" } }).warnings).toEqual([
      "rule LLM-NET-009 is disabled by configuration, although its requirement says MUST",
    ]);
    expect(evaluatePolicies(graph).warnings).toEqual([]);
  });

  it("refuses a configuration with every problem at once", () => {
    const config = {
      "LLM-NET-09": "advisory",
      "LLM-NET-009": { approvedEdge: ["x"] },
      "LLM-TLS-004": "remediate",
      "LLM-DATA-002": { minimumDays: "many" },
    };
    const attempt = () => evaluatePolicies(graph, { config });
    expect(attempt).toThrow(PolicyConfigError);
    expect(attempt).toThrow(/4 problems/);
    expect(attempt).toThrow('LLM-NET-09: no rule of that name; did you mean "LLM-NET-009"?');
    expect(attempt).toThrow('LLM-NET-009.approvedEdge: unknown key "approvedEdge"; did you mean "approvedEdges"?');
    expect(attempt).toThrow("would neither fix nor block");
    expect(attempt).toThrow("LLM-DATA-002.minimumDays");
  });

  it("recognises a finding by resource, rule and property, not by its words", () => {
    const [one] = evaluatePolicies(graph).findings;
    if (one === undefined) throw new Error("no finding");
    expect(fingerprint({ ...one, message: "other words" } as never)).toBe(fingerprint(one));
    expect(
      new Set(
        [one, { ...one, property: "x" }, { ...one, urn: "x" }, { ...one, rule: "LLM-NET-001" as const }].map(
          fingerprint,
        ),
      ).size,
    ).toBe(4);
  });
});
