import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { planSchema, type Comparison } from "@holdfast/cli";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ProjectCopy, root, stackText } from "../project-copy";

/** A small program of a company, as its base branch has it and as a change leaves it. */
const program = (port: string, blocks: string, extra = "") => `
const ec2 = require("@pulumi/aws/ec2");
const vpc = new ec2.Vpc("main", { cidrBlock: "10.0.0.0/16" });
new ec2.SecurityGroup("engine", { vpcId: vpc.id, ingress: [{ protocol: "tcp", fromPort: ${port}, toPort: ${port}, cidrBlocks: ${blocks} }] });
new ec2.SecurityGroup("spare", { vpcId: vpc.id, ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }] });
${extra}
`;

const project = new ProjectCopy();
const file = (path: string) => join(project.folder, path);

/** Plans the small program in its folder, writes to `out` there. */
async function planSmall(text: string, out: string, ...args: string[]) {
  writeFileSync(file("program/index.js"), text);
  return project.holdfast("plan", "small", "--out", file(out), ...args);
}

beforeAll(() => {
  mkdirSync(file("program"));
  symlinkSync(join(root, "node_modules"), file("program/node_modules"));
});
afterAll(() => {
  project.remove();
});

describe("holdfast plan --baseline", () => {
  it("shows what a change does to findings, exposure, resources and cost, in every place where people look", async () => {
    const committed = readFileSync(file("Pulumi.yaml"), "utf8");
    writeFileSync(file("Pulumi.yaml"), "name: small\nruntime: nodejs\nmain: program\nstackConfigDir: config\n");
    project.write("small", "config:\n  aws:region: eu-central-1\n");
    const base = await planSmall(
      program("443", '["10.0.0.0/8"]', 'new ec2.Vpc("old", { cidrBlock: "10.9.0.0/16" });'),
      "base",
    );
    expect(base.err).toBe("");
    expect(base.code).toBe(1);

    const volume =
      'new (require("@pulumi/aws/ebs").Volume)("data", { availabilityZone: "eu-central-1a", size: 100, encrypted: true });';
    const head = await planSmall(
      program("8000", '["0.0.0.0/0"]', volume),
      "head",
      "--baseline",
      file("base/plan.json"),
    );
    expect(head.code).toBe(1);
    const comparison = JSON.parse(readFileSync(file("head/comparison.json"), "utf8")) as Comparison;
    const rulesOf = (list: Comparison["findings"]["new"]) =>
      list.map(({ rule, urn }) => `${rule} ${urn.split("::")[3]}`);
    expect(rulesOf(comparison.findings.new)).toContain("LLM-NET-001 engine");
    expect(rulesOf(comparison.findings.unchanged)).toContain("LLM-NET-001 spare");
    expect(rulesOf(comparison.findings.fixed).every((one) => !one.endsWith("spare"))).toBe(true);
    expect(comparison.resources.added).toEqual(["urn:pulumi:small::small::aws:ebs/volume:Volume::data"]);
    expect(comparison.resources.removed).toEqual(["urn:pulumi:small::small::aws:ec2/vpc:Vpc::old"]);
    expect(comparison.resources.changed).toEqual([
      { urn: "urn:pulumi:small::small::aws:ec2/securityGroup:SecurityGroup::engine", properties: ["ingress"] },
    ]);
    expect(comparison.cost.difference).toBeGreaterThan(5);

    expect(head.out).toContain(`Compared with ${file("base/plan.json")}`);
    expect(head.out).toMatch(/ {2}resources {2}1 added, 1 removed, 1 changed, 2 as before/);
    expect(head.out).toMatch(/new {2}LLM-NET-001 blocks engine \(SecurityGroup\): /);
    expect(head.out).toMatch(/cost {7}\$0 -> \$\d+ a month \(\+\$\d+\)/);
    const comment = readFileSync(file("head/comment.md"), "utf8");
    expect(comment.startsWith("<!-- holdfast small -->\n")).toBe(true);
    expect(comment).toContain("**What this change does**");
    expect(comment).toContain("| resources | 1 added, 1 removed, 1 changed, 2 as before |");
    expect(readFileSync(file("base/comment.md"), "utf8")).not.toContain("What this change does");

    const plan = planSchema.parse(JSON.parse(readFileSync(file("head/plan.json"), "utf8")));
    expect(plan.comparison).toEqual(comparison);
    const page = (name: string) => readFileSync(file(`${name}/plan.html`), "utf8");
    const [, shown = ""] = /<section id="change">(.*?)<\/section>/s.exec(page("head")) ?? [];
    expect(shown).toContain("1 added, 1 removed, 1 changed, 2 as before");
    expect(shown).toMatch(
      /<details open><summary>New findings \(\d+\)<\/summary>.*?<td>LLM-NET-001<\/td><td>blocks<\/td>/,
    );
    expect(shown).toMatch(/<summary>Unchanged findings \(\d+\)<\/summary>/);
    expect(shown).toMatch(/\$0 -> \$\d+ a month \(\+\$\d+\)/);
    expect(page("base")).not.toContain('id="change"');

    // Back again: what was new is fixed.
    const back = await planSmall(program("443", '["10.0.0.0/8"]'), "back", "--baseline", file("head/plan.json"));
    const json = await planSmall(
      program("443", '["10.0.0.0/8"]'),
      "back",
      "--json",
      "--baseline",
      file("head/plan.json"),
    );
    expect(planSchema.parse(JSON.parse(json.out)).comparison?.findings.fixed.length).toBeGreaterThan(0);
    expect(back.out).toMatch(/fixed {2}LLM-NET-001 blocks engine/);
    writeFileSync(file("Pulumi.yaml"), committed);
  });

  it("says of one of our environments how the hosts and the cost of a fleet change, and that nothing else does", async () => {
    project.copy("dev");
    const base = await project.holdfast("plan", "dev", "--out", file("dev"));
    expect(base.code).toBe(0);
    const same = await project.holdfast("plan", "dev", "--out", file("dev"), "--baseline", file("dev/plan.json"));
    expect(same.code).toBe(0);
    expect(same.out).toMatch(/resources {2}0 added, 0 removed, 0 changed, \d{3} as before/);
    expect(same.out).toMatch(/a month, as before/);

    const text = stackText("dev").replace(/requestsPerSecond: [\d.]+/, "requestsPerSecond: 8");
    expect(text).not.toBe(stackText("dev"));
    project.write("dev", text);
    const more = await project.holdfast("plan", "dev", "--out", file("more"), "--baseline", file("dev/plan.json"));
    expect(more.out).toMatch(/fleet {6}\w+: \d+ x \S+ \(.+\) -> \d+ x \S+ \(.+\)/);
    const { cost, findings } = JSON.parse(readFileSync(file("more/comparison.json"), "utf8")) as Comparison;
    expect(cost.after).toBeGreaterThan(cost.before);
    expect(findings.new.concat(findings.fixed)).toEqual([]);
  });

  it.each<[string, string | undefined, RegExp]>([
    ["a file that is not there", undefined, /cannot read the baseline .*base\.json: ENOENT/],
    ["a file that is not JSON", "{", /the baseline .*base\.json is not JSON/],
    ["something else in JSON", "[]", /is not a plan: it has no schemaVersion; give the plan\.json/],
    ["the plan of another version", '{"schemaVersion":99}', /has schemaVersion 99; this holdfast compares with 1/],
    [
      "half a plan",
      '{"schemaVersion":1,"environment":"dev"}',
      /is not a whole plan.*\n {2}resources: .*(\n.*)*and 2 more/,
    ],
    [
      "the plan of another environment",
      JSON.stringify({
        schemaVersion: 1,
        environment: "prod",
        resources: [],
        findings: [],
        exposure: { verdict: "none", endpoints: [] },
        cost: { monthlyUsd: 0, currency: "USD", lines: [], notPriced: [] },
        sizing: [],
      }),
      /is a plan of "prod"; .* this is one of "dev"/,
    ],
  ])("answers %s with exit code 2 and what to give", async (_what, text, expected) => {
    project.copy("dev");
    const name = `${String(text?.length)}-base.json`;
    if (text !== undefined) writeFileSync(file(name), text);
    const { code, err, out } = await project.holdfast("plan", "dev", "--out", file("bad"), "--baseline", file(name));
    expect(err).toMatch(expected);
    expect([code, out]).toEqual([2, ""]);
  });
});
