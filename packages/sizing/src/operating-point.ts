import { decodeStep, prefill, type Machine } from "./step-time";

/** Lengths of a request, tokens. */
export interface RequestLengths {
  readonly prompt: number;
  readonly output: number;
}

/** Mean times of a replica that always runs `concurrency` requests: each ends, the next begins. Seconds. */
export interface MeanTimes {
  readonly ttft: number;
  readonly tpot: number;
}

const dispatchSeconds = 0.02;
const highestUtilisation = 0.95;

/** Mean times at a fixed number of running requests. */
export function meanTimes(m: Machine, lengths: RequestLengths, concurrency: number): MeanTimes {
  const { prompt, output } = lengths;
  const alone = prefill(m, prompt);
  if (output === 0) return { ttft: dispatchSeconds + alone * Math.max(1, concurrency), tpot: 0 };
  const step = decodeStep(m, concurrency, prompt + output / 2);
  // Each request's prompt is computed in between the others' steps.
  const tpot = step + (alone * Math.max(0, concurrency - 1)) / output;
  const busy = Math.min(highestUtilisation, (concurrency * alone) / (output * tpot + alone));
  const ttft = dispatchSeconds + alone * (1 + busy / (2 * (1 - busy))) + 2 * tpot;
  return { ttft, tpot };
}

/** Requests per second that pass through at a fixed number of running requests (Little's law). */
export function throughput(m: Machine, lengths: RequestLengths, concurrency: number): number {
  if (lengths.output === 0) return 1 / prefill(m, lengths.prompt);
  const { ttft, tpot } = meanTimes(m, lengths, concurrency);
  return concurrency / (ttft + lengths.output * tpot);
}

/** Mean number of requests in a replica at an arrival rate, or nothing when `most` running requests cannot keep up. */
export function concurrencyAt(
  m: Machine,
  lengths: RequestLengths,
  requestsPerSecond: number,
  most: number,
): number | undefined {
  if (throughput(m, lengths, most) < requestsPerSecond) return undefined;
  let low = 0;
  let high = most;
  for (let i = 0; i < 40 && high - low > 0.01; i++) {
    const middle = (low + high) / 2;
    if (throughput(m, lengths, middle) < requestsPerSecond) low = middle;
    else high = middle;
  }
  return high;
}

/** The 95th percentile of a Poisson-distributed number in the system. */
export function peakConcurrency(mean: number): number {
  return mean + 1.645 * Math.sqrt(mean);
}

export interface LoadTimes {
  /** Mean requests running on one replica. */
  readonly concurrency: number;
  /** 95th percentile of it. */
  readonly peak: number;
  /** 95th percentiles, seconds. */
  readonly ttft: number;
  readonly tpot: number;
}

/** Times of one replica under Poisson arrivals, or nothing when it cannot keep up. */
export function timesUnderLoad(
  m: Machine,
  lengths: RequestLengths,
  requestsPerSecond: number,
  most: number,
): LoadTimes | undefined {
  const alone = prefill(m, lengths.prompt);
  const busy = requestsPerSecond * alone;
  if (busy >= highestUtilisation) return undefined;
  // P(wait > t) of a single server with constant service: busy x exp(-2 (1 - busy) t / service).
  const wait = Math.max(0, (alone / (2 * (1 - busy))) * Math.log(20 * busy));
  if (lengths.output === 0) {
    return { concurrency: busy, peak: peakConcurrency(busy), ttft: dispatchSeconds + alone + wait, tpot: 0 };
  }
  const concurrency = concurrencyAt(m, lengths, requestsPerSecond, most);
  if (concurrency === undefined) return undefined;
  const peak = Math.min(most, Math.max(1, peakConcurrency(concurrency)));
  const { tpot } = meanTimes(m, lengths, peak);
  return { concurrency, peak, ttft: dispatchSeconds + wait + alone + 2 * tpot, tpot };
}
