import type * as pulumi from "@pulumi/pulumi";
import { ResourceGraph, type PlannedResource, type PropertyMap } from "@holdfast/policies";

/** The resources of the prod program, for code that is added to it. */
export class Prod {
  constructor(private readonly made: ReadonlyMap<string, pulumi.Resource>) {}

  /** The one resource of a type whose name ends like this. */
  get<R extends pulumi.Resource>(kind: new (...args: never[]) => R, nameEnd: string): R {
    const type = (kind as unknown as { __pulumiType: string }).__pulumiType;
    const found = [...this.made].filter(([key]) => key.startsWith(`${type}::`) && key.endsWith(nameEnd));
    const [[, resource] = []] = found;
    if (found.length !== 1 || resource === undefined)
      throw new Error(
        `${found.length} resources of type ${type} have a name that ends with "${nameEnd}"; expected one`,
      );
    return resource as R;
  }

  /** Every resource of a type whose name holds this. */
  all<R extends pulumi.Resource>(kind: new (...args: never[]) => R, namePart: string): R[] {
    const type = (kind as unknown as { __pulumiType: string }).__pulumiType;
    return [...this.made]
      .filter(([key]) => key.startsWith(`${type}::`) && key.includes(namePart))
      .map(([, one]) => one as R);
  }
}

/** One small way of exposing something. */
export interface Mutation {
  /** What somebody did, in one line. */
  readonly name: string;
  /** Code added behind the prod program. Everything it makes gets these options. */
  readonly add?: (prod: Prod, opts: pulumi.CustomResourceOptions) => void;
  /** Resources of the program that came out differently. */
  readonly change?: (plan: Edit) => void;
  /** What must then be exposed: the end of its URN, type and name. */
  readonly exposes: string;
  /** Who gets in. @default "internet" */
  readonly from?: string;
  /** What the way in must name, in any order. */
  readonly path: readonly string[];
}

/** Changes to a plan: what `transforms` or an edited argument would have done. */
export class Edit {
  readonly #changed = new Map<string, PlannedResource>();
  readonly #removed = new Set<string>();

  constructor(private readonly graph: ResourceGraph) {}

  /** Replaces inputs of a resource; `from` names the resources whose outputs flow into them. */
  set(
    type: string,
    nameEnd: string,
    inputs: PropertyMap,
    from: Readonly<Record<string, readonly string[]>> = {},
  ): void {
    const resource = this.find(type, nameEnd);
    this.#changed.set(resource.urn, {
      ...resource,
      inputs: { ...resource.inputs, ...inputs },
      propertyDependencies: { ...resource.propertyDependencies, ...from },
    });
  }

  unset(type: string, nameEnd: string, property: string): void {
    const resource = this.find(type, nameEnd);
    this.#changed.set(resource.urn, {
      ...resource,
      inputs: Object.fromEntries(Object.entries(resource.inputs).filter(([key]) => key !== property)),
    });
  }

  remove(type: string, nameEnd: string): void {
    this.#removed.add(this.find(type, nameEnd).urn);
  }

  find(type: string, nameEnd: string): PlannedResource {
    const found = this.graph.ofType(type).filter(({ name }) => name.endsWith(nameEnd));
    const [resource] = found;
    if (found.length !== 1 || resource === undefined)
      throw new Error(
        `${found.length} resources of type ${type} have a name that ends with "${nameEnd}"; expected one`,
      );
    return this.#changed.get(resource.urn) ?? resource;
  }

  result(): ResourceGraph {
    return new ResourceGraph(
      this.graph.resources.filter(({ urn }) => !this.#removed.has(urn)).map((one) => this.#changed.get(one.urn) ?? one),
    );
  }
}
