import { fixedLength, lengthDistribution, normalQuantile, type LengthDistribution } from "./length-distribution";
import type { Workload, Percentile } from "./workload";

/** A limit that so many of a hundred requests keep. Seconds. */
export interface Target {
  readonly seconds: number;
  readonly percentile: Percentile;
}

/** A workload with every default filled in. Tokens and seconds. */
export interface Load {
  /** Planned rate: the stated one times the peak factor. */
  readonly requestsPerSecond: number;
  /** Standard deviation over mean of the time between two requests. */
  readonly variation: number;
  readonly prompt: LengthDistribution;
  readonly output: LengthDistribution;
  /** Tokens at the start of every prompt that are in every replica's cache. */
  readonly sharedPrefix: number;
  /** Share of requests of which all but the newest turn is in the replica's cache. */
  readonly hitShare: number;
  /** Of a prompt beyond the shared prefix, the part that is new in a turn. */
  readonly newShare: number;
  readonly ttft?: Target;
  readonly tpot?: Target;
  readonly endToEnd?: Target;
  readonly offline?: {
    readonly tokensPerSecond: number;
    readonly prompt: number;
    readonly output: number;
    readonly hoursPerDay: number;
  };
}

/** Lengths of one request; `computed` is what of the prompt no cache holds. */
export interface RequestSize {
  readonly prompt: number;
  readonly output: number;
  readonly computed: number;
}

/** The load that a workload means. `longest` is what the engine accepts of prompt and output together. */
export function loadOf(workload: Workload, longest: number): Load {
  const { arrivals, sessions, offline, targetPercentiles: at, promptTokens, outputTokens } = workload;
  const prompt =
    workload.promptLengths === undefined
      ? fixedLength(promptTokens)
      : lengthDistribution(workload.promptLengths, promptTokens, longest - Math.min(outputTokens, longest - 1));
  const output =
    workload.outputLengths === undefined || outputTokens === 0
      ? fixedLength(outputTokens)
      : lengthDistribution(workload.outputLengths, outputTokens, longest - Math.min(promptTokens, longest - 1));
  const turns = sessions?.turns ?? 1;
  const target = (seconds: number | undefined, percentile: Percentile = 95): Target | undefined =>
    seconds === undefined ? undefined : { seconds, percentile };
  const [ttft, tpot, endToEnd] = [
    target(workload.ttftSeconds, at?.ttft),
    target(workload.tpotMs === undefined || outputTokens === 0 ? undefined : workload.tpotMs / 1000, at?.tpot),
    target(workload.endToEndSeconds, at?.endToEnd),
  ];
  return {
    requestsPerSecond: workload.requestsPerSecond * (arrivals?.peakFactor ?? 1),
    variation: arrivals?.variation ?? 1,
    prompt,
    output,
    sharedPrefix: sessions?.sharedPrefixTokens ?? 0,
    hitShare: (sessions?.hitRate ?? 0.5) * (1 - 1 / turns),
    newShare: 1 / turns,
    ...(ttft === undefined ? {} : { ttft }),
    ...(tpot === undefined ? {} : { tpot }),
    ...(endToEnd === undefined ? {} : { endToEnd }),
    ...(offline === undefined || outputTokens === 0
      ? {}
      : {
          offline: {
            tokensPerSecond: offline.tokensPerDay / ((offline.hoursPerDay ?? 24) * 3600),
            prompt: Math.min(longest - 1, offline.promptTokens ?? promptTokens),
            output: Math.min(longest, offline.outputTokens ?? outputTokens),
            hoursPerDay: offline.hoursPerDay ?? 24,
          },
        }),
  };
}

/** What of a prompt has to be computed, when the earlier turns are in the cache and when they are not. */
export function computedTokens(load: Load, prompt: number, hit: boolean): number {
  const own = Math.max(1, prompt - load.sharedPrefix);
  return hit ? Math.max(1, own * load.newShare) : own;
}

/** The request that stands for all when work is summed up. */
export function meanRequest(load: Load): RequestSize {
  const prompt = load.prompt.mean;
  const { hitShare } = load;
  return {
    prompt,
    output: load.output.mean,
    computed: hitShare * computedTokens(load, prompt, true) + (1 - hitShare) * computedTokens(load, prompt, false),
  };
}

/** A request as long as `percentile` of a hundred reach, with nothing of its own in the cache. */
export function longRequest(load: Load, percentile: Percentile): RequestSize {
  const prompt = load.prompt.at(percentile / 100);
  return { prompt, output: load.output.at(percentile / 100), computed: computedTokens(load, prompt, false) };
}

/** Standard normal variable at a percentile. */
export function deviations(percentile: Percentile): number {
  return percentile === 50 ? 0 : normalQuantile(percentile / 100);
}
