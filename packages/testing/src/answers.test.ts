import { unknownValue } from "@holdfast/policies";
import * as ec2 from "@pulumi/aws/ec2";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { Answers, ProgramFunction } from "./plan";
import { planProgram } from "./plan-program";

const plan = (program: () => unknown, answers: Answers = {}, more: Partial<ProgramFunction> = {}) =>
  planProgram({ program, project: "shop", stack: "dev", answers, ...more });

class RemoteCluster extends pulumi.ComponentResource {
  constructor(name: string) {
    super("eks:index:Cluster", name, { version: "1.34", kubeconfig: undefined }, {}, true);
  }
}

describe("what only the cloud can say", () => {
  test("a lookup is refused at once, by name", async () => {
    const looked = plan(() => ec2.getVpcOutput({ default: true }).id);
    await expect(looked).rejects.toThrow(
      /looks something up in the cloud: aws:ec2\/getVpc:getVpc.*components make no lookups/,
    );
  });

  test("a lookup that has an answer gets it, and the plan says so", async () => {
    const result = await plan(() => ({ cidr: ec2.getVpcOutput({ default: true }).cidrBlock }), {
      invokes: {
        "aws:ec2/getVpc:getVpc": (args) => ({
          id: "vpc-1",
          cidrBlock: args.default === true ? "10.0.0.0/8" : "none",
        }),
      },
    });
    expect(result.stackOutputs).toEqual({ cidr: "10.0.0.0/8" });
    expect(result.invokes).toEqual([{ token: "aws:ec2/getVpc:getVpc", args: { default: true } }]);
  });

  test("a lookup about something that does not exist yet stays unknown, answer or not", async () => {
    const answers = { invokes: { "aws:ec2/getVpc:getVpc": { id: "vpc-1", cidrBlock: "10.0.0.0/8" } } };
    const { stackOutputs } = await plan(() => {
      const vpc = new ec2.Vpc("net");
      return {
        direct: ec2.getVpcOutput({ default: true }).cidrBlock,
        later: ec2.getVpcOutput({ default: true }, { dependsOn: [vpc] }).cidrBlock,
      };
    }, answers);
    expect(stackOutputs).toEqual({ direct: "10.0.0.0/8", later: unknownValue });
  });

  test("an existing resource has the identifier that was asked for; the rest is unknown", async () => {
    const result = await plan(() => {
      const bucket = s3.Bucket.get("old", "the-bucket");
      return { id: bucket.id, arn: bucket.arn };
    });
    const [bucket] = result.graph.ofType("aws:s3/bucket:Bucket");
    expect(bucket).toMatchObject({ id: "the-bucket", external: true, custom: true });
    expect(result.stackOutputs).toEqual({ id: "the-bucket", arn: unknownValue });
  });

  test("outputs of another stack: unknown, or as answered", async () => {
    const program = () => ({ vpc: new pulumi.StackReference("bank/network/prod").getOutput("vpcId") });
    expect((await plan(program)).stackOutputs).toEqual({ vpc: unknownValue });
    const answers = { stackReferences: { "bank/network/prod": { vpcId: "vpc-1" } } };
    const result = await plan(program, answers);
    expect(result.stackOutputs).toEqual({ vpc: "vpc-1" });
    expect(result.graph.ofType("pulumi:pulumi:StackReference")[0]?.id).toBe("bank/network/prod");
  });

  test("identifiers and outputs of resources can be answered", async () => {
    const result = await plan(
      () => {
        const vpc = new ec2.Vpc("net");
        return { arn: vpc.arn, id: vpc.id };
      },
      {
        resource: ({ type, name }) =>
          type === "aws:ec2/vpc:Vpc" ? { id: `vpc-${name}`, outputs: { arn: "arn:aws:ec2:::vpc" } } : undefined,
      },
    );
    expect(result.stackOutputs).toEqual({ arn: "arn:aws:ec2:::vpc", id: "vpc-net" });
    expect(result.graph.byIdentifier("vpc-net").map(({ name }) => name)).toEqual(["net"]);
  });

  test("a component that lives in a provider plugin is refused, or planned closed with a warning", async () => {
    await expect(plan(() => new RemoteCluster("c"))).rejects.toThrow(
      /eks:index:Cluster "c" lives in a provider plugin/,
    );
    const result = await plan(() => new RemoteCluster("c"), {}, { remoteComponents: "opaque" });
    expect(result.graph.ofType("eks:index:Cluster")[0]).toMatchObject({ inputs: { version: "1.34" }, custom: false });
    expect(result.diagnostics).toMatchObject([
      { severity: "warning", message: expect.stringContaining("not in this plan") as string },
    ]);
  });

  test("a method of a provider is refused by name", async () => {
    const called = plan(() => pulumi.runtime.call("eks:index:Cluster/getKubeconfig", {}));
    await expect(called).rejects.toThrow(/eks:index:Cluster\/getKubeconfig/);
  });
});
