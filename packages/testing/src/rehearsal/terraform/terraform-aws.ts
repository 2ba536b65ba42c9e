import type { DeclaredTypes } from "../aws/declared-type";
import type { Properties } from "../provider";
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

/** The Terraform AWS provider that judges what the Pulumi one is given: the two are made from the same code. */
export class TerraformAws {
  readonly version: string;
  readonly process: ProviderProcess;
  readonly #declared: DeclaredTypes;
  readonly #provider: Schema;
  readonly #schemas: ReadonlyMap<string, Schema>;
  readonly #matches = new Map<string, string | undefined>();

  private constructor(
    version: string,
    process: ProviderProcess,
    declared: DeclaredTypes,
    schemas: { provider: Schema; resources: ReadonlyMap<string, Schema> },
  ) {
    this.version = version;
    this.process = process;
    this.#declared = declared;
    this.#provider = schemas.provider;
    this.#schemas = schemas.resources;
  }

  static async start({ file, version }: ProviderBinary, declared: DeclaredTypes): Promise<TerraformAws> {
    const process = await ProviderProcess.start(file);
    return new TerraformAws(version, process, declared, await process.schema());
  }

  /** The Terraform type behind a Pulumi type, and its schema. */
  find(type: string): { readonly name: string; readonly schema: Schema } | undefined {
    if (!this.#matches.has(type)) {
      const declared = this.#declared.find(type);
      this.#matches.set(type, declared && matchType(type, declared, this.#schemas)?.type);
    }
    const name = this.#matches.get(type);
    const schema = this.#schemas.get(name ?? "");
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

  /** Points the provider at an emulator, or at nothing: keys are made up and nothing is asked at the start. */
  async configure(region: string, endpoint = "http://127.0.0.1:9"): Promise<void> {
    const config = emptyBlock(this.#provider.block);
    const endpoints = this.#provider.block.block_types.find(({ type_name: name }) => name === "endpoints");
    const services = Object.keys(emptyBlock(endpoints?.block ?? { attributes: [], block_types: [] }));
    const errors = await this.process.configure({
      ...config,
      region,
      access_key: "made-up",
      secret_key: "made-up",
      skip_credentials_validation: true,
      skip_metadata_api_check: "true",
      skip_region_validation: true,
      skip_requesting_account_id: true,
      s3_use_path_style: true,
      max_retries: 1,
      endpoints: [Object.fromEntries(services.map((service) => [service, endpoint]))],
    });
    const [first] = errors.filter(({ severity }) => severity === "error");
    if (first !== undefined)
      throw new Error(`the Terraform AWS provider cannot be configured: ${first.summary} ${first.detail}`);
  }

  stop(): void {
    this.process.stop();
  }
}
