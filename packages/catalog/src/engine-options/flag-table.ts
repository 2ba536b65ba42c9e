import { vllmFlags, vllmFlagVersions, vllmShortOptions } from "../data/vllm-flags";
import type { EngineRecord } from "../engine";

/** What is known of one option of an engine's command line. */
export interface FlagRecord {
  /** One letter per version of the table: `y` accepted, `h` accepted but left out of the help, `-` refused. */
  readonly versions: string;
  /** How many values follow. `unknown` where only versions without that knowledge have the option. */
  readonly takes: "none" | "one" | "optional" | "many" | "unknown";
  /** What the value must read as; absent: any text. */
  readonly type?: "int" | "float" | "count" | "json";
  /** Allowed values by version; versions that are not named do not restrict them, or it is not known. */
  readonly choices?: { readonly "0.32.0"?: readonly string[]; readonly "0.33.0"?: readonly string[] | "same" };
}

/** An option as one version has it. */
export interface Flag {
  readonly takes: FlagRecord["takes"];
  readonly type?: FlagRecord["type"];
  readonly choices?: readonly string[];
}

/** The options of one version of an engine by exact spelling. Nothing where no table is known. */
export function flagTable(engine: EngineRecord["kind"], version: string): ReadonlyMap<string, Flag> | undefined {
  if (engine !== "vllm") return undefined;
  const cached = tables.get(version);
  if (cached) return cached;
  const index = (vllmFlagVersions as readonly string[]).indexOf(version);
  if (index < 0) return undefined;
  const table = new Map<string, Flag>();
  for (const [option, record] of Object.entries(vllmFlags())) {
    if (record.versions[index] === "-") continue;
    const choices = choicesOf(record, version);
    table.set(option, { takes: record.takes, ...(record.type && { type: record.type }), ...(choices && { choices }) });
  }
  tables.set(version, table);
  return table;
}

/** The long spelling of an option: `-tp` stands for `--tensor-parallel-size`. */
export function longOption(engine: EngineRecord["kind"], option: string): string {
  return (engine === "vllm" ? vllmShortOptions[option] : undefined) ?? option;
}

/** Versions of an engine whose options are known, oldest first. */
export function knownEngineVersions(engine: EngineRecord["kind"]): readonly string[] {
  return engine === "vllm" ? vllmFlagVersions : [];
}

const tables = new Map<string, ReadonlyMap<string, Flag>>();

function choicesOf({ choices }: FlagRecord, version: string): readonly string[] | undefined {
  if (version === "0.32.0") return choices?.["0.32.0"];
  if (version !== "0.33.0") return undefined;
  const own = choices?.["0.33.0"];
  return own === "same" ? choices?.["0.32.0"] : own;
}
