import { planProgram } from "@holdfast/testing";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { HoldfastComponent, parseArgs } from "./component";

class Thing extends pulumi.CustomResource {
  constructor(name: string, opts: pulumi.CustomResourceOptions) {
    super("test:index:Thing", name, {}, opts);
  }
}

class Sample extends HoldfastComponent {
  constructor(name: string, protect?: boolean) {
    super("test:index:Sample", name, {});
    new Thing(this.childName("plain"), this.child());
    new Thing(this.childName("data"), this.stateful(protect));
    this.registerOutputs({});
  }
}

async function sample(protect?: boolean) {
  const { graph } = await planProgram({
    project: "p",
    stack: "s",
    program: () => {
      new Sample("x", protect);
    },
  });
  return (name: string) => graph.resources.find((resource) => resource.name === name);
}

describe("HoldfastComponent", () => {
  it("names children after itself, parents them, and protects and keeps what holds data", async () => {
    const find = await sample();
    expect(find("x-plain")).toMatchObject({ protect: false, parent: find("x")?.urn });
    expect(find("x-data")).toMatchObject({ protect: true, retainOnDelete: true, parent: find("x")?.urn });
  });

  it("lets go of data only when told to", async () => {
    const find = await sample(false);
    expect(find("x-data")?.protect).toBe(false);
    expect(find("x-data")?.retainOnDelete).not.toBe(true);
  });
});

describe("parseArgs", () => {
  const schema = z.strictObject({ cidr: z.string(), size: z.strictObject({ min: z.number() }).optional() });

  it("looks only at the fields of its schema", () => {
    expect(parseArgs("Sample", schema, { cidr: "10.0.0.0/16", network: pulumi.output("vpc-1") })).toEqual({
      cidr: "10.0.0.0/16",
    });
  });

  it("throws one error with every problem, each with its property path", () => {
    const attempt = () => parseArgs("Sample", schema, { cidr: 3, size: { min: "x" } });
    expect(attempt).toThrow(pulumi.InputPropertiesError);
    expect(attempt).toThrow(
      'Sample: 2 problems in its arguments\n  cidr: expected a text, got 3\n  size.min: expected a number, got "x"',
    );
  });

  it("refuses an Output, at any depth, where the plan depends on the value", () => {
    expect(() => parseArgs("Sample", schema, { cidr: "a", size: { min: pulumi.output(1) } })).toThrow(
      /size\.min: must be known at plan time, got an Output; pass a plain value/,
    );
  });
});
