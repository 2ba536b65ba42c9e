import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ProgramError, type Plan, type ProgramFile } from "./plan";
import { planProgram } from "./plan-program";

// Below the repository, so that the programs find the installed packages.
const programs = resolve(__dirname, "../../../out/programs");
mkdirSync(programs, { recursive: true });
const folder = mkdtempSync(join(programs, "run-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let count = 0;
function write(files: Record<string, string>): string {
  const root = join(folder, `p${count++}`);
  for (const [name, content] of Object.entries({
    "package.json": '{ "name": "shop", "version": "1.0.0" }',
    ...files,
  })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

const plan = (main: string, more: Partial<ProgramFile> = {}): Promise<Plan> =>
  planProgram({ main, project: "shop", stack: "dev", ...more });
const names = ({ graph }: Plan): string[] => graph.resources.map(({ name }) => name).sort();
const reason = async (planned: Promise<Plan>): Promise<string> => {
  const error: unknown = await planned.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ProgramError);
  return (error as ProgramError).message;
};

/** A program that uses everything that the two ways of running could treat differently. */
const everything = write({
  "index.ts": `
import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";
import { Store } from "./store";
import { readFile } from "fs/promises";

enum Size { Small = 3 }
const config = new pulumi.Config();
pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
  type === "aws:ec2/vpc:Vpc" ? { props: { ...props, tags: { by: "transform" } }, opts: { ...opts, protect: true } } : undefined);
const store = new Store("models", { owner: config.require("owner"), token: config.requireSecret("token") }, { aliases: [{ name: "old" }] });
const west = new aws.Provider("west", { region: "eu-west-1" });
const vpc = new aws.ec2.Vpc("net", { cidrBlock: "10.0.0.0/16" }, { deleteBeforeReplace: true, replaceOnChanges: ["cidrBlock"], provider: west });
const subnet = new aws.ec2.Subnet("a", { vpcId: vpc.id, cidrBlock: vpc.cidrBlock, tags: { arn: store.bucket.arn, own: "yes" } },
  { dependsOn: [store], customTimeouts: { create: "30m" }, transforms: [({ props, opts }) => ({ props: { ...props, mapPublicIpOnLaunch: false }, opts })] });
const hook = new pulumi.ResourceHook("warm", () => undefined);
new aws.s3.BucketObject("object", { bucket: store.bucket, key: "k", source: new pulumi.asset.StringAsset("text") }, { hooks: { afterCreate: [hook] } });
const old = aws.s3.Bucket.get("known", "known-id");
const other = new pulumi.StackReference("bank/net/prod");
pulumi.log.warn("take care", vpc);
setTimeout(() => new aws.s3.Bucket("late", { bucket: old.id }), 20);
readFile(__filename).then(() => new aws.s3.Bucket("read", { bucketPrefix: String(Size.Small) }));
export const outputs = { vpc: vpc.id, cidr: vpc.cidrBlock, secret: config.requireSecret("token"), other: other.getOutput("x"), subnet: subnet.tags };
export const where = [pulumi.getProject(), pulumi.getStack(), pulumi.getOrganization()];
`,
  "store.ts": `
import * as pulumi from "@pulumi/pulumi";
import * as s3 from "@pulumi/aws/s3";
export class Store extends pulumi.ComponentResource {
  readonly bucket: s3.Bucket;
  constructor(name: string, args: { owner: string; token: pulumi.Output<string> }, opts?: pulumi.ComponentResourceOptions) {
    super("shop:index:Store", name, args, { ...opts, protect: true });
    this.bucket = new s3.Bucket(name + "-bucket", { tags: { owner: args.owner } }, { parent: this, retainOnDelete: true, ignoreChanges: ["tags"], additionalSecretOutputs: ["arn"] });
    this.registerOutputs({ arn: this.bucket.arn, plain: 1 });
  }
}
`,
});

describe("programs in files", () => {
  test("in this process and by the SDK's own runner: the same plan", async () => {
    const request = { config: { "shop:owner": "me" }, secretKeys: ["shop:token"] };
    const inline = await plan(everything, { ...request, mode: "inline" });
    const own = await plan(everything, { ...request, mode: "process" });
    const byUrn = (from: Plan) => Object.fromEntries(from.graph.resources.map((resource) => [resource.urn, resource]));
    expect(Object.keys(byUrn(inline))).toHaveLength(11);
    expect(byUrn(own)).toEqual(byUrn(inline));
    expect(own.stackOutputs).toEqual(inline.stackOutputs);
    expect(own.diagnostics).toEqual(inline.diagnostics);
    expect(own.defaultProviders).toEqual(inline.defaultProviders);
  });

  test("positions are those in the author's own file", async () => {
    const { graph } = await plan(everything, { config: { "shop:owner": "me" }, secretKeys: ["shop:token"] });
    const positions = Object.fromEntries(graph.resources.map(({ name, sourcePosition }) => [name, sourcePosition]));
    expect(positions.net).toBe("project:///index.ts#13,13");
    expect(positions["models-bucket"]).toBe("project:///store.ts#8,19");
  });

  test("each plan runs the program anew, all its files", async () => {
    const main = write({
      "index.js": `require("./network"); exports.runs = globalThis.testRuns = (globalThis.testRuns ?? 0) + 1;`,
      "network.js": `const aws = require("@pulumi/aws"); new aws.ec2.Vpc("net");`,
    });
    expect(names(await plan(main))).toEqual(["net", "shop-dev"]);
    const second = await plan(main);
    expect(names(second)).toEqual(["net", "shop-dev"]);
    expect(second.stackOutputs).toEqual({ runs: 2 });
  });

  test("files beside the program's own folder are run anew too", async () => {
    const root = write({
      "app/index.js": `require("../shared");`,
      "shared.js": `const aws = require("@pulumi/aws"); new aws.ec2.Vpc("shared");`,
    });
    for (const round of [1, 2])
      expect([round, names(await plan(join(root, "app")))]).toEqual([round, ["shared", "shop-dev"]]);
  });

  test("an exported function is called, and what it resolves to are the outputs", async () => {
    const main = write({
      "index.js": `module.exports = async () => ({ answer: await Promise.resolve(42), cwd: process.cwd() });`,
    });
    expect((await plan(main)).stackOutputs).toEqual({ answer: 42, cwd: main });
  });

  test("the entry that package.json names, a file by its own name, a native ES module", async () => {
    const named = write({
      "package.json": '{ "name": "x", "main": "dist/start.js" }',
      "dist/start.js": "exports.from = __filename;",
    });
    expect((await plan(named)).stackOutputs).toEqual({ from: join(named, "dist/start.js") });
    expect((await plan(join(named, "dist/start.js"))).stackOutputs).toEqual({ from: join(named, "dist/start.js") });
    const esm = write({
      "package.json": '{ "name": "x", "type": "module" }',
      "index.js": "export const answer = await Promise.resolve(42);",
    });
    expect((await plan(esm)).stackOutputs).toEqual({ answer: 42 });
  });

  test.each(["inline", "process"] as const)("%s: an exception with the line where it was thrown", async (mode) => {
    const main = write({
      "index.ts": `interface A { b: string }\nconst a = {} as A;\n\nthrow new RangeError("out of " + typeof a.b);\n`,
    });
    expect(await reason(plan(main, { mode }))).toBe(`RangeError: out of undefined\n  at ${join(main, "index.ts")}:4:7`);
  });

  test.each(["inline", "process"] as const)("%s: two resources of one name, with both places", async (mode) => {
    const main = write({
      "index.js": `const { s3 } = require("@pulumi/aws");\nnew s3.Bucket("b");\n\n  new s3.Bucket("b");\n`,
    });
    const message = await reason(plan(main, { mode }));
    expect(message).toContain(`\n  at ${join(main, "index.js")}:2:1\n  at ${join(main, "index.js")}:4:3`);
  });

  test.each(["inline", "process"] as const)(
    "%s: a file that is missing, and one that cannot be parsed",
    async (mode) => {
      const missing = write({ "index.js": `require("./nowhere");` });
      expect(await reason(plan(missing, { mode }))).toContain("Cannot find module './nowhere'");
      const broken = write({ "index.js": `const = 1;` });
      expect(await reason(plan(broken, { mode }))).toContain("SyntaxError");
    },
  );

  test("a process that never ends, even in a loop without end, is stopped", async () => {
    const main = write({ "index.js": `for (;;);` });
    expect(await reason(plan(main, { mode: "process", timeoutMs: 1_500 }))).toBe(
      "the program did not end within 1.5 seconds",
    );
  });

  test("no program where one was expected", async () => {
    expect(await reason(plan(join(folder, "nowhere")))).toContain("no program at");
    expect(await reason(plan(write({ "readme.md": "" })))).toContain("no program in");
  });
});
