import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PackProcess, type Diagnostic } from "../../test/pack-process";
import { proveExposure } from "../exposure";
import { unknownValue } from "../graph/property-value";
import { signatureKey, signatures } from "../graph/wire-value";
import { exampleGraph } from "../rule/example-graph";
import { ResourceGraph } from "../graph/resource-graph";
import { evaluatePolicies } from "../rule/evaluate-policies";
import type { PolicyConfig } from "../rule/policy-config";
import type { ExampleResource } from "../rule/rule-example";
import { allExamples } from "../rules/all-examples";
import { allRules } from "../rules/all-rules";

let pack: PackProcess;
beforeAll(async () => {
  pack = await PackProcess.start("test");
  await pack.configure();
}, 60_000);
afterAll(() => {
  pack.stop();
});

const title = new Map<string, string>(allRules.map((rule) => [rule.id, rule.title]));

/** A run as the engine makes it: every resource as it comes, then the whole stack. */
async function run(resources: readonly ExampleResource[]): Promise<readonly Diagnostic[]> {
  const graph = exampleGraph(resources);
  const seen: Diagnostic[] = [];
  for (const resource of graph.resources) seen.push(...(await pack.analyze(resource)));
  return [...seen, ...(await pack.analyzeStack(graph.resources))];
}

/** The same run by the rules alone, written as the pack writes it. */
function expected(resources: readonly ExampleResource[], config: PolicyConfig): readonly string[] {
  // The engine does not tell a pack of retainOnDelete.
  const graph = new ResourceGraph(
    exampleGraph(resources).resources.map((resource) => ({ ...resource, retainOnDelete: "unseen" })),
  );
  return evaluatePolicies(graph, { config, exposure: proveExposure(graph) }).findings.map(
    ({ rule, level, verdict, urn, property, message, remedy }) => {
      const text = `${property === "" ? "" : `${property}: `}${message}. To do: ${remedy}.`;
      return `${rule} ${verdict === "fail" ? level : "advisory"} ${urn} ${title.get(rule) ?? ""}\n${verdict === "fail" ? "" : "undetermined: "}${text}`;
    },
  );
}

const lines = (diagnostics: readonly Diagnostic[]) =>
  diagnostics.map(({ policy, level, urn, message }) => `${policy} ${level} ${urn} ${message}`).sort();

describe("the pack as a process", () => {
  it("offers every rule with its level and a configuration schema", async () => {
    const policies = await pack.policies();
    expect(policies.map(({ name }) => name)).toEqual(["holdfast", ...allRules.map(({ id }) => id), "holdfast-waivers"]);
    for (const rule of allRules) {
      const policy = policies.find(({ name }) => name === rule.id);
      // The protocol's numbers: 0 advisory, 1 mandatory.
      expect([rule.id, policy?.level]).toEqual([rule.id, rule.word === "MUST" ? 1 : 0]);
      expect(policy?.schemaProperties).toContain("onUnknown");
    }
  });

  const corpus = allExamples.map(({ rule, pass, fail, undetermined = [] }) => ({
    rule,
    examples: [...pass, ...fail, ...undetermined],
  }));

  it.each(corpus)("gives the verdicts of the rules on the examples of $rule", async ({ rule, examples }) => {
    expect(examples.length).toBeGreaterThan(1);
    for (const { name, resources, config = {} } of examples) {
      await pack.configure({ [rule]: config });
      expect([name, ...lines(await run(resources))]).toEqual([
        name,
        ...[...expected(resources, { [rule]: config })].sort(),
      ]);
    }
    await pack.configure();
  });

  it("blocks on a certain violation beside unknown values, before the resource is made", async () => {
    const [group] = exampleGraph([
      {
        type: "aws:ec2/securityGroup:SecurityGroup",
        name: "engine",
        inputs: {
          vpcId: unknownValue,
          ingress: [{ protocol: unknownValue, fromPort: 8000, toPort: 8000, cidrBlocks: [unknownValue, "0.0.0.0/0"] }],
        },
      },
    ]).resources;
    if (group === undefined) throw new Error("no resource");
    const found = await pack.analyze(group);
    expect(found.filter(({ level }) => level === "mandatory").map(({ policy }) => policy)).toEqual(["LLM-NET-001"]);
    expect(found.some(({ message }) => message.includes("can't run"))).toBe(false);
    await pack.analyzeStack([]);
  });
});

it("finds a secret that the engine unwrapped, and never quotes it", async () => {
  const value = "correct-horse-battery-staple";
  const secret = { [signatureKey]: signatures.secret, value };
  const [container] = exampleGraph([
    {
      type: "docker:index/container:Container",
      name: "engine",
      inputs: { image: "x", command: ["serve", "--api-key", secret], envs: [`VLLM_API_KEY=${value}`] },
    },
  ]).resources;
  if (container === undefined) throw new Error("no resource");
  const found = [...(await pack.analyze(container)), ...(await pack.analyzeStack([container]))];
  expect(found.map(({ policy }) => policy)).toEqual(expect.arrayContaining(["LLM-SEC-001", "LLM-SEC-002"]));
  expect(JSON.stringify(found)).not.toContain(value);
});

describe("its settings", () => {
  const bucketless: readonly ExampleResource[] = [
    {
      type: "aws:lb/loadBalancer:LoadBalancer",
      name: "edge",
      inputs: { internal: false, loadBalancerType: "network" },
    },
  ];
  const waiver = {
    rule: "LLM-NET-009",
    urn: "*::edge",
    reason: "the approved edge",
    owner: "platform",
    ticket: "SEC-1",
    created: "2026-01-01",
  };
  const about = async (policy: string) => lines((await run(bucketless)).filter((one) => one.policy === policy));
  afterAll(() => pack.configure());

  it("a rule's own settings reach the rule", async () => {
    await pack.configure({ "LLM-NET-009": { approvedEdges: ["edge"] } });
    expect(await about("LLM-NET-009")).toEqual([]);
  });

  it("a waiver in force turns the violation into advice, and a run needs it", async () => {
    await pack.configure({ holdfast: { waivers: [{ ...waiver, expires: "2999-12-31" }] } });
    const found = await run(bucketless);
    expect(found.find(({ policy }) => policy === "LLM-NET-009")).toMatchObject({
      level: "advisory",
      message: expect.stringContaining("waived until 2999-12-31") as string,
    });
    expect(found.filter(({ policy }) => policy === "holdfast-waivers")).toEqual([]);
  });

  it("an expired waiver covers nothing, and is reported", async () => {
    await pack.configure({ holdfast: { waivers: [{ ...waiver, expires: "2026-01-02" }] } });
    const found = await run(bucketless);
    expect(found.find(({ policy }) => policy === "LLM-NET-009")).toMatchObject({
      level: "mandatory",
      message: expect.stringContaining("expired on 2026-01-02") as string,
    });
    expect(found.find(({ policy }) => policy === "holdfast-waivers")?.message).toContain("expired on 2026-01-02");
  });

  it("a waiver that nothing needs is reported", async () => {
    await pack.configure({ holdfast: { waivers: [{ ...waiver, urn: "*::other", expires: "2999-12-31" }] } });
    const found = await run(bucketless);
    expect(found.find(({ policy }) => policy === "LLM-NET-009")?.level).toBe("mandatory");
    expect(found.find(({ policy }) => policy === "holdfast-waivers")?.message).toContain("covers nothing any more");
  });

  it("bad settings are refused before the first resource, with every problem named", async () => {
    const configure = pack.configure(
      {
        holdfast: { waivers: [{ rule: "LLM-NET-9", urn: "*" }] },
        "LLM-NET-009": { approvedEdge: ["edge"] },
        "LLM-NET-010": { onUnknown: "maybe" },
        "LLM-NET-99": { onUnknown: "fail" },
      },
      ["LLM-NET-99"],
    );
    await expect(configure).rejects.toThrow(
      /LLM-NET-99: no rule of that name; did you mean "LLM-NET-.*LLM-NET-009.*did you mean "approvedEdges".*LLM-NET-010\.onUnknown.*holdfast\.waivers\[0\]\.rule.*waivers\[0\]\.reason/s,
    );
  });
});
