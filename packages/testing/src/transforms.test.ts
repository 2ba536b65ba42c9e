import { unknownValue } from "@holdfast/policies";
import * as ec2 from "@pulumi/aws/ec2";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { planProgram } from "./plan-program";

const plan = (program: () => unknown) => planProgram({ program, project: "shop", stack: "dev" });

/** A transform that notes its turn in a tag and asks for protection. */
function sign(mark: string): pulumi.ResourceTransform {
  return ({ type, props, opts }) => {
    if (type !== "aws:s3/bucket:Bucket") return undefined;
    const tags = props.tags as Record<string, string> | undefined;
    return {
      props: { ...props, tags: { ...tags, by: `${tags?.by ?? ""}${mark}` } },
      opts: { ...opts, protect: true },
    };
  };
}

class Shelf extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions, own: pulumi.ResourceTransform[] = []) {
    super("shop:index:Shelf", name, {}, opts);
    new s3.Bucket(`${name}-bucket`, { bucketPrefix: "x" }, { parent: this, transforms: own });
    this.registerOutputs();
  }
}

describe("transforms run as the engine runs them", () => {
  test("a resource's own first, then its parents', then the stack's", async () => {
    const { graph } = await plan(() => {
      pulumi.runtime.registerResourceTransform(sign("3"));
      new Shelf("s", { transforms: [sign("2")] }, [sign("1")]);
    });
    const [bucket] = graph.ofType("aws:s3/bucket:Bucket");
    expect(bucket?.inputs).toEqual({ bucketPrefix: "x", tags: { by: "123" } });
    expect(bucket?.protect).toBe(true);
  });

  test("the program sees the changed values", async () => {
    const { stackOutputs } = await plan(() => {
      const bucket = new s3.Bucket(
        "b",
        { bucket: "asked" },
        { transforms: [({ props, opts }) => ({ props: { ...props, bucket: "given" }, opts })] },
      );
      return { bucket: bucket.bucket };
    });
    expect(stackOutputs).toEqual({ bucket: "given" });
  });

  test("a transform that changes nothing keeps unknowns, secrets and dependencies", async () => {
    const { graph } = await plan(() => {
      const vpc = new ec2.Vpc("net");
      new ec2.Subnet(
        "a",
        { vpcId: vpc.id, tags: { key: pulumi.secret("hunter2") } },
        { transforms: [() => undefined] },
      );
    });
    const [subnet] = graph.ofType("aws:ec2/subnet:Subnet");
    const [vpc] = graph.ofType("aws:ec2/vpc:Vpc");
    expect(subnet?.inputs).toEqual({ vpcId: unknownValue, tags: { key: "[secret]" } });
    expect(subnet?.propertyDependencies).toEqual({ vpcId: [vpc?.urn] });
    expect(subnet?.dependencies).toEqual([vpc?.urn]);
  });

  test("a transform that changes something keeps secrets secret, also those it never looks at", async () => {
    const { graph } = await plan(() => {
      new s3.Bucket(
        "b",
        { bucket: pulumi.secret("hunter2"), tags: { key: pulumi.secret("hunter3") } },
        { transforms: [sign("1")] },
      );
    });
    expect(graph.ofType("aws:s3/bucket:Bucket")[0]?.inputs).toMatchObject({ bucket: "[secret]" });
    expect(JSON.stringify(graph.resources)).not.toContain("hunter");
  });

  test("what a transform does to a component reaches its children", async () => {
    const { graph } = await plan(() => {
      new Shelf("s", {
        transforms: [
          ({ type, props, opts }) =>
            type === "shop:index:Shelf" ? { props, opts: { ...opts, protect: true } } : undefined,
        ],
      });
    });
    expect(graph.resources.map(({ name, protect }) => [name, protect])).toEqual([
      ["shop-dev", false],
      ["s", true],
      ["s-bucket", true],
    ]);
  });

  test("a transform that fails fails the plan with its own words", async () => {
    const broken = plan(() => {
      pulumi.runtime.registerResourceTransform(() => {
        throw new Error("not on my watch");
      });
      new s3.Bucket("b");
    });
    await expect(broken).rejects.toThrow("not on my watch");
  });

  test("transforms of provider functions change their arguments", async () => {
    const { invokes } = await planProgram({
      project: "shop",
      stack: "dev",
      answers: { invokes: { "aws:ec2/getAmi:getAmi": { id: "ami-1" } } },
      program: () => {
        pulumi.runtime.registerInvokeTransform(({ args, opts }) => ({ args: { ...args, owners: ["self"] }, opts }));
        return ec2.getAmiOutput({ nameRegex: "x" }).id;
      },
    });
    expect(invokes).toEqual([{ token: "aws:ec2/getAmi:getAmi", args: { nameRegex: "x", owners: ["self"] } }]);
  });
});
