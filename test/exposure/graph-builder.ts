import { makeUrn, ResourceGraph, unknownValue, type PlannedResource, type PropertyValue } from "@holdfast/policies";

/** Stands for an output of another resource that is not known before deployment, as a plan would hold it. */
export class Ref {
  constructor(readonly urn: string) {}
}

export type Value = string | number | boolean | null | Ref | readonly Value[] | { readonly [key: string]: Value };

/** Builds a plan by hand: outputs are unknown, and the record of where they come from is kept as the engine keeps it. */
export class GraphBuilder {
  readonly resources: PlannedResource[] = [];

  add(type: string, name: string, inputs: Readonly<Record<string, Value>> = {}, parent?: Ref): Ref {
    const urn = makeUrn("prod", "llm", parent?.urn, type, name);
    const propertyDependencies: Record<string, string[]> = {};
    for (const [key, value] of Object.entries(inputs)) {
      const urns = [...new Set(refsIn(value))];
      if (urns.length > 0) propertyDependencies[key] = urns;
    }
    this.resources.push({
      urn,
      type,
      name,
      ...(parent === undefined ? {} : { parent: parent.urn }),
      custom: !/^[a-z]+:index:/.test(type) || type.startsWith("docker:"),
      inputs: Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, plain(value)])),
      dependencies: [...new Set(Object.values(propertyDependencies).flat())],
      propertyDependencies,
      protect: false,
    });
    return new Ref(urn);
  }

  graph(): ResourceGraph {
    return new ResourceGraph(this.resources);
  }
}

function refsIn(value: Value): string[] {
  if (value instanceof Ref) return [value.urn];
  if (isList(value)) return value.flatMap(refsIn);
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(refsIn) : [];
}

function plain(value: Value): PropertyValue {
  if (value instanceof Ref) return unknownValue;
  if (isList(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
