import type { TokenBin } from "./advice/request-histogram";

/** The percentile at which a target holds: so many of a hundred requests keep it. */
export type Percentile = 50 | 90 | 95 | 99;
export const percentiles = [50, 90, 95, 99] as const satisfies readonly Percentile[];

/** How long requests are, tokens: some percentiles, or counts by length as a histogram of real traffic gives them. */
export type TokenLengths =
  | {
      readonly p10?: number;
      readonly p25?: number;
      readonly p50: number;
      readonly p75?: number;
      readonly p90?: number;
      readonly p95?: number;
      readonly p99?: number;
    }
  | { readonly bins: readonly TokenBin[] };

/** How requests arrive. */
export interface Arrivals {
  /** Rate in the busiest minute over `requestsPerSecond`. @default 1: `requestsPerSecond` is the busiest minute's */
  readonly peakFactor?: number;
  /** Standard deviation over mean of the time between two requests: 1 for independent users (Poisson), more where they come in bursts. @default 1 */
  readonly variation?: number;
}

/** Conversations: each turn repeats what was said before, and all begin with the same system prompt. */
export interface Sessions {
  /** Tokens at the start of every prompt that all requests share. They stay in every replica's prefix cache. @default 0 */
  readonly sharedPrefixTokens?: number;
  /** Mean turns of a conversation; a prompt holds all earlier ones. @default 1 */
  readonly turns?: number;
  /** Share of later turns that reach the replica which still holds the earlier ones. @default 0.5 */
  readonly hitRate?: number;
}

/** Work without a latency target that fills the places that interactive requests leave, at a lower priority. */
export interface OfflineWork {
  /** Output tokens per day that must be made. */
  readonly tokensPerDay: number;
  /** Prompt tokens of such a request. @default those of the interactive requests */
  readonly promptTokens?: number;
  /** Output tokens of such a request. @default those of the interactive requests */
  readonly outputTokens?: number;
  /** Hours of a day in which it may run. @default 24 */
  readonly hoursPerDay?: number;
}

/** What a fleet must carry. */
export interface Workload {
  /** 95th percentile of prompt tokens. */
  readonly promptTokens: number;
  /** 95th percentile of output tokens; 0 for embeddings and reranking. */
  readonly outputTokens: number;
  readonly requestsPerSecond: number;
  /** Time to first token, seconds, at `targetPercentiles.ttft`. Absent: no target (batch). */
  readonly ttftSeconds?: number;
  /** Time per output token, milliseconds: the mean of a request, at `targetPercentiles.tpot` over requests. Absent: no target (batch). */
  readonly tpotMs?: number;
  /** Time of a whole request, seconds, at `targetPercentiles.endToEnd`. @default no target */
  readonly endToEndSeconds?: number;
  /** Where the targets hold. @default 95 for each */
  readonly targetPercentiles?: {
    readonly ttft?: Percentile;
    readonly tpot?: Percentile;
    readonly endToEnd?: Percentile;
  };
  /** @default Poisson arrivals at `requestsPerSecond` */
  readonly arrivals?: Arrivals;
  /** @default every prompt as long as `promptTokens`, which is on the safe side */
  readonly promptLengths?: TokenLengths;
  /** @default every output as long as `outputTokens`, which is on the safe side */
  readonly outputLengths?: TokenLengths;
  /** @default nothing is shared: every prompt is computed whole */
  readonly sessions?: Sessions;
  /** @default none */
  readonly offline?: OfflineWork;
}

/** Everything wrong with the optional fields of a workload, each with its path, the value and what is allowed. */
export function workloadProblems(workload: Workload): string[] {
  const { arrivals, sessions, offline, targetPercentiles: at } = workload;
  const problems: string[] = [];
  const range = (path: string, value: number | undefined, least: number, most = Number.MAX_VALUE) => {
    if (value === undefined || (value >= least && value <= most)) return;
    const upTo = most === Number.MAX_VALUE ? "" : ` and at most ${most}`;
    problems.push(
      `workload.${path} must be ${least === Number.MIN_VALUE ? "more than 0" : `at least ${least}`}${upTo}, got ${value}`,
    );
  };
  range("endToEndSeconds", workload.endToEndSeconds, Number.MIN_VALUE);
  range("arrivals.peakFactor", arrivals?.peakFactor, 1, 100);
  range("arrivals.variation", arrivals?.variation, 0, 20);
  range("sessions.sharedPrefixTokens", sessions?.sharedPrefixTokens, 0, workload.promptTokens - 1);
  range("sessions.turns", sessions?.turns, 1, 1000);
  range("sessions.hitRate", sessions?.hitRate, 0, 1);
  range("offline.tokensPerDay", offline?.tokensPerDay, Number.MIN_VALUE);
  range("offline.promptTokens", offline?.promptTokens, 1);
  range("offline.outputTokens", offline?.outputTokens, 1);
  range("offline.hoursPerDay", offline?.hoursPerDay, Number.MIN_VALUE, 24);
  for (const [name, value] of Object.entries(at ?? {})) {
    if (!percentiles.includes(value))
      problems.push(
        `workload.targetPercentiles.${name} must be one of ${percentiles.join(", ")}, got ${String(value)}`,
      );
  }
  problems.push(...lengthProblems("promptLengths", workload.promptLengths, workload.promptTokens));
  problems.push(...lengthProblems("outputLengths", workload.outputLengths, workload.outputTokens));
  return problems;
}

function lengthProblems(path: string, lengths: TokenLengths | undefined, p95: number): string[] {
  if (lengths === undefined) return [];
  if ("bins" in lengths) {
    const counted = lengths.bins.reduce((sum, bin) => sum + bin.count, 0);
    const bad = lengths.bins.find((bin) => !(bin.upTo > 0 && bin.count >= 0));
    if (bad !== undefined)
      return [`workload.${path}.bins: upTo must be more than 0 and count at least 0, got ${JSON.stringify(bad)}`];
    return counted > 0 ? [] : [`workload.${path}.bins hold no requests`];
  }
  const known = Object.entries({ ...lengths, p95: lengths.p95 ?? p95 })
    .map(([name, value]) => ({ name, at: Number(name.slice(1)), value }))
    .sort((a, b) => a.at - b.at);
  const bad = known.find(({ value }, i) => !(value > 0 && value >= (known[i - 1]?.value ?? 0)));
  return bad === undefined
    ? []
    : [
        `workload.${path}.${bad.name} must be more than 0 and no less than the percentile below it, got ${bad.value} of ${known.map(({ name, value }) => `${name} ${value}`).join(", ")}`,
      ];
}
