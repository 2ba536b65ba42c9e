import type { PlannedResource } from "./planned-resource";
import {
  isPropertyList,
  isPropertyMap,
  isSecret,
  isUnknown,
  parsePropertyPath,
  read,
  type PropertyPath,
  type PropertyValue,
} from "./property-value";
import { referencedUrn } from "./wire-value";

/** One type token or several. Several tokens can name the same cloud resource, for example `aws:lb/...` and `aws:alb/...`. */
export type TypeSelection = string | ReadonlySet<string> | readonly string[];

/** What a property refers to. */
export interface References {
  /** The resources of the plan that it refers to, each once, in the order of the plan. */
  readonly resources: readonly PlannedResource[];
  /**
   * Whether that is all it refers to. False when a part of the property is unknown and comes from no resource of the plan
   * that was asked for, is a secret, or is an identifier that no resource of the plan has.
   */
  readonly complete: boolean;
}

/** Every resource of a plan, with the questions that rules ask about them. */
export class ResourceGraph {
  /** In the order in which the program registered them. */
  readonly resources: readonly PlannedResource[];
  readonly #byUrn = new Map<string, PlannedResource>();
  readonly #byType = new Map<string, PlannedResource[]>();
  readonly #children = new Map<string, PlannedResource[]>();
  readonly #dependents = new Map<string, PlannedResource[]>();
  readonly #position = new Map<PlannedResource, number>();
  #identifiers: Map<string, PlannedResource[]> | undefined;

  constructor(resources: Iterable<PlannedResource>) {
    this.resources = [...resources];
    for (const resource of this.resources) {
      if (this.#byUrn.has(resource.urn))
        throw new Error(`two resources have the URN ${resource.urn}; a name may be used once per type and parent`);
      this.#byUrn.set(resource.urn, resource);
      this.#position.set(resource, this.#position.size);
      append(this.#byType, resource.type, resource);
      if (resource.parent !== undefined) append(this.#children, resource.parent, resource);
      for (const urn of new Set(resource.dependencies)) append(this.#dependents, urn, resource);
    }
  }

  byUrn(urn: string): PlannedResource | undefined {
    return this.#byUrn.get(urn);
  }

  /** All resources of one type or of several, in the order of the plan. */
  ofType(types: TypeSelection): readonly PlannedResource[] {
    if (typeof types === "string") return this.#byType.get(types) ?? [];
    return this.#inOrder([...new Set(types)].flatMap((type) => this.#byType.get(type) ?? []));
  }

  /** The resources whose parent this is. */
  children(urn: string): readonly PlannedResource[] {
    return this.#children.get(urn) ?? [];
  }

  /** Everything below a resource, at any depth. */
  descendants(urn: string): readonly PlannedResource[] {
    return this.children(urn).flatMap((child) => [child, ...this.descendants(child.urn)]);
  }

  /** The parents of a resource from the nearest outwards, the stack last. */
  parentChain(urn: string): readonly PlannedResource[] {
    const chain: PlannedResource[] = [];
    let resource = this.byUrn(urn);
    while (resource?.parent !== undefined) {
      resource = this.byUrn(resource.parent);
      if (resource === undefined || chain.includes(resource)) break;
      chain.push(resource);
    }
    return chain;
  }

  /** The resources that depend on this one directly. */
  dependents(urn: string): readonly PlannedResource[] {
    return this.#dependents.get(urn) ?? [];
  }

  /** The resources that a known identifier (id, ARN, or name together with a type) belongs to. */
  byIdentifier(identifier: string, types?: TypeSelection): readonly PlannedResource[] {
    this.#identifiers ??= indexIdentifiers(this.resources);
    const strong = (this.#identifiers.get(identifier) ?? []).filter((resource) => matches(resource, types));
    if (strong.length > 0 || types === undefined) return strong;
    return this.ofType(types).filter((resource) => names(resource).includes(identifier));
  }

  /**
   * The resources that a property refers to. A part that is known is found by its identifier; for a part that is unknown, and for
   * one that is no identifier in the graph, the engine's own record of which outputs flow into the property decides, narrowed to
   * the types asked for: the engine shows policies a resource's outputs and not its id, and not every provider repeats it there.
   */
  references(resource: PlannedResource, path: PropertyPath, types?: TypeSelection): References {
    const [property] = parsePropertyPath(path);
    const reading = read(resource.inputs, path);
    if (property === undefined || reading.state === "absent") return { resources: [], complete: true };
    const found: PlannedResource[] = [];
    let unknowns = reading.state === "unknown" ? 1 : 0;
    const strange: PropertyValue[] = [];
    if (reading.state === "known") {
      for (const leaf of leaves(reading.value)) {
        if (isUnknown(leaf) || isSecret(leaf)) unknowns += 1;
        else {
          const targets = this.#targets(leaf, types);
          if (targets.length === 0) strange.push(leaf);
          found.push(...targets);
        }
      }
    }
    const sources = (resource.propertyDependencies[String(property)] ?? []).flatMap((urn) => this.byUrn(urn) ?? []);
    const wanted = sources.filter((source) => matches(source, types));
    if (unknowns > 0) found.push(...wanted);
    const explained = sourcesOf(strange, wanted, unknowns);
    found.push(...explained.flatMap((source) => source ?? []));
    const complete = !(unknowns > 0 && wanted.length === 0) && !explained.includes(undefined);
    return { resources: this.#inOrder([...new Set(found)]), complete };
  }

  #targets(leaf: PropertyValue, types: TypeSelection | undefined): readonly PlannedResource[] {
    if (typeof leaf === "string") return this.byIdentifier(leaf, types);
    const urn = referencedUrn(leaf);
    const target = urn === undefined ? undefined : this.byUrn(urn);
    return target !== undefined && matches(target, types) ? [target] : [];
  }

  #inOrder(resources: readonly PlannedResource[]): readonly PlannedResource[] {
    return [...resources].sort((a, b) => (this.#position.get(a) ?? 0) - (this.#position.get(b) ?? 0));
  }
}

function matches(resource: PlannedResource, types: TypeSelection | undefined): boolean {
  if (types === undefined) return true;
  if (typeof types === "string") return resource.type === types;
  return "has" in types ? types.has(resource.type) : types.includes(resource.type);
}

/** The texts, resource references and markers inside a property. Numbers and booleans refer to nothing. */
function* leaves(value: PropertyValue): Iterable<PropertyValue> {
  if (isPropertyList(value)) for (const item of value) yield* leaves(item);
  else if (isPropertyMap(value) && referencedUrn(value) === undefined)
    for (const item of Object.values(value)) yield* leaves(item);
  else if (typeof value === "string" || isPropertyMap(value)) yield value;
}

function indexIdentifiers(resources: readonly PlannedResource[]): Map<string, PlannedResource[]> {
  const index = new Map<string, PlannedResource[]>();
  for (const resource of resources) {
    // The outputs of a component or of the stack are other resources' identifiers.
    if (!resource.custom) continue;
    const identifiers = [resource.id, resource.outputs?.id, resource.outputs?.arn, resource.urn];
    for (const identifier of new Set(identifiers)) {
      if (typeof identifier === "string" && identifier !== "" && !isUnknown(identifier) && !isSecret(identifier))
        append(index, identifier, resource);
    }
  }
  return index;
}

/** The cloud's identifier of a resource, where the document holds it. */
function identityOf({ id, outputs }: PlannedResource): string | undefined {
  const known = [id, outputs?.id].find((one) => typeof one === "string" && one !== "" && !isUnknown(one));
  return typeof known === "string" ? known : undefined;
}

/**
 * Where values come from that are known and that no resource is called by: for each its source among the resources whose outputs
 * flow into the property, or nothing. One source without an identifier explains one value, be it one of the unknown ones.
 */
export function sourcesOf(
  strange: readonly PropertyValue[],
  sources: readonly PlannedResource[],
  unknowns: number,
): readonly (PlannedResource | undefined)[] {
  const nameless = sources.filter((source) => identityOf(source) === undefined).slice(unknowns);
  return strange.map((leaf) => sources.find((source) => tells(source, leaf)) ?? nameless.shift());
}

/** Whether a value is an output of a resource, or made of its identifier, such as `arn:aws:s3:::models/*`. */
function tells(source: PlannedResource, leaf: PropertyValue): boolean {
  const outputs = Object.values(source.outputs ?? {});
  if (outputs.includes(leaf)) return true;
  const names = [identityOf(source), source.outputs?.arn];
  return (
    typeof leaf === "string" && names.some((name) => typeof name === "string" && name !== "" && leaf.includes(name))
  );
}

/** Names are unique per type only, so they count as identifiers only when a type is asked for. */
function names(resource: PlannedResource): readonly (PropertyValue | undefined)[] {
  return ["name", "bucket", "identifier"].flatMap((key) => [resource.outputs?.[key], resource.inputs[key]]);
}

function append<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
