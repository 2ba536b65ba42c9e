import { readFileSync } from "node:fs";
import { percentileOf, publicTraces, type TokenBin, type TokenQuantiles } from "@holdfast/sizing";
import { CsvError, parse } from "csv-parse/sync";
import { z } from "zod";
import { BadInput } from "../exit-code";

/** Percentiles of lengths; the middle and the 95th are always there. */
export type LengthQuantiles = Partial<TokenQuantiles> & Pick<TokenQuantiles, "p50" | "p95">;

/** What a sizing takes from recorded traffic. */
export interface Traffic {
  /** File or name, for the people who read the result. */
  readonly source: string;
  /** Requests that were counted, where they were. */
  readonly requests?: number;
  readonly prompt: LengthQuantiles;
  readonly output: LengthQuantiles;
  /** Requests per second in the busiest minute; needs time stamps. */
  readonly requestsPerSecond?: number;
  /** Standard deviation over mean of the time between two requests; needs time stamps of enough requests. */
  readonly variation?: number;
}

/** Column and property names that logs and public traces use, in lower case. */
const names = {
  prompt: ["prompt_tokens", "input_tokens", "contexttokens", "num_prefill_tokens", "input_length", "prompt_len", "isl"],
  output: [
    "output_tokens",
    "completion_tokens",
    "generated_tokens",
    "generatedtokens",
    "num_decode_tokens",
    "output_length",
    "output_len",
    "osl",
  ],
  time: ["timestamp", "time", "arrived_at", "arrival_time", "started_at", "ts"],
  upTo: ["up_to", "upto", "le", "tokens"],
  promptCount: ["prompt_count", "prompts", "prompt_requests"],
  outputCount: ["output_count", "outputs", "output_requests"],
} as const;

const shapes = [
  `CSV with a request a row: columns ${names.prompt[0]}, ${names.output[0]} and, for the rate, ${names.time[0]} (seconds or ISO 8601)`,
  `CSV with a histogram: columns ${names.upTo[0]}, ${names.promptCount[0]}, ${names.outputCount[0]}`,
  "JSON: a list of such requests (or one a line), or { promptTokens, outputTokens }, each with bins [{ upTo, count }] or percentiles p50, p90, p95, p99",
  `the name of a public trace: ${publicTraces.map(({ name }) => name).join(", ")}`,
].map((reason) => ({ path: "", reason }));

/** Reads recorded traffic: a public trace by its name, or a file of requests, a histogram or percentiles. */
export function readTraffic(file: string): Traffic {
  const known = publicTraces.find(({ name }) => name === file);
  if (known !== undefined) {
    const { prompt, output, requests, variation } = known;
    const source = `${known.name}: ${known.what} (${known.source}, ${known.licence})`;
    return { source, prompt, output, requests, ...(variation === undefined ? {} : { variation }) };
  }
  const text = contentOf(file);
  const first = text.trimStart()[0];
  return first === "{" || first === "[" ? fromJson(text, file) : fromRows(rowsOf(text, file), file);
}

function contentOf(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BadInput(`cannot read the traffic file ${file}: ${why}; what --traffic takes:`, shapes);
  }
}

type Row = Readonly<Record<string, unknown>>;

function rowsOf(text: string, file: string): Row[] {
  try {
    return parse(text, {
      bom: true,
      columns: (header: string[]) => header.map((name) => name.trim()),
      skip_empty_lines: true,
      trim: true,
    });
  } catch (error) {
    if (error instanceof CsvError)
      throw new BadInput(`${file} is not CSV: ${error.message}; what --traffic takes:`, shapes);
    throw error;
  }
}

/** The first of a row's properties that has one of the names. */
function field(row: Row | undefined, known: readonly string[]): string | undefined {
  return Object.keys(row ?? {}).find((key) => known.includes(key.toLowerCase()));
}

function fromRows(rows: readonly Row[], file: string): Traffic {
  const [first] = rows;
  const bound = field(first, names.upTo);
  const counts = { prompt: field(first, names.promptCount), output: field(first, names.outputCount) };
  if (bound !== undefined && counts.prompt !== undefined && counts.output !== undefined) {
    const bins = (count: string) => rows.map((row) => ({ upTo: Number(row[bound]), count: Number(row[count]) }));
    return fromBins(bins(counts.prompt), bins(counts.output), file);
  }
  const prompt = field(first, names.prompt);
  const output = field(first, names.output);
  if (prompt === undefined || output === undefined)
    throw new BadInput(
      `${file}: no ${prompt === undefined ? "prompt" : "output"} tokens among ${Object.keys(first ?? {}).join(", ") || "nothing"}; what --traffic takes:`,
      shapes,
    );
  return fromRequests(rows, { prompt, output, time: field(first, names.time) }, file);
}

interface Fields {
  readonly prompt: string;
  readonly output: string;
  readonly time: string | undefined;
}

/** At most so many bad rows are named. */
const shownProblems = 10;

function fromRequests(rows: readonly Row[], { prompt, output, time }: Fields, file: string): Traffic {
  const bad: { path: string; reason: string }[] = [];
  const number = (row: Row, key: string, index: number, least: number) => {
    const value = row[key] === "" || row[key] === null ? Number.NaN : Number(row[key]);
    if (!(Number.isFinite(value) && value >= least))
      bad.push({
        path: `request ${index + 1}`,
        reason: `${key} must be a number of at least ${least}, got ${JSON.stringify(row[key])}`,
      });
    return value;
  };
  const prompts = rows.map((row, index) => number(row, prompt, index, 1));
  const outputs = rows.map((row, index) => number(row, output, index, 0));
  const times = time === undefined ? [] : rows.map((row) => secondsOf(row[time]));
  const unread = times.findIndex((one) => Number.isNaN(one));
  if (unread >= 0)
    bad.push({
      path: `request ${unread + 1}`,
      reason: `${time ?? ""} must be seconds or an ISO 8601 time, got ${JSON.stringify(rows[unread]?.[time ?? ""])}`,
    });
  if (bad.length > 0) {
    const more = bad.length - shownProblems;
    throw new BadInput(`${file}: ${bad.length} bad values; nothing was sized`, [
      ...bad.slice(0, shownProblems),
      ...(more > 0 ? [{ path: "", reason: `and ${more} more` }] : []),
    ]);
  }
  return {
    source: file,
    requests: rows.length,
    prompt: quantilesOf(exact(prompts)),
    output: quantilesOf(exact(outputs)),
    ...arrivals(times),
  };
}

/** Seconds of a time stamp; milliseconds, as some logs write them, are recognised by their size. */
function secondsOf(value: unknown): number {
  const number = Number(value);
  if (value !== "" && value !== null && Number.isFinite(number)) return number > 1e11 ? number / 1000 : number;
  return Date.parse(String(value)) / 1000;
}

/** Fewer requests than this say nothing about how they arrive. */
const enoughArrivals = 100;

function arrivals(times: readonly number[]): Pick<Traffic, "requestsPerSecond" | "variation"> {
  const sorted = [...times].sort((a, b) => a - b);
  const from = sorted[0];
  const to = sorted.at(-1);
  if (from === undefined || to === undefined || to <= from) return {};
  // The busiest minute, slid from request to request; a shorter record is taken as it is.
  const window = Math.min(60, to - from);
  let most = 0;
  let start = 0;
  for (const [end, time] of sorted.entries()) {
    while ((sorted[start] ?? time) < time - window) start++;
    most = Math.max(most, end - start + 1);
  }
  const rate = Math.round((most / window) * 1000) / 1000;
  if (sorted.length < enoughArrivals) return { requestsPerSecond: rate };
  const gaps = sorted.slice(1).map((time, index) => time - (sorted[index] ?? time));
  const mean = (to - from) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  return { requestsPerSecond: rate, variation: Math.round((Math.sqrt(variance) / mean) * 100) / 100 };
}

function exact(values: readonly number[]): (share: number) => number {
  const sorted = [...values].sort((a, b) => a - b);
  return (share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

function quantilesOf(at: (share: number) => number): TokenQuantiles {
  const of = (share: number) => Math.round(at(share));
  return {
    p10: of(0.1),
    p25: of(0.25),
    p50: of(0.5),
    p75: of(0.75),
    p90: of(0.9),
    p95: of(0.95),
    p99: of(0.99),
  };
}

function fromBins(prompt: readonly TokenBin[], output: readonly TokenBin[], file: string): Traffic {
  for (const [name, bins] of Object.entries({ prompt, output })) {
    const bad = bins.find(({ upTo, count }) => !(upTo > 0 && count >= 0));
    if (bad !== undefined)
      throw new BadInput(
        `${file}: a ${name} bin needs upTo above 0 and a count of at least 0, got ${JSON.stringify(bad)}`,
      );
    if (!bins.some(({ count }) => count > 0)) throw new BadInput(`${file}: the ${name} histogram holds no requests`);
  }
  return {
    source: file,
    requests: prompt.reduce((sum, bin) => sum + bin.count, 0),
    prompt: quantilesOf((share) => percentileOf(prompt, share)),
    output: quantilesOf((share) => percentileOf(output, share)),
  };
}

const bin = z.object({ upTo: z.number(), count: z.number() });
const percentiles = z.object({
  p10: z.number().optional(),
  p25: z.number().optional(),
  p50: z.number(),
  p75: z.number().optional(),
  p90: z.number().optional(),
  p95: z.number(),
  p99: z.number().optional(),
});
const lengths = z.union([z.object({ bins: z.array(bin) }), z.array(bin).transform((bins) => ({ bins })), percentiles]);
const summary = z.object({
  promptTokens: lengths,
  outputTokens: lengths,
  requestsPerSecond: z.number().positive().optional(),
  arrivals: z
    .object({ requestsPerSecond: z.number().positive().optional(), variation: z.number().min(0).optional() })
    .optional(),
});

function fromJson(text: string, file: string): Traffic {
  const document = parsed(text, file);
  if (Array.isArray(document)) return fromRows(document as Row[], file);
  const source = camelCase(document);
  const outcome = summary.safeParse(source);
  if (!outcome.success) {
    const problems = outcome.error.issues.map((issue) => ({ path: issue.path.join("."), reason: issue.message }));
    throw new BadInput(`${file} is not traffic that can be read; what --traffic takes:`, [...problems, ...shapes]);
  }
  const { promptTokens, outputTokens, requestsPerSecond, arrivals: rates } = outcome.data;
  const rate = requestsPerSecond ?? rates?.requestsPerSecond;
  const either = {
    ...(rate === undefined ? {} : { requestsPerSecond: rate }),
    ...(rates?.variation === undefined ? {} : { variation: rates.variation }),
  };
  if ("bins" in promptTokens && "bins" in outputTokens)
    return { ...fromBins(promptTokens.bins, outputTokens.bins, file), ...either };
  return { source: file, prompt: filled(promptTokens, file), output: filled(outputTokens, file), ...either };
}

/** A document, or a list of documents one a line. */
function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (whole) {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    try {
      if (lines.length > 1) return lines.map((line): unknown => JSON.parse(line));
    } catch {
      // Neither one document nor one a line: the first complaint is the one to show.
    }
    throw new BadInput(`${file} is not JSON: ${whole instanceof Error ? whole.message : String(whole)}`);
  }
}

/** `prompt_tokens` as `promptTokens`, one level deep: summaries are written either way. */
function camelCase(document: unknown): unknown {
  if (typeof document !== "object" || document === null) return document;
  const rename = (key: string) => key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(document).map(([key, value]) => [rename(key), value as unknown]));
}

function filled(stated: z.output<typeof lengths>, file: string): LengthQuantiles {
  if ("bins" in stated) return quantilesOf((share) => percentileOf(stated.bins, share));
  const { p10, p25, p50, p75, p90, p95, p99 } = stated;
  const order = [p10, p25, p50, p75, p90, p95, p99].filter((value) => value !== undefined);
  if (order.some((value, index) => !(value >= (order[index - 1] ?? 0))))
    throw new BadInput(`${file}: percentiles must not fall, got ${order.join(", ")}`);
  return {
    p50,
    p95,
    ...(p10 === undefined ? {} : { p10 }),
    ...(p25 === undefined ? {} : { p25 }),
    ...(p75 === undefined ? {} : { p75 }),
    ...(p90 === undefined ? {} : { p90 }),
    ...(p99 === undefined ? {} : { p99 }),
  };
}
