import type { Properties } from "../provider";
import type { KeptState, PlannedChange, ProviderResources } from "../terraform/provider-resources";
import { settledState } from "../terraform/settled-state";
import { computedOutputs, unknownOutputs } from "./computed-outputs";
import type { DeclaredTypes } from "./declared-type";
import type { Identity, Place } from "./identity";
import { unknownValue } from "../wire-marks";

/** A resource and what it was given. */
interface Given {
  readonly type: string;
  readonly identity: Identity;
  readonly inputs: Properties;
}

/** What the provider's plan says of a resource's outputs, where there is a plan. */
export interface Foresight {
  readonly resources: ProviderResources | undefined;
  readonly outputs: Properties;
  /** The same once the resource is there, when it is made up: nothing is open inside of its parts. */
  readonly settled: Properties;
}

/** Puts together a resource's outputs: from the real provider's state, from its plan, or made up. */
export class ResourceOutputs {
  readonly #declared: DeclaredTypes;
  readonly #place: Place;
  readonly #defaultTags: Properties;

  constructor(declared: DeclaredTypes, place: Place, defaultTags: Properties) {
    this.#declared = declared;
    this.#place = place;
    this.#defaultTags = defaultTags;
  }

  foresee(type: string, resources: ProviderResources | undefined, planned: PlannedChange | undefined): Foresight {
    if (resources === undefined || planned === undefined) return { resources, outputs: {}, settled: {} };
    const state = planned.planned.state as Properties;
    return {
      resources,
      outputs: resources.outputs(type, state),
      settled: resources.outputs(type, settledState(planned.schema.block, state)),
    };
  }

  /** Of a new resource in a preview. */
  previewed(type: string, inputs: Properties, foresight: Foresight): Properties {
    const unknown = unknownOutputs(this.#declared.find(type), inputs).map((property) => [property, unknownValue]);
    return { ...inputs, ...(Object.fromEntries(unknown) as Properties), ...foresight.outputs };
  }

  /** Of a resource that the real provider has made, and what its version does not know. */
  real(resources: ProviderResources, { type, identity, inputs }: Given, { state, region }: KeptState): Properties {
    const id = newerId[type]?.(inputs) ?? (typeof state.id === "string" ? state.id : identity.id);
    const foreign = new Set(resources.unmapped(type, inputs).map((way) => way.split(/[.[]/)[0] ?? ""));
    const own = Object.entries(inputs).filter(([property]) => foreign.has(property));
    const regional = this.#declared.find(type)?.outputs.has("region") === true ? { region } : {};
    return { ...Object.fromEntries(own), ...resources.outputs(type, state), ...regional, id };
  }

  /** Of a new resource that is made up. */
  madeUp(given: Given, foresight: Foresight): Properties {
    const { identity, inputs } = given;
    // A bridged provider's outputs hold the id, too.
    return { id: identity.id, ...inputs, ...this.#computed(given, foresight), ...known(foresight.settled) };
  }

  /** Of a made-up resource after an update. */
  updated(given: Given, olds: Properties, foresight: Foresight, preview: boolean): Properties {
    const { type, identity, inputs } = given;
    const declared = this.#declared.find(type);
    // What the cloud said once about itself stays; what follows from the inputs is worked out again.
    const stays = Object.entries(olds).filter(
      ([property]) => declared?.outputs.has(property) === true && !declared.inputs.has(property),
    );
    const derived = this.#computed(given, foresight);
    return {
      id: identity.id,
      ...derived,
      ...Object.fromEntries(stays),
      ...inputs,
      ...versioned(type, olds, derived, preview),
      ...(preview ? foresight.outputs : known(foresight.settled)),
    };
  }

  /** Outputs that only the cloud could say. Where there is a plan, that says which ones these are. */
  #computed({ type, identity, inputs }: Given, { resources, outputs }: Foresight): Properties {
    const made = { ...identity, ...this.#place, type, inputs, defaultTags: this.#defaultTags };
    const open = Object.entries(computedOutputs(this.#declared.find(type), made)).filter(
      ([property]) =>
        resources?.has(type, property) !== true || JSON.stringify(outputs[property] ?? "").includes(unknownValue),
    );
    return Object.fromEntries(open);
  }
}

/** Without what only the cloud can say. */
function known(outputs: Properties): Properties {
  return Object.fromEntries(
    Object.entries(outputs).filter(([, value]) => !JSON.stringify(value).includes(unknownValue)),
  );
}

/** Outputs that change with every update of a resource. */
function versioned(type: string, olds: Properties, derived: Properties, preview: boolean): Properties {
  const tags = "tagsAll" in derived ? { tagsAll: derived.tagsAll } : {};
  if (type !== "aws:ec2/launchTemplate:LaunchTemplate") return tags;
  if (preview) return { ...tags, latestVersion: unknownValue, defaultVersion: unknownValue };
  const version = typeof olds.latestVersion === "number" ? olds.latestVersion + 1 : 1;
  return { ...tags, latestVersion: version, defaultVersion: version };
}

/** Ids that the provider behind today's @pulumi/aws forms in another way than the version before. */
const newerId: Readonly<Record<string, (inputs: Properties) => string>> = {
  "aws:s3/bucketObjectv2:BucketObjectv2": ({ bucket, key }) => `${String(bucket)}/${String(key)}`,
};

/** A resource's identity, from what is known of it. */
export function identityOf(id: string, { arn }: Properties): Identity {
  return { id, arn: typeof arn === "string" ? arn : "" };
}
