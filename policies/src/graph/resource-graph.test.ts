import { describe, expect, test } from "vitest";
import type { PlannedResource } from "./planned-resource";
import { secretValue, unknownValue, type PropertyMap } from "./property-value";
import { ResourceGraph } from "./resource-graph";
import { makeUrn, parseUrn } from "./urn";

const urn = (name: string) => `urn:pulumi:s::p::t:m:${name}::${name}`;
const resource = (name: string, inputs: PropertyMap = {}, more: Partial<PlannedResource> = {}): PlannedResource => ({
  urn: urn(name),
  type: `t:m:${name}`,
  name,
  custom: true,
  inputs,
  dependencies: [],
  propertyDependencies: {},
  protect: false,
  ...more,
});

describe("ResourceGraph", () => {
  const graph = new ResourceGraph([
    resource("stack", {}, { custom: false, outputs: { id: "vpc-1" } }),
    resource("outer", {}, { parent: urn("stack"), custom: false }),
    resource("vpc", { name: "main" }, { parent: urn("outer"), id: "vpc-1", outputs: { arn: "arn:vpc" } }),
    resource("subnet", {}, { parent: urn("outer"), dependencies: [urn("vpc")] }),
  ]);
  const names = (resources: readonly PlannedResource[]) => resources.map(({ name }) => name);

  test("by URN, by type, by place", () => {
    expect(graph.byUrn(urn("vpc"))?.name).toBe("vpc");
    expect(graph.byUrn("urn:none")).toBeUndefined();
    expect(names(graph.ofType("t:m:vpc"))).toEqual(["vpc"]);
    expect(names(graph.ofType(new Set(["t:m:subnet", "t:m:vpc", "t:m:vpc"])))).toEqual(["vpc", "subnet"]);
    expect(names(graph.children(urn("outer")))).toEqual(["vpc", "subnet"]);
    expect(names(graph.descendants(urn("stack")))).toEqual(["outer", "vpc", "subnet"]);
    expect(names(graph.parentChain(urn("vpc")))).toEqual(["outer", "stack"]);
    expect(names(graph.dependents(urn("vpc")))).toEqual(["subnet"]);
  });

  test("by identifier: id, ARN, and a name only together with its type", () => {
    expect(names(graph.byIdentifier("vpc-1"))).toEqual(["vpc"]);
    expect(names(graph.byIdentifier("arn:vpc"))).toEqual(["vpc"]);
    expect(graph.byIdentifier("main")).toEqual([]);
    expect(names(graph.byIdentifier("main", "t:m:vpc"))).toEqual(["vpc"]);
    expect(graph.byIdentifier("vpc-1", "t:m:subnet")).toEqual([]);
  });

  test("a URN that is there twice is an error", () => {
    expect(() => new ResourceGraph([resource("a"), resource("a")])).toThrow(/two resources have the URN/);
  });

  test("parents that form a ring do not hang it", () => {
    const ring = new ResourceGraph([resource("a", {}, { parent: urn("b") }), resource("b", {}, { parent: urn("a") })]);
    expect(names(ring.parentChain(urn("a")))).toEqual(["b", "a"]);
  });
});

describe("references", () => {
  const targets = [resource("group", {}, { id: "sg-1" }), resource("vpc", {}, { id: "vpc-1" })];
  const refer = (inputs: PropertyMap, propertyDependencies: Record<string, readonly string[]> = {}) => {
    const rule = resource("rule", inputs, { propertyDependencies });
    const graph = new ResourceGraph([...targets, rule]);
    return (path: string, types?: string) => {
      const { resources, complete } = graph.references(rule, path, types);
      return [resources.map(({ name }) => name), complete];
    };
  };

  test("unknown: by what flows into the property, narrowed by type", () => {
    const found = refer({ groups: unknownValue }, { groups: [urn("vpc"), urn("group")] });
    expect(found("groups")).toEqual([["group", "vpc"], true]);
    expect(found("groups", "t:m:group")).toEqual([["group"], true]);
    expect(found("groups", "t:m:other")).toEqual([[], false]);
  });

  test("known: by identifier", () => {
    expect(refer({ groups: ["sg-1"] })("groups")).toEqual([["group"], true]);
    expect(refer({ groups: ["sg-1"] })("groups", "t:m:vpc")).toEqual([[], false]);
    expect(refer({ groups: ["sg-elsewhere"] })("groups")).toEqual([[], false]);
  });

  test("partly known: both", () => {
    expect(refer({ groups: ["vpc-1", unknownValue] }, { groups: [urn("group")] })("groups")).toEqual([
      ["group", "vpc"],
      true,
    ]);
    expect(refer({ groups: ["vpc-1", unknownValue] })("groups")).toEqual([["vpc"], false]);
  });

  test("known, but no identifier in the graph: by what flows into the property", () => {
    const nameless = new ResourceGraph([
      resource("group"),
      resource("vpc", {}, { id: "vpc-1", outputs: { owner: "111122223333" } }),
      resource(
        "rule",
        {
          groups: ["sg-9"],
          both: ["sg-9", "sg-elsewhere"],
          beside: [unknownValue, "sg-elsewhere"],
          owner: "111122223333",
          other: "vpc-2",
        },
        {
          propertyDependencies: {
            groups: [urn("group")],
            both: [urn("group")],
            beside: [urn("group")],
            owner: [urn("vpc")],
            other: [urn("vpc")],
          },
        },
      ),
    ]);
    const found = (path: string, types?: string) => {
      const [rule] = nameless.ofType("t:m:rule");
      if (rule === undefined) throw new Error("no rule");
      const { resources, complete } = nameless.references(rule, path, types);
      return [resources.map(({ name }) => name), complete];
    };
    expect(found("groups")).toEqual([["group"], true]);
    expect(found("groups", "t:m:vpc")).toEqual([[], false]);
    // One source explains one value: the other may be anything.
    expect(found("both")).toEqual([["group"], false]);
    // The unknown one is that source, so the other one is not.
    expect(found("beside")).toEqual([["group"], false]);
    // Another output of a resource whose id is known.
    expect(found("owner")).toEqual([["vpc"], true]);
    expect(found("other")).toEqual([[], false]);
  });

  test("below a property: the dependencies of the whole property", () => {
    const found = refer({ config: { subnet: unknownValue, size: 3 } }, { config: [urn("vpc")] });
    expect(found("config.subnet")).toEqual([["vpc"], true]);
    expect(found("config.size")).toEqual([[], true]);
  });

  test("absent, secret, and a reference to a whole resource", () => {
    expect(refer({})("groups")).toEqual([[], true]);
    expect(refer({ groups: secretValue })("groups")).toEqual([[], false]);
    const reference = {
      "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e",
      urn: urn("vpc"),
      id: "vpc-1",
    };
    expect(refer({ network: reference })("network")).toEqual([["vpc"], true]);
  });
});

describe("URNs", () => {
  test("apart and together", () => {
    const parent = makeUrn("s", "p", "urn:pulumi:s::p::pulumi:pulumi:Stack::p-s", "a:b:C", "c");
    expect(parent).toBe("urn:pulumi:s::p::a:b:C::c");
    const child = makeUrn("s", "p", parent, "d:e/f:F", "with::colons");
    expect(child).toBe("urn:pulumi:s::p::a:b:C$d:e/f:F::with::colons");
    expect(parseUrn(child)).toEqual({
      stack: "s",
      project: "p",
      parentTypes: ["a:b:C"],
      type: "d:e/f:F",
      name: "with::colons",
    });
    expect(parseUrn("not a urn")).toBeUndefined();
    expect(parseUrn("urn:pulumi:s::p::t")).toBeUndefined();
  });
});
