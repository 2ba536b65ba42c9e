import { unknownValue, type PropertyValue } from "../graph/property-value";
import { ResourceGraph } from "../graph/resource-graph";
import type { PlannedResource } from "../graph/planned-resource";
import { makeUrn } from "../graph/urn";
import type { ExampleResource, ExampleValue, Reference } from "./rule-example";

const stack = "example";
const project = "example";

/** The graph of an example: URNs, unknowns and property dependencies as the engine would record them. */
export function exampleGraph(resources: readonly ExampleResource[]): ResourceGraph {
  const urns = new Map<string, string>();
  for (const { name, type, parent } of resources)
    urns.set(name, makeUrn(stack, project, parent === undefined ? undefined : urns.get(parent), type, name));
  return new ResourceGraph(resources.map((resource) => planned(resource, urns)));
}

/** The name of an example's resource from its URN. */
export function exampleName(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

function planned(example: ExampleResource, urns: ReadonlyMap<string, string>): PlannedResource {
  const urn = urns.get(example.name) ?? "";
  const propertyDependencies: Record<string, readonly string[]> = {};
  const inputs: Record<string, PropertyValue> = {};
  for (const [key, value] of Object.entries(example.inputs ?? {})) {
    const references = new Set<string>();
    inputs[key] = resolve(value, references);
    if (references.size > 0) propertyDependencies[key] = [...references].map((name) => known(urns, name));
  }
  return {
    urn,
    type: example.type,
    name: example.name,
    ...(example.parent === undefined ? {} : { parent: known(urns, example.parent) }),
    custom: /^(aws|kubernetes|docker):/.test(example.type),
    inputs,
    ...(example.outputs === undefined ? {} : { outputs: example.outputs }),
    dependencies: [...new Set(Object.values(propertyDependencies).flat())],
    propertyDependencies,
    protect: example.protect ?? false,
    retainOnDelete: example.retainOnDelete ?? false,
    ...(example.provider === undefined ? {} : { provider: example.provider }),
  };
}

function known(urns: ReadonlyMap<string, string>, name: string): string {
  const urn = urns.get(name);
  if (urn === undefined) throw new Error(`the example refers to "${name}", which it does not hold`);
  return urn;
}

function resolve(value: ExampleValue, references: Set<string>): PropertyValue {
  if (isReference(value)) {
    references.add(value.referenceTo);
    return unknownValue;
  }
  if (Array.isArray(value)) return (value as readonly ExampleValue[]).map((item) => resolve(item, references));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value as Readonly<Record<string, ExampleValue>>).map(([key, item]) => [
        key,
        resolve(item, references),
      ]),
    );
  }
  return value;
}

function isReference(value: ExampleValue): value is Reference {
  return (
    typeof value === "object" && value !== null && typeof (value as { referenceTo?: unknown }).referenceTo === "string"
  );
}
