import type { DeclaredTypes } from "../aws/declared-type";
import { isInventedByMoto } from "../moto/invented-by-moto";
import { missingOperation } from "../moto/not-in-moto";
import type { Properties } from "../provider";
import { fromTerraform } from "./from-terraform";
import { terraformName } from "./names";
import { notKnown } from "./packed-value";
import { differentNames, isEmpty } from "./planned-difference";
import { proposedState } from "./proposed-state";
import type { AnsweredState, Diagnostic, PlannedState, ProviderProcess } from "./provider-process";
import type { Schema } from "./schema";
import type { ProviderSettings, TerraformAws } from "./terraform-aws";
import { toTerraform, toTerraformState } from "./to-terraform";

/** A resource as the provider keeps it. */
export interface KeptState {
  readonly terraformType: string;
  readonly region: string;
  readonly state: Properties;
  /** What the provider wants to have back with the state, in base64. */
  readonly private: string;
  /**
   * Properties, in Terraform's names, that the emulator was told and does not tell again. The state holds what was told.
   * @default none
   */
  readonly forgotten?: readonly string[];
  /** A part of the last update that the emulator cannot do, and why. @default none */
  readonly skipped?: string;
}

/** What the provider would do with a resource's inputs. */
export interface PlannedChange {
  readonly type: string;
  readonly terraformType: string;
  readonly region: string;
  readonly schema: Schema;
  readonly config: Properties;
  /** Null when there is nothing yet. */
  readonly prior: Properties | null;
  readonly planned: PlannedState;
  /** Ways to properties that this version of the provider does not have. */
  readonly unmapped: readonly string[];
}

/** The provider refused. */
export class ProviderRefusal extends Error {
  constructor(diagnostics: readonly Diagnostic[]) {
    const texts = diagnostics.map(
      ({ path, summary, detail }) =>
        `${path === "" ? "" : `${path}: `}${summary}${detail === "" || detail === summary ? "" : `: ${detail}`}`,
    );
    super(`the AWS provider itself says: ${texts.join("\n")}`);
  }
}

/**
 * Plans, makes, reads, changes and deletes Pulumi's resources with the code of the real provider, wherever its settings point it. One
 * process per region, because the provider's older versions know one region each.
 */
export class ProviderResources {
  readonly #aws: TerraformAws;
  readonly #declared: DeclaredTypes;
  readonly #settings: Omit<ProviderSettings, "region">;
  readonly #processes = new Map<string, Promise<ProviderProcess>>();

  constructor(aws: TerraformAws, declared: DeclaredTypes, settings: Omit<ProviderSettings, "region">) {
    this.#aws = aws;
    this.#declared = declared;
    this.#settings = settings;
  }

  /** Lets the provider plan a resource; `undefined` when it has no such type. Refusals are thrown. */
  async plan(type: string, region: string, inputs: Properties, before?: KeptState): Promise<PlannedChange | undefined> {
    const found = this.#aws.find(type);
    if (found === undefined) return undefined;
    const { name: terraformType, schema } = found;
    const { config, unmapped } = toTerraform(inputs, schema.block);
    const prior = before?.state ?? null;
    const process = await this.#process(region);
    const proposed = proposedState(schema.block, prior, config);
    const planned = await process.plan(terraformType, prior, proposed, config, bytes(before));
    refuseErrors(planned);
    return { type, terraformType, region, schema, config, prior, planned, unmapped };
  }

  /** Makes the change, and reads back what was made. */
  async apply(change: PlannedChange): Promise<KeptState> {
    const { terraformType, region, prior, planned, config } = change;
    const process = await this.#process(region);
    const answer = await process.apply(terraformType, prior, planned.state, config, planned.privateBytes);
    // What was half made is taken away again: nobody would know of it.
    if (prior === null && answer.state !== null && hasErrors(answer)) {
      await process.apply(terraformType, answer.state, null, null, answer.privateBytes);
    }
    const skipped = prior === null ? undefined : onlyMissing(answer);
    if (skipped === undefined) refuseErrors(answer);
    const there = await this.#look(kept(terraformType, region, answer));
    if (there === undefined) throw new Error(`${terraformType} was made without an error and is not there`);
    const result = await this.#withForgotten(change, there);
    return skipped === undefined ? result : { ...result, skipped };
  }

  /** `undefined` when it is not there any more. */
  async read(before: KeptState): Promise<KeptState | undefined> {
    const there = await this.#look(before);
    const { forgotten = [], state } = before;
    if (there === undefined || forgotten.length === 0) return there;
    const told = Object.fromEntries(forgotten.map((name) => [name, state[name]]));
    return { ...there, state: { ...there.state, ...told }, forgotten };
  }

  async #look(before: KeptState): Promise<KeptState | undefined> {
    const { terraformType, region, state } = before;
    const answer = await (await this.#process(region)).read(terraformType, state, bytes(before));
    refuseErrors(answer);
    return answer.state === null ? undefined : kept(terraformType, region, answer);
  }

  /** An emulator does not keep everything: what would have to be changed at once is held here in its place. */
  async #withForgotten({ schema, terraformType, region, config }: PlannedChange, there: KeptState): Promise<KeptState> {
    const process = await this.#process(region);
    const proposed = proposedState(schema.block, there.state, config);
    const again = await process.plan(terraformType, there.state, proposed, config, bytes(there));
    refuseErrors(again);
    const wanted = again.state as Properties;
    const forgotten = differentNames(schema.block, there.state, wanted).filter(
      (name) => (!isEmpty(wanted[name]) || isInventedByMoto(terraformType, name)) && !holdsUnknown(wanted[name]),
    );
    if (forgotten.length === 0) return there;
    const told = Object.fromEntries(forgotten.map((name) => [name, wanted[name]]));
    return { ...there, state: { ...there.state, ...told }, forgotten };
  }

  async destroy(before: KeptState): Promise<void> {
    const { terraformType, region, state } = before;
    const answer = await (await this.#process(region)).apply(terraformType, state, null, null, bytes(before));
    // What is gone is what was asked for. A request whose answer is lost is sent again, and then finds nothing to delete.
    if (hasErrors(answer) && (await this.#isGone(before))) return;
    refuseErrors(answer);
  }

  async #isGone(before: KeptState): Promise<boolean> {
    try {
      return (await this.#look(before)) === undefined;
    } catch {
      // Why it could not be deleted is of more interest than why it could not be read.
      return false;
    }
  }

  /** Ways to properties that this version of the provider does not have. */
  unmapped(type: string, inputs: Properties): readonly string[] {
    const found = this.#aws.find(type);
    return found === undefined ? [] : toTerraform(inputs, found.schema.block).unmapped;
  }

  /** Whether this version of the provider has a property. */
  has(type: string, property: string): boolean {
    const block = this.#aws.find(type)?.schema.block;
    const names = new Set([
      ...(block?.attributes ?? []).map(({ name }) => name),
      ...(block?.block_types ?? []).map(({ type_name: name }) => name),
    ]);
    return terraformName(property, names) !== undefined;
  }

  /** A provider's state in Pulumi's names. */
  outputs(type: string, state: unknown): Record<string, unknown> {
    const declared = this.#declared.find(type);
    if (declared === undefined || typeof state !== "object" || state === null) return {};
    return fromTerraform(state as Properties, declared, (name) => this.#declared.shape(name));
  }

  /** The state that the provider would have kept of a resource with these outputs. */
  stateOf(type: string, region: string, id: string, outputs: Properties): KeptState | undefined {
    const found = this.#aws.find(type);
    if (found === undefined) return undefined;
    const state = { ...toTerraformState(outputs, found.schema.block), ...("id" in outputs ? {} : { id }) };
    return { terraformType: found.name, region, state, private: "" };
  }

  /** Stops the processes that were started for more regions than the first. */
  stop(): void {
    for (const process of this.#processes.values()) {
      void process.then(
        (running) => {
          if (running !== this.#aws.process) running.stop();
        },
        () => undefined,
      );
    }
  }

  #process(region: string): Promise<ProviderProcess> {
    let process = this.#processes.get(region);
    if (process === undefined) {
      process = this.#start(region, this.#processes.size === 0);
      this.#processes.set(region, process);
    }
    return process;
  }

  async #start(region: string, first: boolean): Promise<ProviderProcess> {
    const process = first ? this.#aws.process : await this.#aws.startAnother();
    await this.#aws.configureProcess(process, { ...this.#settings, region });
    return process;
  }
}

function holdsUnknown(value: unknown): boolean {
  if (value === notKnown) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown);
}

function kept(terraformType: string, region: string, { state, privateBytes }: AnsweredState): KeptState {
  return { terraformType, region, state: state as Properties, private: Buffer.from(privateBytes).toString("base64") };
}

function bytes(before: KeptState | undefined): Uint8Array {
  return Buffer.from(before?.private ?? "", "base64");
}

/** Why an answer's only error is an operation that the emulator does not have. */
function onlyMissing({ diagnostics }: AnsweredState): string | undefined {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const [first] = errors;
  return errors.length === 1 && first !== undefined ? missingOperation(`${first.summary}: ${first.detail}`) : undefined;
}

function hasErrors({ diagnostics }: AnsweredState): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

function refuseErrors({ diagnostics }: { readonly diagnostics: readonly Diagnostic[] }): void {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new ProviderRefusal(errors);
}
