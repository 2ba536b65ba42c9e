import { secretValue, unknownValue, type PlannedResource } from "@holdfast/policies";
import * as ec2 from "@pulumi/aws/ec2";
import { Provider } from "@pulumi/aws";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { planProgram } from "./plan-program";
import type { Plan, ProgramFunction } from "./plan";

const plan = (program: () => unknown, more: Partial<ProgramFunction> = {}): Promise<Plan> =>
  planProgram({ program, project: "shop", stack: "dev", ...more });

function named(from: Plan, name: string): PlannedResource {
  const [found, ...more] = from.graph.resources.filter((resource) => resource.name === name);
  if (found === undefined || more.length > 0) throw new Error(`not exactly one resource is named ${name}`);
  return found;
}

class Outer extends pulumi.ComponentResource {
  readonly inner: Inner;
  constructor(name: string, args: { note?: pulumi.Input<string> } = {}, opts?: pulumi.ComponentResourceOptions) {
    super("shop:index:Outer", name, args, opts);
    this.inner = new Inner(`${name}-inner`, { parent: this });
    this.registerOutputs({ bucketArn: this.inner.bucket.arn, bucketCount: 1, password: pulumi.secret("hunter2") });
  }
}

class Inner extends pulumi.ComponentResource {
  readonly bucket: s3.Bucket;
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("shop:index:Inner", name, {}, opts);
    this.bucket = new s3.Bucket(`${name}-bucket`, {}, { parent: this });
    this.registerOutputs();
  }
}

describe("what a plan holds", () => {
  test("URNs carry the types of all parents, without the stack", async () => {
    const result = await plan(() => new Outer("o"));
    const bucket = named(result, "o-inner-bucket");
    expect(bucket.urn).toBe(
      "urn:pulumi:dev::shop::shop:index:Outer$shop:index:Inner$aws:s3/bucket:Bucket::o-inner-bucket",
    );
    expect(result.graph.parentChain(bucket.urn).map(({ name }) => name)).toEqual(["o-inner", "o", "shop-dev"]);
  });

  test("inputs and registered outputs of components", async () => {
    const outer = named(await plan(() => new Outer("o", { note: pulumi.secret("s3cret") })), "o");
    expect(outer.inputs).toEqual({ note: secretValue });
    expect(outer.outputs).toEqual({ bucketArn: unknownValue, bucketCount: 1, password: secretValue });
    expect(outer.custom).toBe(false);
  });

  test("which outputs flow into which property, and what is depended on besides", async () => {
    const result = await plan(() => {
      const vpc = new ec2.Vpc("net", { cidrBlock: "10.0.0.0/16" });
      const group = new ec2.SecurityGroup("group", { vpcId: vpc.id });
      const outer = new Outer("o");
      new ec2.Subnet(
        "a",
        { vpcId: vpc.id, cidrBlock: "10.0.1.0/24", tags: { group: group.arn } },
        { dependsOn: [outer] },
      );
    });
    const { urn: vpc } = named(result, "net");
    const { urn: group } = named(result, "group");
    const { urn: bucket } = named(result, "o-inner-bucket");
    const subnet = named(result, "a");
    expect(subnet.propertyDependencies).toEqual({ vpcId: [vpc], tags: [group] });
    expect(new Set(subnet.dependencies)).toEqual(new Set([vpc, group, bucket]));
    expect(result.graph.references(subnet, "vpcId").resources.map(({ name }) => name)).toEqual(["net"]);
  });

  test("options, and which of them children inherit", async () => {
    const result = await plan(() => {
      const outer = new Outer("kept", {}, { protect: true, retainOnDelete: true });
      new s3.Bucket(
        "plain",
        {},
        {
          ignoreChanges: ["tags"],
          replaceOnChanges: ["bucket"],
          deleteBeforeReplace: true,
          additionalSecretOutputs: ["arn"],
          customTimeouts: { create: "30m" },
          deletedWith: outer.inner.bucket,
          import: "already-there",
        },
      );
    });
    expect(named(result, "kept-inner-bucket")).toMatchObject({ protect: true, retainOnDelete: true });
    const plain = named(result, "plain");
    expect(plain).toMatchObject({
      protect: false,
      ignoreChanges: ["tags"],
      replaceOnChanges: ["bucket"],
      deleteBeforeReplace: true,
      additionalSecretOutputs: ["arn"],
      customTimeouts: { create: "30m" },
      deletedWith: named(result, "kept-inner-bucket").urn,
      importId: "already-there",
      id: "already-there",
    });
    expect(plain).not.toHaveProperty("retainOnDelete");
  });

  test("aliases as URNs, also those that children inherit", async () => {
    const result = await plan(() => {
      new Outer("new", {}, { aliases: [{ name: "old" }, { type: "legacy:index:Outer", project: "before" }] });
    });
    const outers = ["urn:pulumi:dev::shop::shop:index:Outer::old", "urn:pulumi:dev::before::legacy:index:Outer::new"];
    expect(named(result, "new").aliases).toEqual(outers);
    expect(named(result, "new-inner").aliases).toEqual([
      "urn:pulumi:dev::shop::shop:index:Outer$shop:index:Inner::old-inner",
      "urn:pulumi:dev::shop::legacy:index:Outer$shop:index:Inner::new-inner",
    ]);
    expect(named(result, "new-inner-bucket").aliases).toContain(
      "urn:pulumi:dev::shop::shop:index:Outer$shop:index:Inner$aws:s3/bucket:Bucket::old-inner-bucket",
    );
  });

  test("providers: the default of each version, and one that was made", async () => {
    const result = await plan(() => {
      new s3.Bucket("first");
      const other = new Provider("west", { region: "eu-west-1" });
      new s3.Bucket("second", {}, { provider: other });
      new Outer("third", {}, { providers: [other] });
    });
    const west = named(result, "west");
    const { version } = named(result, "first");
    expect(version).toMatch(/^7\./);
    expect(named(result, "first").provider).toBe(
      `urn:pulumi:dev::shop::pulumi:providers:aws::default_${String(version).replaceAll(".", "_")}::${unknownValue}`,
    );
    expect(named(result, "second").provider).toBe(`${west.urn}::${unknownValue}`);
    expect(named(result, "third-inner-bucket").provider).toBe(`${west.urn}::${unknownValue}`);
    expect(west.inputs).toMatchObject({ region: "eu-west-1" });
    expect(result.defaultProviders).toEqual([{ package: "aws", version }]);
  });

  test("what only the cloud knows is unknown, and code that waits for it does not run", async () => {
    let ran = false;
    const result = await plan(() => {
      const bucket = new s3.Bucket("b", { bucket: "fixed" });
      bucket.arn.apply(() => {
        ran = true;
      });
      return { id: bucket.id, arn: bucket.arn, bucket: bucket.bucket, text: pulumi.interpolate`s3://${bucket.id}/x` };
    });
    expect(result.stackOutputs).toEqual({ id: unknownValue, arn: unknownValue, bucket: "fixed", text: unknownValue });
    expect(ran).toBe(false);
  });

  test("a marker that was written into a text makes the text unknown", async () => {
    const result = await plan(() => ({ url: `https://${unknownValue}.example` }));
    expect(result.stackOutputs).toEqual({ url: unknownValue });
  });

  test("secrets never appear, wherever they flow", async () => {
    const marker = "hunter2";
    const result = await plan(
      () => {
        const secret = new pulumi.Config().requireSecret("key");
        const bucket = new s3.Bucket("b", { bucket: secret, tags: { nested: pulumi.interpolate`x-${secret}` } });
        new ec2.Vpc("v", { tags: { from: bucket.bucket } });
        return { secret, list: [secret], later: bucket.bucket };
      },
      { config: { "shop:key": marker }, secretKeys: ["shop:key"] },
    );
    expect(JSON.stringify([result.graph.resources, result.stackOutputs, result.diagnostics])).not.toContain(marker);
    expect(named(result, "b").inputs).toEqual({ bucket: secretValue, tags: { nested: secretValue } });
    expect(named(result, "v").inputs).toEqual({ tags: { from: secretValue } });
  });

  test("an output that the resource declares secret stays one although it is unknown", async () => {
    const result = await plan(() => ({ arn: new s3.Bucket("b", {}, { additionalSecretOutputs: ["arn"] }).arn }));
    expect(result.stackOutputs).toEqual({ arn: secretValue });
  });

  test("an encrypted configuration value is a secret of unknown value", async () => {
    let ran = false;
    const result = await plan(
      () => {
        const key = new pulumi.Config("other").requireSecret("key");
        const bucket = new s3.Bucket("b", { bucket: key });
        bucket.bucket.apply(() => {
          ran = true;
        });
        return { key };
      },
      { secretKeys: ["other:key"] },
    );
    expect(result.stackOutputs).toEqual({ key: secretValue });
    expect(named(result, "b").inputs).toEqual({ bucket: secretValue });
    expect(ran).toBe(false);
  });

  test("configuration, project, stack and organization", async () => {
    const read = () => ({
      plain: new pulumi.Config().require("size"),
      object: new pulumi.Config("other").requireObject("settings"),
      names: [pulumi.getProject(), pulumi.getStack(), pulumi.getOrganization()],
    });
    const config = { "shop:size": "3", "other:settings": '{"a":[1]}' };
    const result = await plan(read, { config, organization: "bank" });
    expect(result.stackOutputs).toEqual({ plain: "3", object: { a: [1] }, names: ["shop", "dev", "bank"] });
    expect((await plan(read, { config })).stackOutputs.names).toEqual(["shop", "dev", "organization"]);
  });

  test("hooks are bound and do not run", async () => {
    let ran = false;
    const result = await plan(() => {
      const hook = new pulumi.ResourceHook("warm-up", () => {
        ran = true;
      });
      new s3.Bucket("b", {}, { hooks: { afterCreate: [hook] } });
    });
    expect(named(result, "b").hooks).toEqual({ afterCreate: ["warm-up"] });
    expect(ran).toBe(false);
  });

  test("what the program says, with the resource that it is about", async () => {
    const result = await plan(() => {
      const bucket = new s3.Bucket("b");
      void pulumi.log.warn("mind the gap", bucket);
      console.log("hello %s", "there");
    });
    expect(result.diagnostics).toEqual([
      { severity: "info", message: "hello there" },
      { severity: "warning", message: "mind the gap", urn: named(result, "b").urn },
    ]);
  });

  test("resources that a program creates late, without anyone waiting for them", async () => {
    const { readFile } = await import("node:fs/promises");
    const result = await plan(() => {
      setTimeout(() => new s3.Bucket("later"), 30);
      void readFile(__filename).then(() => new s3.Bucket("after-reading"));
      const idle = setInterval(() => undefined, 60_000);
      idle.unref();
      return { idle: typeof idle };
    });
    expect(named(result, "later").custom && named(result, "after-reading").custom).toBe(true);
  });

  test("plans that are asked for at once do not see each other", async () => {
    const results = await Promise.all([1, 2, 3].map((n) => plan(() => new s3.Bucket(`b${n}`), { stack: `s${n}` })));
    expect(results.map(({ graph }) => graph.resources.map(({ name }) => name))).toEqual([
      ["shop-s1", "b1"],
      ["shop-s2", "b2"],
      ["shop-s3", "b3"],
    ]);
  });

  test("a plan leaves the process as it was", async () => {
    const state = () => ({
      folder: process.cwd(),
      arguments: process.argv,
      exit: Object.getOwnPropertyDescriptor(process, "exit")?.value as unknown,
      log: Object.getOwnPropertyDescriptor(console, "log")?.value as unknown,
      write: Object.getOwnPropertyDescriptor(process.stdout, "write")?.value as unknown,
      frames: Error.stackTraceLimit,
      listeners: [process.listeners("unhandledRejection"), process.listeners("uncaughtException")],
    });
    const before = state();
    await plan(() => new s3.Bucket("b"));
    await expect(plan(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(state()).toEqual(before);
    expect(state().exit).toBe(before.exit);
    expect(state().log).toBe(before.log);
  });

  test("the same program gives the same plan, byte for byte", async () => {
    const once = () => plan(() => [1, 2, 3].map((n) => new Outer(`o${n}`)).map(({ inner }) => inner.bucket.id));
    const [first, second] = [await once(), await once()];
    expect(JSON.stringify(second.graph.resources)).toBe(JSON.stringify(first.graph.resources));
  });
});
