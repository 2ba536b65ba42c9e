import { makeUrn, stackType, type PlannedResource, type PropertyMap } from "@holdfast/policies";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import { resolveAliases } from "./aliases";
import type { Registration, WireProperties } from "./registration";

/** A resource that the engine has accepted. */
export interface Registered {
  readonly registration: Registration;
  readonly planned: PlannedResource;
  readonly transforms: readonly Callback[];
  outputs: PropertyMap | undefined;
}

/** Everything that has been registered so far, in that order. */
export class RegisteredResources {
  readonly #stack: string;
  readonly #project: string;
  readonly #byUrn = new Map<string, Registered>();

  constructor(stack: string, project: string) {
    this.#stack = stack;
    this.#project = project;
  }

  get(urn: string | undefined): Registered | undefined {
    return urn === undefined ? undefined : this.#byUrn.get(urn);
  }

  add(registered: Registered): void {
    this.#byUrn.set(registered.planned.urn, registered);
  }

  urnOf(registration: Registration): string {
    return makeUrn(this.#stack, this.#project, registration.parent, registration.type, registration.name);
  }

  /** URNs under which a resource may have been known before. */
  aliasesOf({ type, name, parent, options }: Registration): string[] {
    const parentAliases = this.get(parent)?.planned.aliases ?? [];
    if (options.aliases.length === 0 && parentAliases.length === 0) return [];
    return resolveAliases(
      { stack: this.#stack, project: this.#project, type, name, parent },
      options.aliases,
      parentAliases,
    );
  }

  /** The parents of a resource, the nearest first. */
  *parentsOf(registration: Registration): Iterable<Registered> {
    for (
      let parent = this.get(registration.parent);
      parent !== undefined;
      parent = this.get(parent.registration.parent)
    )
      yield parent;
  }

  /** Whether the result of something that depends on a resource can only be known once it exists. */
  awaitsCreation(urn: string): boolean {
    const planned = this.get(urn)?.planned;
    return planned?.custom === true && planned.id === undefined;
  }

  /** What the SDK gets when it looks up a resource by URN. */
  stateOf(urn: string): WireProperties {
    const registered = this.get(urn);
    if (registered === undefined) return { urn, id: "", state: {} };
    return {
      urn,
      id: registered.planned.id ?? "",
      state: { ...registered.registration.properties, ...registered.outputs },
    };
  }

  planned(): PlannedResource[] {
    return [...this.#byUrn.values()].map(({ planned, outputs }) =>
      outputs === undefined ? planned : { ...planned, outputs },
    );
  }

  stackOutputs(): PropertyMap {
    for (const { planned, outputs } of this.#byUrn.values()) if (planned.type === stackType) return outputs ?? {};
    return {};
  }
}
