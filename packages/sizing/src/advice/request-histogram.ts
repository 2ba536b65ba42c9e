import type { Workload } from "../workload";

/** Counts of requests by tokens: `upTo` is the upper bound of each bin. */
export interface TokenBin {
  readonly upTo: number;
  readonly count: number;
}

/** A percentile of a histogram, linear inside its bin; from 0 where the first bin begins. */
export function percentileOf(bins: readonly TokenBin[], share: number): number {
  const sorted = [...bins].sort((a, b) => a.upTo - b.upTo);
  const total = sorted.reduce((sum, bin) => sum + bin.count, 0);
  if (!(total > 0)) throw new RangeError("the histogram holds no requests");
  if (!(share > 0 && share <= 1)) throw new RangeError(`a percentile must be above 0 and at most 1, got ${share}`);
  const wanted = share * total;
  let seen = 0;
  let from = 0;
  for (const { upTo, count } of sorted) {
    if (seen + count >= wanted && count > 0) return from + ((wanted - seen) / count) * (upTo - from);
    seen += count;
    from = upTo;
  }
  return from;
}

/**
 * Context length to serve: the 95th percentile of prompt plus output, rounded up to a whole page of 1,024 tokens, at most what the
 * model supports. Longer requests are refused with the limit in the answer, so the share that is cut off is stated.
 */
export function contextFor(
  bins: readonly TokenBin[],
  modelContext: number,
): { readonly maxModelLen: number; readonly refusedShare: number } {
  const wanted = Math.ceil(percentileOf(bins, 0.95) / 1024) * 1024;
  const maxModelLen = Math.min(modelContext, wanted);
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  const longer = bins.filter((bin) => bin.upTo > maxModelLen).reduce((sum, bin) => sum + bin.count, 0);
  return { maxModelLen, refusedShare: longer / total };
}

/** One recorded request: seconds from any start, tokens. */
export interface RecordedRequest {
  readonly at: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** Fewer requests than this say nothing about how they arrive. */
const enoughArrivals = 100;

/**
 * The workload that recorded requests amount to: their 95th percentiles, the lengths as they were, the rate of the busiest minute and how
 * irregularly they came. Targets are not in a record: add them.
 */
export function recordedWorkload(
  requests: readonly RecordedRequest[],
): Pick<
  Workload,
  "promptTokens" | "outputTokens" | "requestsPerSecond" | "promptLengths" | "outputLengths" | "arrivals"
> {
  if (requests.length === 0) throw new RangeError("no requests were recorded");
  const bad = requests.find(
    ({ at, promptTokens, outputTokens }) => !(Number.isFinite(at) && promptTokens >= 1 && outputTokens >= 0),
  );
  if (bad !== undefined)
    throw new RangeError(
      `a recorded request needs a time, at least 1 prompt token and at least 0 output tokens, got ${JSON.stringify(bad)}`,
    );
  const prompt = quantiles(requests.map((one) => one.promptTokens));
  const output = quantiles(requests.map((one) => one.outputTokens));
  const times = requests.map((one) => one.at).sort((a, b) => a - b);
  const variation = variationOf(times);
  return {
    promptTokens: prompt.p95,
    outputTokens: output.p95,
    requestsPerSecond: busiestRate(times),
    promptLengths: prompt,
    ...(output.p10 < 1 ? {} : { outputLengths: output }),
    ...(variation === undefined ? {} : { arrivals: { variation } }),
  };
}

function quantiles(values: readonly number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { p10: at(0.1), p25: at(0.25), p50: at(0.5), p75: at(0.75), p90: at(0.9), p95: at(0.95), p99: at(0.99) };
}

/** Requests per second in the busiest minute, slid from request to request; of a shorter record, the whole. */
function busiestRate(sorted: readonly number[]): number {
  const [from = 0] = sorted;
  const window = Math.max(1, Math.min(60, (sorted.at(-1) ?? from) - from));
  let most = 0;
  let start = 0;
  for (const [end, time] of sorted.entries()) {
    while ((sorted[start] ?? time) < time - window) start++;
    most = Math.max(most, end - start + 1);
  }
  return most / window;
}

function variationOf(sorted: readonly number[]): number | undefined {
  if (sorted.length < enoughArrivals) return undefined;
  const gaps = sorted.slice(1).map((time, i) => time - (sorted[i] ?? time));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  if (mean === 0) return undefined;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  return Math.min(20, Math.sqrt(variance) / mean);
}
