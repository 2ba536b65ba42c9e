import { readFileSync } from "node:fs";
import { gpus, models } from "@holdfast/catalog";
import type { Problem } from "@holdfast/core";
import { predictConfiguration, type Configuration, type ConfigurationPrediction } from "@holdfast/sizing";
import { CsvError, parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { BadInput, exitCodes, type ExitCode } from "../exit-code";
import type { Terminal } from "../terminal";

const inputColumns = [
  "model",
  "gpu",
  "format",
  "kv_format",
  "engine",
  "engine_version",
  "tensor_parallel",
  "pipeline_parallel",
  "expert_parallel",
  "data_parallel",
  "prompt_tokens",
  "output_tokens",
  "concurrency",
  "protocol",
  "request_rate",
  "max_num_seqs",
  "max_num_batched_tokens",
  "memory_utilisation",
  "sorts_logits",
] as const;
type InputColumn = (typeof inputColumns)[number];

/** What empty cells and absent columns of lengths and load mean. */
const defaults = { prompt_tokens: 1000, output_tokens: 300, concurrency: 1 } as const;

type Cell = number | string | undefined;
const outputColumns = {
  ttft_ms: (one: ConfigurationPrediction) => one.ttftMs,
  tpot_ms: (one) => one.tpotMs,
  tokens_per_second: (one) => one.tokensPerSecond,
  fits: (one) => String(one.fits),
  weights_gib: (one) => one.weightsGiB,
  kv_gib: (one) => one.kvGiB,
  ttft_ms_low: (one) => one.interval.ttftMs?.[0],
  ttft_ms_high: (one) => one.interval.ttftMs?.[1],
  tpot_ms_low: (one) => one.interval.tpotMs[0],
  tpot_ms_high: (one) => one.interval.tpotMs[1],
  tokens_per_second_low: (one) => one.interval.tokensPerSecond[0],
  tokens_per_second_high: (one) => one.interval.tokensPerSecond[1],
  e2e_ms: (one) => one.endToEndMs,
  e2e_ms_low: (one) => one.interval.endToEndMs?.[0],
  e2e_ms_high: (one) => one.interval.endToEndMs?.[1],
  running: (one) => one.running,
  misfit: (one) => one.misfit,
} satisfies Record<string, (one: ConfigurationPrediction) => Cell>;
const errorColumn = "error";
const writtenColumns: readonly string[] = [...Object.keys(outputColumns), errorColumn];

/** At most so many bad rows are printed; the rest are counted. */
const shownProblems = 20;

interface Row {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number; readonly error?: CsvError };
}

/**
 * Evaluates one fixed configuration per row of a CSV file and prints the rows with their predictions. A row that cannot be evaluated keeps
 * its place, with the reason in the column `error`; only when there is nothing but such rows is the file refused.
 */
export async function sizeBatch(file: string, terminal: Terminal): Promise<ExitCode> {
  const { columns, rows } = read(file);
  await checkColumns(columns, file, terminal);
  const bad: { readonly path: string; readonly reason: string }[] = [];
  const records: Record<string, string>[] = [];
  for (const [index, { record, info }] of rows.entries()) {
    const outcome = info.error === undefined ? predict(record) : `${info.error.message}: quote cells that hold commas`;
    if (typeof outcome !== "string") {
      records.push({ ...record, ...cells(outcome), [errorColumn]: "" });
      continue;
    }
    const reason = `${outcome}${await suggestion(record, outcome)}`;
    bad.push({ path: `row ${index + 1} (line ${info.lines})`, reason });
    records.push({ ...record, [errorColumn]: reason });
  }
  if (bad.length > 0) {
    const more = bad.length - shownProblems;
    const shown: Problem[] = bad.slice(0, shownProblems);
    if (more > 0) shown.push({ path: "", reason: `and ${more} more` });
    if (bad.length === rows.length) throw new BadInput(`${file}: no row can be evaluated; nothing was written`, shown);
    terminal.err(`${file}: ${bad.length} of ${rows.length} rows are bad, see the column "${errorColumn}"\n`);
    for (const { path, reason } of shown) terminal.err(`  ${path === "" ? "" : `${path}: `}${reason}\n`);
  }
  terminal.out(stringify(records, { header: true, columns: [...columns, ...writtenColumns] }));
  return exitCodes.clean;
}

function read(file: string): { columns: readonly string[]; rows: readonly Row[] } {
  let text: string;
  try {
    text = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw new BadInput(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  let columns: string[] = [];
  try {
    const rows: Row[] = parse(text, {
      bom: true,
      columns: (header: string[]) => (columns = header.map(columnName)),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    });
    if (columns.length === 0)
      throw new BadInput(`${file} is empty; its first line must name the columns: ${inputColumns.join(", ")}`);
    return { columns, rows };
  } catch (error) {
    if (error instanceof CsvError) throw new BadInput(`${file} is not CSV: ${error.message}`);
    throw error;
  }
}

/** Columns are known in any case; others keep theirs. */
function columnName(header: string): string {
  const name = header.trim();
  return inputColumns.find((one) => one === name.toLowerCase()) ?? name;
}

/** Loaded when something is wrong: it brings all of core with it, which takes longer than a thousand rows. */
const loadNearest = async () => (await import("@holdfast/core")).nearest;

async function checkColumns(columns: readonly string[], file: string, terminal: Terminal): Promise<void> {
  if (columns.every((name) => (inputColumns as readonly string[]).includes(name)) && columns.includes("model")) {
    if (columns.includes("gpu") && new Set(columns).size === columns.length) return;
  }
  const nearest = await loadNearest();
  const problems: Problem[] = [];
  for (const needed of ["model", "gpu"]) {
    if (columns.includes(needed)) continue;
    const near = nearest(needed, columns);
    problems.push({
      path: "",
      reason: `column "${needed}" is missing${near ? ` (is it "${near}"?)` : ""}; columns: ${inputColumns.join(", ")}`,
    });
  }
  for (const [index, name] of columns.entries()) {
    if (columns.indexOf(name) !== index) problems.push({ path: "", reason: `column "${name}" is there twice` });
    if (writtenColumns.includes(name))
      problems.push({ path: "", reason: `column "${name}" is one that this command writes: rename or remove it` });
  }
  if (problems.length > 0) throw new BadInput(`${file}: the columns are not right`, problems);
  const known: readonly string[] = inputColumns;
  for (const name of columns.filter((one) => !known.includes(one))) {
    const near = nearest(
      name,
      known.filter((one) => !columns.includes(one)),
    );
    if (near !== undefined)
      terminal.err(`${file}: column "${name}" is passed on unread; if "${near}" is meant, rename it\n`);
  }
}

function predict(record: Readonly<Record<string, string>>): ConfigurationPrediction | string {
  const text = (column: InputColumn) => (record[column] === "" ? undefined : record[column]);
  const reasons: string[] = [];
  const number = (column: InputColumn) => {
    const value = text(column);
    if (value === undefined) return undefined;
    if (/^\d+(\.\d*)?(e\+?\d+)?$/i.test(value)) return Number(value);
    reasons.push(`${column} must be a number, got "${value}"`);
    return undefined;
  };
  const yesOrNo = (column: InputColumn) => {
    const value = text(column)?.toLowerCase();
    if (value === undefined) return undefined;
    if (value !== "true" && value !== "false") reasons.push(`${column} must be true or false, got "${value}"`);
    return value === "true";
  };
  const optional = <K extends keyof Configuration>(key: K, value: Configuration[K] | undefined) =>
    value === undefined ? {} : { [key]: value };
  const configuration: Configuration = {
    model: text("model") ?? "",
    gpu: text("gpu") ?? "",
    ...optional("format", text("format")),
    ...optional("kvFormat", text("kv_format")),
    ...optional("engine", text("engine")),
    ...optional("engineVersion", text("engine_version")),
    ...optional("tensorParallel", number("tensor_parallel")),
    ...optional("pipelineParallel", number("pipeline_parallel")),
    ...optional("expertParallel", number("expert_parallel")),
    ...optional("dataParallel", number("data_parallel")),
    promptTokens: number("prompt_tokens") ?? defaults.prompt_tokens,
    outputTokens: number("output_tokens") ?? defaults.output_tokens,
    ...optional(
      "concurrency",
      number("concurrency") ?? (text("request_rate") === undefined ? defaults.concurrency : undefined),
    ),
    ...optional("protocol", text("protocol")),
    ...optional("requestRate", number("request_rate")),
    ...optional("maxNumSeqs", number("max_num_seqs")),
    ...optional("maxNumBatchedTokens", number("max_num_batched_tokens")),
    ...optional("memoryUtilisation", number("memory_utilisation")),
    ...optional("sortsLogits", yesOrNo("sorts_logits")),
  };
  if (reasons.length > 0) return reasons.join("; ");
  const outcome = predictConfiguration(configuration);
  return outcome.ok ? outcome.prediction : outcome.reason;
}

/** The nearest known name, where it is the name that is not known. */
async function suggestion({ model = "", gpu = "" }: Row["record"], reason: string): Promise<string> {
  if (!reason.endsWith("is not in the catalogue")) return "";
  const nearest = await loadNearest();
  const ofGpu = reason.startsWith("GPU");
  const known = ofGpu
    ? gpus.flatMap((one) => [one.id, ...one.aliases])
    : models.flatMap((one) => [one.id, one.repository, ...one.aliases]);
  const near = nearest(ofGpu ? gpu : model, known);
  const list = `\`holdfast catalog ${ofGpu ? "gpus" : "models"}\` lists the known ones`;
  return near ? `; did you mean "${near}"? ${list}` : `; ${list}`;
}

function cells(prediction: ConfigurationPrediction): Record<string, string> {
  return Object.fromEntries(
    Object.entries<(one: ConfigurationPrediction) => Cell>(outputColumns).map(([name, value]) => [
      name,
      String(value(prediction) ?? ""),
    ]),
  );
}
