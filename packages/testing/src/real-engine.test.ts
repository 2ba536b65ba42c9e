import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readPreviewJson, type PlannedResource } from "@holdfast/policies";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { readStackConfig } from "./config/read-stack-config";
import { planProgram } from "./plan-program";
import { findGo } from "./rehearsal/build-pulumi";
import { findPulumi } from "./rehearsal/find-pulumi";
import { RehearsalHome } from "./rehearsal/rehearsal-home";
import { createStack, expectDone, runPulumi } from "./rehearsal/run-pulumi";

/** Everything the two engines could see differently, and no value that only a provider would make up. */
const program = `
const pulumi = require("@pulumi/pulumi");
const aws = require("@pulumi/aws");
class Store extends pulumi.ComponentResource {
  constructor(name, args, opts) {
    super("shop:index:Store", name, args, { ...opts, protect: true });
    this.bucket = new aws.s3.Bucket(name + "-bucket", { bucket: "fixed-bucket", tags: { owner: args.owner } },
      { parent: this, retainOnDelete: true, ignoreChanges: ["tags"], additionalSecretOutputs: ["arn"] });
    this.registerOutputs({ arn: this.bucket.arn, plain: 1 });
  }
}
const config = new pulumi.Config();
pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
  type === "aws:ec2/vpc:Vpc" ? { props: { ...props, tags: { by: "transform" } }, opts: { ...opts, protect: true } } : undefined);
const store = new Store("models", { owner: config.require("owner"), token: pulumi.secret("hunter2") }, {
  transforms: [({ type, props, opts }) => (type === "aws:s3/bucket:Bucket" ? { props: { ...props, forceDestroy: false }, opts } : undefined)],
});
const west = new aws.Provider("west", { region: "eu-west-1" });
const vpc = new aws.ec2.Vpc("net", { cidrBlock: "10.0.0.0/16" }, { replaceOnChanges: ["cidrBlock"], provider: west });
new aws.ec2.Subnet("a", { vpcId: vpc.id, cidrBlock: vpc.cidrBlock, tags: { arn: store.bucket.arn, own: "yes" } },
  { dependsOn: [store], transforms: [({ props, opts }) => ({ props: { ...props, mapPublicIpOnLaunch: false }, opts })] });
const group = new aws.ec2.SecurityGroup("g", { name: "grp", vpcId: vpc.id, description: pulumi.secret("hunter3") }, { transforms: [() => undefined] });
new aws.vpc.SecurityGroupIngressRule("rule",
  { securityGroupId: group.id, referencedSecurityGroupId: group.id, ipProtocol: "tcp", fromPort: 1, toPort: 1 }, { deletedWith: group });
new aws.s3.BucketObjectv2("object", { bucket: store.bucket.bucket, key: "k", source: new pulumi.asset.StringAsset("text") },
  { hooks: { afterCreate: [new pulumi.ResourceHook("warm", () => undefined)] } });
`;

// Below the repository, so that the program finds the installed packages.
const programs = resolve(__dirname, "../../../out/programs");
mkdirSync(programs, { recursive: true });
const folder = mkdtempSync(join(programs, "engine-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const cli = findPulumi();
const standIn = existsSync(resolve(__dirname, "../dist/rehearsal/aws/aws-provider.js"));
const missing =
  cli === undefined
    ? findGo() === undefined
      ? "no Go, and no Pulumi command line"
      : "no Pulumi command line; `holdfast rehearse` builds it"
    : standIn
      ? undefined
      : "the stand-in provider is not compiled: npm run build";

/** What both engines say in the same way. A preview lists no aliases and no outputs of components. */
function common({
  urn,
  type,
  parent,
  custom,
  inputs,
  dependencies,
  propertyDependencies,
  ...rest
}: PlannedResource): object {
  const plain = Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== "__internal"));
  const flows = Object.entries(propertyDependencies).filter(([, urns]) => urns.length > 0);
  const {
    protect,
    provider,
    retainOnDelete,
    ignoreChanges,
    replaceOnChanges,
    deletedWith,
    hooks,
    additionalSecretOutputs,
  } = rest;
  return {
    ...{ urn, type, parent, custom, inputs: plain, protect, provider, retainOnDelete, ignoreChanges, replaceOnChanges },
    ...{ deletedWith, hooks, additionalSecretOutputs },
    dependencies: [...dependencies].sort(),
    propertyDependencies: Object.fromEntries(flows.map(([key, urns]) => [key, [...urns].sort()])),
  };
}

describe("against the real engine", () => {
  beforeEach((context) => {
    if (missing !== undefined) context.skip(missing);
  });

  test("a preview by the real engine shows the same resources, field by field", async () => {
    const files = {
      "Pulumi.yaml": "name: shop\nruntime: { name: nodejs }\nmain: program/\nstackConfigDir: config\n",
      "config/Pulumi.dev.yaml": "config:\n  shop:owner: me\n  aws:region: eu-central-1\n",
      "program/package.json": '{ "name": "shop", "version": "1.0.0" }',
      "program/index.js": program,
    };
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    const source = readStackConfig(folder, "dev");
    if (cli === undefined) throw new Error("skipped above");
    const home = new RehearsalHome(cli, source);
    try {
      await createStack(home);
      const { stdout } = await expectDone(runPulumi(home, ["preview", "--json", "--stack", "dev"]));
      const real = readPreviewJson(JSON.parse(stdout));
      const { graph } = await planProgram(source);
      const byUrn = (resources: readonly PlannedResource[]) =>
        Object.fromEntries(resources.map((resource) => [resource.urn, common(resource)]));
      expect(byUrn(graph.resources)).toEqual(byUrn(real.resources));
      expect(graph.resources).toHaveLength(9);
    } finally {
      home.remove();
    }
  }, 120_000);
});
