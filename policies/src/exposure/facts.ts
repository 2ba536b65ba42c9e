import type { PlannedResource } from "../graph/planned-resource";
import {
  isPropertyList,
  isPropertyMap,
  isSecret,
  isUnknown,
  read,
  type PropertyMap,
  type PropertyPath,
  type PropertyValue,
} from "../graph/property-value";
import { sourcesOf, type ResourceGraph } from "../graph/resource-graph";
import { referencedUrn } from "../graph/wire-value";

/** What a property leads to, with the parts that lead nowhere in this program kept apart. */
export interface Join {
  readonly resources: readonly PlannedResource[];
  /** Known identifiers that no resource of the program has. */
  readonly outside: readonly string[];
  /** Parts that are not known yet and come from nothing that was asked for. */
  readonly unknown: readonly string[];
  /** Whether the property is set at all. */
  readonly present: boolean;
}

export const nothing: Join = { resources: [], outside: [], unknown: [], present: false };

/** Reads resources of a graph the way the proof needs it: joins, three-valued booleans, and names for people. */
export class Facts {
  readonly #joins = new Map<string, Join>();
  #names: Map<string, PlannedResource[]> | undefined;
  readonly #asked = new Set<string>();
  readonly #assumptions = new Map<string, Set<string>>();

  constructor(readonly graph: ResourceGraph) {}

  /** All resources whose type matches, for kinds that come in many versions. */
  matching(pattern: RegExp): readonly PlannedResource[] {
    const types = new Set(this.graph.resources.map(({ type }) => type).filter((type) => pattern.test(type)));
    return types.size === 0 ? [] : this.of([...types]);
  }

  /** Kinds of resources in the program that no question was about. */
  get overlooked(): readonly string[] {
    const types = this.graph.resources.filter(
      ({ custom, type }) => custom && !this.#asked.has(type) && !type.startsWith("pulumi:"),
    );
    return [...new Set(types.map(({ type }) => type))].sort();
  }

  /** Notes what an answer takes for granted, and about what. */
  assume(text: string, about: string): void {
    const known = this.#assumptions.get(text);
    if (known === undefined) this.#assumptions.set(text, new Set([about]));
    else known.add(about);
  }

  get assumptions(): readonly string[] {
    return [...this.#assumptions].map(([text, about]) => `${text}: ${[...about].join(", ")}`);
  }

  /** All resources of some types. What is never asked for is not looked at: see `overlooked`. */
  of(types: readonly string[]): readonly PlannedResource[] {
    for (const type of types) this.#asked.add(type);
    return this.graph.ofType(types);
  }

  /**
   * The resources that a property refers to. A known identifier is looked up; where the value is unknown, the engine's record
   * of which outputs flow into the property says where it comes from.
   */
  join(resource: PlannedResource, path: PropertyPath, types: readonly string[]): Join {
    const key = `${resource.urn}\n${typeof path === "string" ? path : path.join(".")}\n${types[0] ?? ""}`;
    const known = this.#joins.get(key);
    if (known !== undefined) return known;
    const joined = this.#join(resource, path, types);
    for (const { type } of joined.resources) this.#asked.add(type);
    this.#joins.set(key, joined);
    return joined;
  }

  /** The same over several properties. */
  joinAll(resource: PlannedResource, paths: readonly PropertyPath[], types: readonly string[]): Join {
    return merge(paths.map((path) => this.join(resource, path, types)));
  }

  #join(resource: PlannedResource, path: PropertyPath, types: readonly string[]): Join {
    const reading = read(resource.inputs, path);
    if (reading.state === "absent") return nothing;
    const property = headOf(path);
    const found = new Set<PlannedResource>();
    const strange: string[] = [];
    let unknowns = reading.state === "unknown" ? 1 : 0;
    if (reading.state === "known") {
      for (const leaf of leaves(reading.value)) {
        if (isUnknown(leaf) || isSecret(leaf)) {
          unknowns += 1;
          continue;
        }
        const targets = this.#identified(leaf, types);
        if (targets.length === 0 && typeof leaf === "string" && leaf !== "") strange.push(leaf);
        for (const target of targets) found.add(target);
      }
    }
    const sources = resource.propertyDependencies[property] ?? [];
    if (unknowns === 0 && strange.length === 0)
      return { resources: [...found], outside: [], unknown: [], present: true };
    const wanted = sources.flatMap((urn) => this.graph.byUrn(urn) ?? []).filter(({ type }) => types.includes(type));
    if (unknowns > 0) for (const source of wanted) found.add(source);
    // A value that came from a resource of the program is that resource, even where a test stands in an invented identifier; what
    // stands beside it and came from nowhere is somebody else's.
    const explained = sourcesOf(strange, wanted, unknowns);
    for (const source of explained) if (source !== undefined) found.add(source);
    const outside = strange.filter((_, index) => explained[index] === undefined);
    const from = sources.length === 0 ? "" : `, it comes from ${sources.join(", ")}`;
    const open = unknowns > 0 && wanted.length === 0;
    return {
      resources: [...found],
      outside,
      unknown: open ? [`${property} of ${this.name(resource)} is not known before deployment${from}`] : [],
      present: true,
    };
  }

  #identified(leaf: PropertyValue, types: readonly string[]): readonly PlannedResource[] {
    if (typeof leaf === "string") {
      const identified = this.graph.byIdentifier(leaf).filter(({ type }) => types.includes(type));
      return identified.length > 0 ? identified : this.#named(leaf).filter(({ type }) => types.includes(type));
    }
    const urn = referencedUrn(leaf);
    const target = urn === undefined ? undefined : this.graph.byUrn(urn);
    return target !== undefined && types.includes(target.type) ? [target] : [];
  }

  /** Resources that go by a name of their own in the cloud, for properties that refer by name. */
  #named(name: string): readonly PlannedResource[] {
    if (this.#names === undefined) {
      this.#names = new Map();
      for (const resource of this.graph.resources) {
        for (const key of ["name", "bucket", "identifier"]) {
          // What a bucket's own resources call "bucket" is a reference, so only the bucket itself has that name.
          if (key === "bucket" && !/^aws:s3\/bucket(V2)?:/.test(resource.type)) continue;
          for (const given of new Set([resource.inputs[key], resource.outputs?.[key]])) {
            if (typeof given !== "string" || isUnknown(given) || isSecret(given)) continue;
            const known = this.#names.get(given);
            if (known === undefined) this.#names.set(given, [resource]);
            else known.push(resource);
          }
        }
      }
    }
    return this.#names.get(name) ?? [];
  }

  /** A resource for people: what it is, its name, its URN. */
  name(resource: PlannedResource): string {
    return `${kindOf(resource.type)} "${resource.name}" (${resource.urn})`;
  }

  /** Why a property cannot be judged. */
  unknownText(resource: PlannedResource, property: string): string {
    const sources = resource.propertyDependencies[headOf(property)] ?? [];
    const from = sources.length === 0 ? "" : `, it comes from ${sources.join(", ")}`;
    return `${property} of ${this.name(resource)} is not known before deployment${from}`;
  }

  /** Whether any resource above this one has one of the given types. */
  isBelow(resource: PlannedResource, types: readonly string[]): boolean {
    return this.graph.parentChain(resource.urn).some(({ type }) => types.includes(type));
  }
}

/** The property that a path begins with: dependencies are recorded for that. */
export function headOf(path: PropertyPath): string {
  return typeof path === "string" ? (/^[^.[]+/.exec(path)?.[0] ?? "") : String(path[0]);
}

export function merge(joins: readonly Join[]): Join {
  if (joins.length === 1 && joins[0] !== undefined) return joins[0];
  return {
    resources: [...new Set(joins.flatMap(({ resources }) => resources))],
    outside: [...new Set(joins.flatMap(({ outside }) => outside))],
    unknown: [...new Set(joins.flatMap(({ unknown }) => unknown))],
    present: joins.some(({ present }) => present),
  };
}

export type Truth = boolean | "unknown" | undefined;

/** A boolean property; `undefined` when absent. The texts "true" and "false" count, as the AWS provider accepts them. */
export function truth(properties: PropertyValue | undefined, path: PropertyPath): Truth {
  const reading = read(properties, path);
  if (reading.state === "absent") return undefined;
  if (reading.state === "unknown") return "unknown";
  if (reading.value === true || reading.value === "true") return true;
  if (reading.value === false || reading.value === "false") return false;
  return "unknown";
}

/** A text property; `"unknown"` is told apart by being wrapped. */
export function text(properties: PropertyValue | undefined, path: PropertyPath): string | undefined {
  const reading = read(properties, path);
  if (reading.state !== "known") return undefined;
  return typeof reading.value === "string"
    ? reading.value
    : typeof reading.value === "number"
      ? String(reading.value)
      : undefined;
}

export function numeric(properties: PropertyValue | undefined, path: PropertyPath): number | undefined {
  const reading = read(properties, path);
  if (reading.state !== "known") return undefined;
  if (typeof reading.value === "number") return reading.value;
  return typeof reading.value === "string" && /^-?\d+$/.test(reading.value) ? Number(reading.value) : undefined;
}

/** Whether a property is there but cannot be read, as a whole or in some part. */
export function isHidden(properties: PropertyValue | undefined, path: PropertyPath): boolean {
  const reading = read(properties, path);
  if (reading.state === "unknown") return true;
  if (reading.state !== "known") return false;
  for (const leaf of leaves(reading.value)) if (isUnknown(leaf) || isSecret(leaf)) return true;
  return false;
}

export function isSet(properties: PropertyValue | undefined, path: PropertyPath): boolean {
  const reading = read(properties, path);
  return reading.state !== "absent" && !(reading.state === "known" && reading.value === "");
}

/** The known texts in a property that may be one text or a list of them. */
export function texts(properties: PropertyValue | undefined, path: PropertyPath): readonly string[] {
  const reading = read(properties, path);
  if (reading.state !== "known") return [];
  return [...leaves(reading.value)].filter(
    (leaf): leaf is string => typeof leaf === "string" && !isUnknown(leaf) && !isSecret(leaf),
  );
}

/** The objects of a list property, or the one object that stands in its place. */
export function objects(properties: PropertyValue | undefined, path: PropertyPath): readonly PropertyMap[] {
  const reading = read(properties, path);
  if (reading.state !== "known") return [];
  if (isPropertyList(reading.value)) return reading.value.filter(isPropertyMap);
  return isPropertyMap(reading.value) ? [reading.value] : [];
}

/** The texts, resource references and markers inside a property. Numbers and booleans refer to nothing. */
export function* leaves(value: PropertyValue): Iterable<PropertyValue> {
  if (isPropertyList(value)) for (const item of value) yield* leaves(item);
  else if (isPropertyMap(value) && referencedUrn(value) === undefined)
    for (const item of Object.values(value)) yield* leaves(item);
  else if (typeof value === "string" || isPropertyMap(value)) yield value;
}

/** `aws:ec2/internetGateway:InternetGateway` as "internet gateway"; a word that says little gets its service: "kms key". */
export function kindOf(type: string): string {
  const [, module = "", last = type] = type.split(":");
  const words = last
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase();
  const service = module.split("/")[0] ?? "";
  return vague.has(words) && service !== "" ? `${service} ${words}` : words;
}

const vague: ReadonlySet<string> = new Set([
  ...["api", "cluster", "domain", "endpoint", "function", "group", "instance", "integration", "key", "listener"],
  ...["permission", "policy", "repository", "role", "secret", "service", "stage", "topic", "queue", "vault"],
]);
