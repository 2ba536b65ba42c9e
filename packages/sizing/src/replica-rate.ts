import { longRequest, type RequestSize } from "./load";
import { highestRate, steadyThroughput, steadyTimes, tokensTime, type ReplicaModel } from "./replica-times";
import type { Requirement } from "./requirement";

/** Places are planned in round numbers, at most a tenth below what is possible: 1 to 10, then even, then every 4th, 8th, 16th. */
export function roundPlaces(most: number): number {
  const step = most <= 10 ? 1 : most < 32 ? 2 : most < 64 ? 4 : most < 128 ? 8 : 16;
  return Math.floor(most / step) * step;
}

/** How many requests of varying lengths fit where `mean` of equal ones would: rather fewer, so that 95 of 100 mixes do. */
export function manyOf(need: Requirement, mean: number): number {
  const { prompt, output } = need.load;
  const total = prompt.mean + output.mean;
  const deviation = Math.hypot(
    Math.sqrt(prompt.squaredVariation) * prompt.mean,
    Math.sqrt(output.squaredVariation) * output.mean,
  );
  if (deviation === 0) return Math.floor(mean);
  // n + z x n^(1/2) x deviation / mean = what fits, solved for n.
  const z = (1.645 * deviation) / total;
  return Math.max(1, Math.floor(((-z + Math.sqrt(z * z + 4 * mean)) / 2) ** 2));
}

/** The most running sequences whose time per token keeps the target; 0 when not even one does. */
export function largestWithinTarget(model: ReplicaModel, need: Requirement, size: RequestSize, most: number): number {
  const { tpot: target } = need.load;
  if (target === undefined || size.output === 0) return most;
  const { machine: m, crossing } = model;
  const keeps = (sequences: number) => tokensTime(m, size, sequences) + crossing(sequences) <= target.seconds;
  if (!keeps(1)) return 0;
  let low = 1;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (keeps(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The highest arrival rate at which one group of requests keeps all targets, with headroom. */
export function sustainedRate(model: ReplicaModel, need: Requirement, size: RequestSize, limit: number): number {
  const ceiling = steadyThroughput(model, size, limit) * (1 - need.headroom);
  // Bursts up to the percentile of the first token run at once; only batch work may queue for a place.
  const rate = highestRate(model, need.load, limit, ceiling, need.batch);
  return rate < ceiling * 1e-3 ? 0 : rate;
}

/** Why not even one request alone keeps the targets. */
export function targetRefusal(model: ReplicaModel, need: Requirement, size: RequestSize): string {
  const { ttft, endToEnd, output, prompt } = need.load;
  const percentile = ttft?.percentile ?? 95;
  const long = { ...size, prompt: prompt.at(percentile / 100), computed: longRequest(need.load, percentile).computed };
  const alone = steadyTimes(model, long, 1);
  const target = (ttft?.seconds ?? Number.POSITIVE_INFINITY) * 1000;
  if (endToEnd !== undefined && alone.ttft * 1000 <= target) {
    const whole = alone.ttft + output.at(endToEnd.percentile / 100) * alone.tpot;
    return `a whole request takes ${whole.toFixed(1)} s without any queue; the target is ${endToEnd.seconds} s`;
  }
  return `the first token takes ${(alone.ttft * 1000).toFixed(0)} ms without any queue; the target is ${target.toFixed(0)} ms`;
}
