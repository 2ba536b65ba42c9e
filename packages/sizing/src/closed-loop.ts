import { usableGiB } from "@holdfast/catalog";
import { engineOverhead } from "./engine-budget";
import { sequenceBytes } from "./kv-cache";
import {
  chunkTokens,
  decodeFloor,
  decodeStep,
  prefill,
  promptCompute,
  promptFloor,
  promptInterference,
  type Machine,
} from "./step-time";
import { firstTokenConstants, type FirstTokenConstants } from "./time-constants";

/** Lengths of a request, tokens. */
export interface RequestLengths {
  readonly prompt: number;
  readonly output: number;
}

/** Mean times of a replica that always runs the same number of requests: each ends, the next begins. Seconds. */
export interface MeanTimes {
  readonly ttft: number;
  readonly tpot: number;
}

const GiB = 2 ** 30;

/** Time per output token at `running` requests: a decode step, and the share of the other requests' prompts. */
export function tokenTime(m: Machine, lengths: RequestLengths, running: number): number {
  const { prompt, output } = lengths;
  const context = prompt + output / 2;
  // Each of the others' prompts is computed once within the time of this request's output.
  const prompts = Math.max(0, running / m.dataParallel - 1) / output;
  const withPrompt = m.model.architecture.experts ? Math.min(1, prompts * Math.max(1, prompt / chunkTokens)) : 0;
  const step = decodeStep(m, running, context, withPrompt) + prompts * promptCompute(m, prompt);
  return Math.max(decodeFloor(m, running, context), step);
}

/** Mean times at a fixed number of running requests, none waiting. */
export function meanTimes(
  m: Machine,
  lengths: RequestLengths,
  running: number,
  c: FirstTokenConstants = firstTokenConstants,
): MeanTimes {
  const { prompt, output } = lengths;
  const alone = prefill(m, prompt);
  if (output === 0) return { ttft: c.dispatch + alone * Math.max(1, running), tpot: 0 };
  const step = decodeStep(m, running, prompt + output / 2);
  const own = alone * (m.model.architecture.experts ? c.mixture : c.dense);
  const others = c.others * Math.max(0, running / m.dataParallel - 1) * promptInterference(m, prompt, running);
  const ttft = c.dispatch + c.steps * step + own + others + c.perRequest * running;
  return { ttft: Math.max(ttft, promptFloor(m, prompt)), tpot: tokenTime(m, lengths, running) };
}

/**
 * Requests that measured engines ran at once: about twice what a 16-bit cache in the conservative budget holds, because runs use
 * FP8 caches, higher utilisation and lengths below the nominal. For predicting a measurement; planning uses the budget itself.
 */
export function runningInPractice(m: Machine, lengths: RequestLengths): number {
  const shape = m.model.architecture;
  const overhead = engineOverhead(shape, {
    tensorParallel: m.tensorParallel,
    maxNumBatchedTokens: 8192,
    maxNumSeqs: 256,
  });
  const whole = m.weights.bytes - m.weights.expertBytes;
  const weights = (whole / m.tensorParallel + m.weights.expertBytes / (m.tensorParallel * m.dataParallel)) / GiB;
  const free = usableGiB(m.gpu) * 0.92 - weights - Math.min(3, overhead.total);
  const each = sequenceBytes(shape, lengths.prompt + lengths.output / 2, m.tensorParallel, m.kvFormat) / GiB;
  return each === 0 ? Number.POSITIVE_INFINITY : Math.max(1, (2 * free * m.dataParallel) / each);
}

/** Mean times with `clients` that each send their next request when the last one ends; those beyond the cache wait. */
export function closedLoop(
  m: Machine,
  lengths: RequestLengths,
  clients: number,
  c: FirstTokenConstants = firstTokenConstants,
): MeanTimes & { readonly running: number } {
  const running = Math.min(clients, runningInPractice(m, lengths));
  const { ttft, tpot } = meanTimes(m, lengths, running, c);
  const waiting = Math.max(0, clients - running);
  return { running, tpot, ttft: ttft + (waiting / running) * (lengths.output * tpot + ttft) };
}
