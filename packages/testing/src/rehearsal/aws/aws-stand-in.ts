import { isDeepStrictEqual } from "node:util";
import { unknownValue } from "@holdfast/policies";
import type { Faults } from "../faults";
import type { CloudName, PretendCloud } from "../pretend-cloud";
import type { CheckFailure, Difference, Properties, Provider, Subject } from "../provider";
import { autonamed, wasAutonamed, withAutoname } from "./autoname";
import { computedOutputs, unknownOutputs } from "./computed-outputs";
import type { DeclaredTypes } from "./declared-type";
import { identify, scopeOf, type Place } from "./identity";
import { missingReference, refusedCreation, refusedDeletion } from "./refusals";
import { replacingProperties } from "./replacing-properties";

/** Judges values as the real provider does. */
export interface Judge {
  judge(
    type: string,
    inputs: Properties,
  ): Promise<{ readonly errors: readonly { path: string; summary: string; detail: string }[] }>;
}

/**
 * A structural stand-in for the AWS provider. It knows what `@pulumi/aws` declares (properties, what is required, what comes
 * back), how AWS forms ids and names, which properties only a new resource can have, and when AWS refuses to make or delete
 * something. Which values AWS takes it knows only where it has a judge, and it never speaks to AWS.
 */
export class AwsStandIn implements Provider {
  readonly #cloud: PretendCloud;
  readonly #faults: Faults;
  readonly #account: string;
  readonly #judgeOf: (() => Promise<Judge>) | undefined;
  #place: Place;
  #defaultTags: Properties = {};
  readonly #declared: DeclaredTypes;

  constructor(
    declared: DeclaredTypes,
    cloud: PretendCloud,
    faults: Faults,
    account: string,
    judge?: () => Promise<Judge>,
  ) {
    this.#judgeOf = judge;
    this.#declared = declared;
    this.#cloud = cloud;
    this.#faults = faults;
    this.#account = account;
    this.#place = { account, region: "" };
  }

  configure(settings: Readonly<Record<string, string>>): void {
    this.#place = { account: this.#account, region: settings.region ?? "us-east-1" };
    const tags = settings.defaultTags === undefined ? {} : (JSON.parse(settings.defaultTags) as { tags?: Properties });
    this.#defaultTags = tags.tags ?? {};
  }

  async check(
    { type, name }: Subject,
    olds: Properties,
    news: Properties,
    seed: Buffer,
  ): Promise<{ inputs: Properties; failures: CheckFailure[] }> {
    const declared = this.#declared.find(type);
    if (declared === undefined)
      return { inputs: news, failures: [{ property: "", reason: `@pulumi/aws has no type ${type}` }] };
    const unknown = Object.keys(news).filter(
      (property) => !property.startsWith("__") && !declared.inputs.has(property),
    );
    const missing = [...declared.inputs].filter(([property, { required }]) => required && news[property] === undefined);
    const failures: CheckFailure[] = [
      ...unknown.map((property) => ({ property, reason: `${type} has no property ${property}` })),
      ...missing.map(([property]) => ({ property, reason: `${type} needs the property ${property}` })),
    ];
    const inputs = withAutoname(type, declared, name, olds, news, seed);
    return { inputs, failures: [...failures, ...(await this.#judge(type, inputs))] };
  }

  diff({ type }: Subject, oldInputs: Properties, newInputs: Properties): Difference {
    const names = new Set(
      [...Object.keys(oldInputs), ...Object.keys(newInputs)].filter((key) => !key.startsWith("__")),
    );
    const changed = [...names]
      .filter((property) => !isDeepStrictEqual(oldInputs[property], newInputs[property]))
      .map((property) => ({
        property,
        kind:
          oldInputs[property] === undefined
            ? ("add" as const)
            : newInputs[property] === undefined
              ? ("delete" as const)
              : ("update" as const),
      }));
    const forces = (replacingProperties[type] ?? []).filter(
      (way) => !isDeepStrictEqual(partOf(oldInputs, way), partOf(newInputs, way)),
    );
    const forcing = new Set(forces.map((way) => way.split(".")[0]));
    const nameProperty = autonamed(type, this.#declared.find(type)) ?? "name";
    const hasName = newInputs[nameProperty] !== undefined;
    return {
      changed,
      replacing: changed.map(({ property }) => property).filter((property) => forcing.has(property)),
      deleteFirst:
        hasName &&
        !wasAutonamed(newInputs, nameProperty) &&
        isDeepStrictEqual(oldInputs[nameProperty], newInputs[nameProperty]),
    };
  }

  async create(subject: Subject, inputs: Properties, preview: boolean): Promise<{ id: string; outputs: Properties }> {
    const { type, urn } = subject;
    const declared = this.#declared.find(type);
    const plain = withoutMarks(inputs);
    if (preview) {
      const unknown = unknownOutputs(declared, plain).map((property): [string, string] => [property, unknownValue]);
      return { id: "", outputs: { ...plain, ...Object.fromEntries(unknown) } };
    }
    return this.#faults.run("create", type, () => {
      refuse(refusedCreation(this.#cloud, type, plain), subject);
      const identity = identify(subject, plain, this.#place);
      const made = { ...identity, ...this.#place, type, inputs: plain, defaultTags: this.#defaultTags };
      // A bridged provider's outputs hold the id, too.
      const outputs = { id: identity.id, ...plain, ...computedOutputs(declared, made) };
      this.#cloud.put({ ...this.#cloudName(type, identity.id, outputs), urn, inputs, outputs });
      return { id: identity.id, outputs };
    });
  }

  read({ type }: Subject, id: string, state: Properties): { inputs: Properties; outputs: Properties } | undefined {
    return this.#cloud.find(this.#cloudName(type, id, state));
  }

  async update(
    subject: Subject,
    id: string,
    olds: Properties,
    inputs: Properties,
    preview: boolean,
  ): Promise<Properties> {
    const { type, urn } = subject;
    const declared = this.#declared.find(type);
    const plain = withoutMarks(inputs);
    const made = { id, arn: String(olds.arn), ...this.#place, type, inputs: plain, defaultTags: this.#defaultTags };
    // What the cloud said once about itself stays; what follows from the inputs is worked out again.
    const stays = Object.entries(olds).filter(
      ([property]) => declared?.outputs.has(property) === true && !declared.inputs.has(property),
    );
    const derived = computedOutputs(declared, made);
    const outputs = {
      id,
      ...derived,
      ...Object.fromEntries(stays),
      ...plain,
      ...versioned(type, olds, derived, preview),
    };
    if (preview) return outputs;
    return this.#faults.run("update", type, () => {
      const name = this.#cloudName(type, id, olds);
      if (this.#cloud.find(name) === undefined) throw new Error(`NotFound: ${type} ${id} does not exist`);
      refuse(missingReference(this.#cloud, plain), subject);
      this.#cloud.put({ ...name, urn, inputs, outputs });
      return outputs;
    });
  }

  delete(subject: Subject, id: string, state: Properties): Promise<void> {
    const { type } = subject;
    return this.#faults.run("delete", type, () => {
      const resource = this.#cloud.find(this.#cloudName(type, id, state));
      // What is gone already is what was asked for.
      if (resource === undefined) return;
      refuse(refusedDeletion(this.#cloud, resource), subject);
      this.#cloud.remove(resource);
    });
  }

  /** What the real provider's code has against these inputs, where it is there to be asked. */
  async #judge(type: string, inputs: Properties): Promise<CheckFailure[]> {
    const judgement = await (await this.#judgeOf?.())?.judge(type, inputs);
    return (judgement?.errors ?? []).map(({ path, summary, detail }) => ({
      property: path,
      reason: `the AWS provider itself says: ${summary}${detail === "" ? "" : `: ${detail}`}`,
    }));
  }

  #cloudName(type: string, id: string, state: Properties): CloudName {
    return { type, id, scope: scopeOf(type, state, this.#place) };
  }
}

/** A property, or the same part of each of its blocks. */
function partOf(inputs: Properties, way: string): unknown {
  const [property = "", part] = way.split(".");
  const value = inputs[property];
  if (part === undefined) return value;
  const blocks: readonly unknown[] = Array.isArray(value) ? value : [value];
  return blocks.map((block) => (typeof block === "object" && block !== null ? (block as Properties)[part] : undefined));
}

/** Outputs that change with every update of a resource. */
function versioned(type: string, olds: Properties, derived: Properties, preview: boolean): Properties {
  const tags = "tagsAll" in derived ? { tagsAll: derived.tagsAll } : {};
  if (type !== "aws:ec2/launchTemplate:LaunchTemplate") return tags;
  if (preview) return { ...tags, latestVersion: unknownValue, defaultVersion: unknownValue };
  const version = typeof olds.latestVersion === "number" ? olds.latestVersion + 1 : 1;
  return { ...tags, latestVersion: version, defaultVersion: version };
}

function withoutMarks(inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([property]) => !property.startsWith("__")));
}

function refuse(reason: string | undefined, { type, name }: Subject): void {
  if (reason !== undefined) throw new Error(`${type} ${name}: ${reason}`);
}
