import { isDeepStrictEqual } from "node:util";
import type { EvidenceLog } from "../evidence";
import type { Faults } from "../faults";
import { missesForeign } from "../moto/misses-foreign";
import { whyNotInMoto } from "../moto/not-in-moto";
import type { CloudName, CloudResource, PretendCloud } from "../pretend-cloud";
import type { CheckFailure, Difference, Found, Properties, Provider, Subject } from "../provider";
import { plannedDifference } from "../terraform/planned-difference";
import { ProviderResources, type KeptState, type PlannedChange } from "../terraform/provider-resources";
import type { TerraformAws } from "../terraform/terraform-aws";
import { autonamed, wasAutonamed, withAutoname } from "./autoname";
import type { DeclaredTypes } from "./declared-type";
import { identify, scopeOf, type Place } from "./identity";
import { missingReference, refusedCreation, refusedDeletion } from "./refusals";
import { identityOf, ResourceOutputs } from "./resource-outputs";
import { structuralDifference } from "./structural-difference";

export interface AwsStandInOptions {
  readonly declared: DeclaredTypes;
  readonly cloud: PretendCloud;
  readonly faults: Faults;
  readonly evidence: EvidenceLog;
  /** The AWS account that it pretends to be. */
  readonly account: string;
  /** Starts the real provider's code. @default there is none: names and required properties are all that is judged */
  readonly startProvider?: (() => Promise<TerraformAws>) | undefined;
  /** Where moto listens. @default nowhere: what is made is made up */
  readonly emulator?: string | undefined;
}

/**
 * A stand-in for the AWS provider. It knows what `@pulumi/aws` declares (properties, what is required, what comes back) and when AWS
 * refuses to make or delete something. Where the code of the real provider is there, that validates and plans; where moto is there
 * too, that creates, reads, changes and deletes in it. Whatever is left is made up, with ids and names as AWS forms them.
 */
export class AwsStandIn implements Provider {
  readonly #cloud: PretendCloud;
  readonly #faults: Faults;
  readonly #evidence: EvidenceLog;
  readonly #emulator: string | undefined;
  readonly #startProvider: (() => Promise<TerraformAws>) | undefined;
  readonly #declared: DeclaredTypes;
  #place: Place;
  #defaultTags: Properties = {};
  #outputs: ResourceOutputs;
  #resources: Promise<ProviderResources> | undefined;

  constructor({ declared, cloud, faults, evidence, account, startProvider, emulator }: AwsStandInOptions) {
    this.#declared = declared;
    this.#cloud = cloud;
    this.#faults = faults;
    this.#evidence = evidence;
    this.#startProvider = startProvider;
    this.#emulator = emulator;
    this.#place = { account, region: "" };
    this.#outputs = new ResourceOutputs(declared, this.#place, {});
  }

  configure(settings: Readonly<Record<string, string>>): void {
    this.#place = { ...this.#place, region: settings.region ?? "us-east-1" };
    const tags = settings.defaultTags === undefined ? {} : (JSON.parse(settings.defaultTags) as { tags?: Properties });
    this.#defaultTags = tags.tags ?? {};
    this.#outputs = new ResourceOutputs(this.#declared, this.#place, this.#defaultTags);
  }

  async check(
    { type, name, urn }: Subject,
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
    return { inputs, failures: [...failures, ...(await this.#judge(type, urn, inputs))] };
  }

  async diff(
    subject: Subject,
    oldInputs: Properties,
    newInputs: Properties,
    { id, outputs }: { readonly id: string; readonly outputs: Properties },
  ): Promise<Difference> {
    const { type } = subject;
    const declared = this.#declared.find(type);
    const nameProperty = autonamed(type, declared) ?? "name";
    const deleteFirst =
      newInputs[nameProperty] !== undefined &&
      !wasAutonamed(newInputs, nameProperty) &&
      isDeepStrictEqual(oldInputs[nameProperty], newInputs[nameProperty]);
    const resources = await this.#provider();
    const before = resources && this.#before(resources, type, id, outputs);
    const planned = before && (await this.#plan(subject, newInputs, before));
    if (resources === undefined || planned === undefined || declared === undefined)
      return { ...structuralDifference(type, oldInputs, newInputs), deleteFirst };
    const byPlan = plannedDifference(planned, declared);
    // What the provider's version does not know it cannot compare.
    const foreign = new Set(
      [...planned.unmapped, ...resources.unmapped(type, oldInputs)].map((way) => way.split(/[.[]/)[0] ?? ""),
    );
    const structural = structuralDifference(type, oldInputs, newInputs);
    const more = structural.changed.filter(
      ({ property }) => foreign.has(property) && !byPlan.changed.some((one) => one.property === property),
    );
    return {
      changed: [...byPlan.changed, ...more],
      replacing: [...byPlan.replacing, ...more.map(({ property }) => property).filter((one) => one === "region")],
      deleteFirst,
    };
  }

  async create(subject: Subject, inputs: Properties, preview: boolean): Promise<{ id: string; outputs: Properties }> {
    const { type, urn } = subject;
    const plain = withoutMarks(inputs);
    const resources = await this.#provider();
    const planned = await this.#plan(subject, plain);
    const foresight = this.#outputs.foresee(type, resources, planned);
    if (preview) return { id: "", outputs: this.#outputs.previewed(type, plain, foresight) };
    return this.#faults.run("create", type, async () => {
      refuse(refusedCreation(this.#cloud, type, plain), subject);
      const { real, why } = await this.#makeReal(resources, planned, type, plain);
      const given = { type, identity: identify(subject, plain, this.#place), inputs: plain };
      const outputs =
        real && resources ? this.#outputs.real(resources, given, real) : this.#outputs.madeUp(given, foresight);
      const id = String(outputs.id);
      this.#cloud.put({ ...this.#cloudName(type, id, outputs), urn, inputs, outputs, made: Date.now(), real, why });
      this.#note("create", subject, why, real);
      return { id, outputs };
    });
  }

  async read(subject: Subject, id: string, state: Properties, inputs: Properties): Promise<Found | undefined> {
    const { type } = subject;
    const there = this.#cloud.find(this.#cloudName(type, id, state));
    const resources = await this.#provider();
    if (there?.real === undefined || resources === undefined) return there;
    const real = await resources.read(there.real);
    this.#note("read", subject, undefined);
    if (real === undefined) {
      this.#cloud.remove(there);
      return undefined;
    }
    const outputs = this.#outputs.real(resources, { type, identity: identityOf(id, there.outputs), inputs }, real);
    this.#cloud.put({ ...there, outputs, real });
    // Inputs that are not so any more: what the provider would have to put right.
    const drift = await this.diff(subject, inputs, inputs, { id, outputs });
    const now = drift.changed.flatMap(({ property }) => (property in outputs ? [[property, outputs[property]]] : []));
    return { inputs: { ...inputs, ...(Object.fromEntries(now) as Properties) }, outputs };
  }

  async update(
    subject: Subject,
    id: string,
    olds: Properties,
    inputs: Properties,
    preview: boolean,
  ): Promise<Properties> {
    const { type, urn } = subject;
    const plain = withoutMarks(inputs);
    const resources = await this.#provider();
    const before = resources && this.#before(resources, type, id, olds);
    const planned = await this.#plan(subject, plain, before);
    const given = { type, identity: identityOf(id, olds), inputs: plain };
    const structural = this.#outputs.updated(given, olds, this.#outputs.foresee(type, resources, planned), preview);
    if (preview) return structural;
    return this.#faults.run("update", type, async () => {
      const name = this.#cloudName(type, id, olds);
      const there = this.#cloud.find(name);
      if (there === undefined) throw new Error(`NotFound: ${type} ${id} does not exist`);
      refuse(missingReference(this.#cloud, plain), subject);
      const real = there.real && planned && resources ? await resources.apply(planned) : undefined;
      const outputs = real && resources ? this.#outputs.real(resources, given, real) : structural;
      this.#cloud.put({ ...there, urn, inputs, outputs, real });
      this.#note("update", subject, real === undefined ? (there.why ?? noEmulator) : undefined, real);
      if (real?.skipped !== undefined) this.#note("update", subject, real.skipped);
      return outputs;
    });
  }

  delete(subject: Subject, id: string, state: Properties): Promise<void> {
    const { type } = subject;
    return this.#faults.run("delete", type, async () => {
      const resource = this.#cloud.find(this.#cloudName(type, id, state));
      // What is gone already is what was asked for.
      if (resource === undefined) return;
      refuse(refusedDeletion(this.#cloud, resource), subject);
      await this.#remove(resource);
    });
  }

  async #remove(resource: CloudResource): Promise<void> {
    const { real, type, urn } = resource;
    if (real !== undefined) await (await this.#provider())?.destroy(real);
    this.#cloud.remove(resource);
    this.#note("delete", { type, urn }, real === undefined ? (resource.why ?? noEmulator) : undefined);
  }

  /** What the real provider's code has against these inputs, where it is there to be asked. */
  async #judge(type: string, urn: string, inputs: Properties): Promise<CheckFailure[]> {
    const judgement = await (await this.#startProvider?.())?.judge(type, inputs);
    if (judgement === undefined) return [];
    const mapped = judgement.terraformType !== undefined;
    this.#evidence.add({
      operation: "validate",
      urn,
      type,
      by: mapped ? "provider" : "structural",
      ...(mapped ? { unmapped: judgement.unmapped } : { reason: noSuchType }),
    });
    return judgement.errors.map(({ path, summary, detail }) => ({
      property: path,
      reason: `the AWS provider itself says: ${summary}${detail === "" ? "" : `: ${detail}`}`,
    }));
  }

  async #plan({ type, urn }: Subject, inputs: Properties, before?: KeptState): Promise<PlannedChange | undefined> {
    const region = typeof inputs.region === "string" ? inputs.region : this.#place.region;
    const planned = await (await this.#provider())?.plan(type, region, withoutMarks(inputs), before);
    if (planned !== undefined) this.#evidence.add({ operation: "plan", urn, type, by: "provider" });
    return planned;
  }

  #provider(): Promise<ProviderResources | undefined> {
    const start = this.#startProvider;
    if (start === undefined) return Promise.resolve(undefined);
    this.#resources ??= start().then(
      (aws) =>
        new ProviderResources(aws, this.#declared, {
          ...(this.#emulator === undefined ? {} : { endpoint: this.#emulator }),
          defaultTags: this.#defaultTags,
        }),
    );
    return this.#resources;
  }

  /** The provider's own state of a resource; worked out from the engine's where the two differ. */
  #before(resources: ProviderResources, type: string, id: string, outputs: Properties): KeptState | undefined {
    const there = this.#cloud.find(this.#cloudName(type, id, outputs));
    if (there?.real !== undefined && isDeepStrictEqual(there.outputs, outputs)) return there.real;
    const region = typeof outputs.region === "string" ? outputs.region : this.#place.region;
    const worked = resources.stateOf(type, region, id, outputs);
    return worked && { ...worked, private: there?.real?.private ?? "" };
  }

  /** Lets the real provider make what was planned, where it can be made; else says why not. */
  async #makeReal(
    resources: ProviderResources | undefined,
    planned: PlannedChange | undefined,
    type: string,
    inputs: Properties,
  ): Promise<{ readonly real?: KeptState; readonly why?: string }> {
    if (resources === undefined) return { why: "no terraform-provider-aws on this machine" };
    if (this.#emulator === undefined) return { why: noEmulator };
    const why = whyNotInMoto(type);
    if (why !== undefined || planned === undefined) return { why: why ?? noSuchType };
    try {
      return { real: await resources.apply(planned) };
    } catch (error) {
      const foreign = missesForeign(error, inputs, this.#cloud);
      if (foreign === undefined) throw error;
      return { why: foreign };
    }
  }

  #note(
    operation: "create" | "read" | "update" | "delete",
    { urn, type }: Omit<Subject, "name">,
    why: string | undefined,
    real?: KeptState,
  ): void {
    const by = why === undefined ? "provider" : "structural";
    const { forgotten } = real ?? {};
    this.#evidence.add({
      operation,
      urn,
      type,
      by,
      ...(why === undefined ? {} : { reason: why }),
      ...(forgotten === undefined ? {} : { forgotten }),
    });
  }

  #cloudName(type: string, id: string, state: Properties): CloudName {
    return { type, id, scope: scopeOf(type, state, this.#place) };
  }
}

const noEmulator = "no moto";
const noSuchType = "this version of the real provider has no such type";

function withoutMarks(inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([property]) => !property.startsWith("__")));
}

function refuse(reason: string | undefined, { type, name }: Subject): void {
  if (reason !== undefined) throw new Error(`${type} ${name}: ${reason}`);
}
