import type { DeclaredTypes } from "../aws/declared-type";
import type { Properties } from "../provider";
import { KeptSchemas } from "./kept-schemas";
import { matchType } from "./match-type";
import type { ProviderBinary } from "./find-provider";
import { ProviderProcess, type Diagnostic } from "./provider-process";
import { emptyBlock, type Schema } from "./schema";
import { toTerraform } from "./to-terraform";

/** What the real provider's code says about a resource's inputs. */
export interface Judgement {
  /** Terraform's type; absent when none is like the Pulumi type. */
  readonly terraformType?: string;
  readonly errors: readonly Diagnostic[];
  /** Properties that this version of the provider does not have. */
  readonly unmapped: readonly string[];
}

export interface ProviderSettings {
  readonly region: string;
  /** Where an emulator listens. @default nowhere: the provider can plan, and nothing else */
  readonly endpoint?: string;
  readonly defaultTags?: Properties;
}

/** An address where nobody answers. */
const nowhere = "http://127.0.0.1:9";
/** How often a request is repeated: an emulator that refuses once refuses for good. */
const mostRetries = 2;

/** The Terraform AWS provider that judges what the Pulumi one is given: the two are made from the same code. */
export class TerraformAws {
  readonly version: string;
  readonly process: ProviderProcess;
  readonly #declared: DeclaredTypes;
  readonly #schemas: KeptSchemas;
  readonly #matches = new Map<string, string | undefined>();

  readonly #file: string;
  readonly #limitMs: number | undefined;

  private constructor(
    { file, version }: ProviderBinary,
    process: ProviderProcess,
    declared: DeclaredTypes,
    schemas: KeptSchemas,
    limitMs: number | undefined,
  ) {
    this.version = version;
    this.#file = file;
    this.#limitMs = limitMs;
    this.process = process;
    this.#declared = declared;
    this.#schemas = schemas;
  }

  /** `limitMs` is how long one operation may take, milliseconds; the default is that of the process. */
  static async start(binary: ProviderBinary, declared: DeclaredTypes, limitMs?: number): Promise<TerraformAws> {
    const process = await ProviderProcess.start(binary.file, limitMs);
    try {
      const schemas = await KeptSchemas.of(binary.file, () => process.schema());
      return new TerraformAws(binary, process, declared, schemas, limitMs);
    } catch (error) {
      process.stop();
      throw error;
    }
  }

  /** The Terraform type behind a Pulumi type, and its schema. */
  find(type: string): { readonly name: string; readonly schema: Schema } | undefined {
    if (!this.#matches.has(type)) {
      const declared = this.#declared.find(type);
      this.#matches.set(type, declared && matchType(type, declared, this.#schemas.outlines)?.type);
    }
    const name = this.#matches.get(type);
    const schema = this.#schemas.find(name ?? "");
    return name === undefined || schema === undefined ? undefined : { name, schema };
  }

  /** Lets the provider's own code validate a resource's inputs, as they are after names were made up. */
  async judge(type: string, inputs: Properties): Promise<Judgement> {
    const found = this.find(type);
    if (found === undefined) return { errors: [], unmapped: [] };
    const { config, unmapped } = toTerraform(inputs, found.schema.block);
    const diagnostics = await this.process.validate(found.name, config);
    return {
      terraformType: found.name,
      errors: diagnostics.filter(({ severity }) => severity === "error"),
      unmapped,
    };
  }

  /** Configures the provider that judges. */
  async configure(region: string, endpoint?: string): Promise<void> {
    await this.configureProcess(this.process, { region, ...(endpoint === undefined ? {} : { endpoint }) });
  }

  /** Configures a provider's process. Keys are made up, and nobody but the endpoint is ever asked. */
  async configureProcess(process: ProviderProcess, { region, endpoint, defaultTags }: ProviderSettings): Promise<void> {
    const { block } = this.#schemas.provider;
    const endpoints = block.block_types.find(({ type_name: name }) => name === "endpoints");
    const services = Object.keys(emptyBlock(endpoints?.block ?? { attributes: [], block_types: [] }));
    const diagnostics = await process.configure({
      ...emptyBlock(block),
      region,
      access_key: "made-up",
      secret_key: "made-up",
      skip_credentials_validation: true,
      skip_metadata_api_check: "true",
      skip_region_validation: true,
      skip_requesting_account_id: endpoint === undefined,
      s3_use_path_style: true,
      max_retries: mostRetries,
      endpoints: [Object.fromEntries(services.map((service) => [service, endpoint ?? nowhere]))],
      ...(defaultTags === undefined ? {} : { default_tags: [{ tags: defaultTags }] }),
    });
    const [first] = diagnostics.filter(({ severity }) => severity === "error");
    if (first !== undefined)
      throw new Error(`the Terraform AWS provider cannot be configured: ${first.summary} ${first.detail}`);
  }

  /** Another process of the same provider: each can be in one region only. */
  startAnother(): Promise<ProviderProcess> {
    return ProviderProcess.start(this.#file, this.#limitMs);
  }

  stop(): void {
    this.process.stop();
  }
}
