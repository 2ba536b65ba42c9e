import type { RequestLengths } from "../closed-loop";
import { decodeStep, promptInterference, type Machine } from "../step-time";
import { firstTokenConstants } from "../time-constants";

/** A request as it arrives. Seconds from the start; tokens. */
export interface Arrival {
  readonly at: number;
  readonly prompt: number;
  readonly output: number;
}

/** How long the parts of an engine's step take, seconds. */
export interface StepTimes {
  /** One decode step of so many sequences whose contexts hold so many tokens together. */
  readonly decode: (running: number, contextTokens: number) => number;
  /** What a prompt adds to the step that takes it. */
  readonly prompt: (tokens: number, running: number) => number;
  /** From arrival to the queue and from the first token to the client, with so many running that hold so many tokens. */
  readonly dispatch: (running: number, contextTokens: number) => number;
}

export interface EngineLimits {
  /** Sequences that run at once. */
  readonly maxNumSeqs: number;
  /** Prompt tokens that one step takes; a longer prompt has a step of its own. @default 8192 */
  readonly maxNumBatchedTokens?: number;
  /** Tokens of KV cache. @default unlimited */
  readonly cacheTokens?: number;
}

/** What happened to one request, seconds. */
export interface Served {
  readonly arrival: Arrival;
  /** From arrival to admission. */
  readonly waited: number;
  readonly ttft: number;
  /** Mean time per further token; 0 with a single one. */
  readonly tpot: number;
  readonly endToEnd: number;
}

interface Running {
  readonly arrival: Arrival;
  readonly admitted: number;
  firstToken: number;
  made: number;
  /** Outside of the steps, s. */
  handling: number;
}

/**
 * Continuous batching as an engine does it, event by event: a step serves every running sequence one token; waiting requests are
 * admitted in order of arrival as far as places, cache and the tokens of a step allow; the whole of a request's cache is set aside
 * at admission, so nothing is ever preempted. Deterministic. `follow` gives the request that an answer leads to, in a closed loop. An output of 0 is an encoder: the request ends with its prompt.
 */
export function simulateEngine(
  arrivals: readonly Arrival[],
  times: StepTimes,
  limits: EngineLimits,
  follow?: (served: Served) => Arrival | undefined,
): Served[] {
  const queue = [...arrivals].sort((a, b) => a.at - b.at);
  const room = limits.cacheTokens ?? Number.POSITIVE_INFINITY;
  const running: Running[] = [];
  const served: Served[] = [];
  let next = 0;
  let now = 0;
  let context = 0;
  let reserved = 0;
  const done = (one: Running) => {
    const result = finish(one, now);
    served.push(result);
    const following = follow?.(result);
    if (following === undefined) return;
    let place = queue.length;
    while (place > next && (queue[place - 1]?.at ?? 0) > following.at) place--;
    queue.splice(place, 0, following);
  };
  while (next < queue.length || running.length > 0) {
    const first = queue[next];
    if (running.length === 0 && first !== undefined && first.at > now) now = first.at;
    let step = 0;
    const admitted: Running[] = [];
    let budget = limits.maxNumBatchedTokens ?? 8192;
    for (let waiting = queue[next]; waiting !== undefined; waiting = queue[next]) {
      const needs = waiting.prompt + waiting.output;
      if (needs > room) throw new RangeError(`a request of ${needs} tokens does not fit a cache of ${room}`);
      const place = running.length + admitted.length < limits.maxNumSeqs && reserved + needs <= room;
      if (waiting.at > now || !place || (admitted.length > 0 && waiting.prompt > budget)) break;
      admitted.push({ arrival: waiting, admitted: now, firstToken: 0, made: 0, handling: 0 });
      next++;
      reserved += needs;
      budget -= waiting.prompt;
      step += times.prompt(waiting.prompt, running.length + admitted.length - 1);
    }
    if (running.length > 0) step += times.decode(running.length, context);
    if (step === 0) throw new RangeError("a step takes no time");
    now += step;
    for (let i = running.length - 1; i >= 0; i--) {
      const one = running[i];
      if (one === undefined) continue;
      one.made++;
      context++;
      if (one.made >= one.arrival.output) {
        running.splice(i, 1);
        context -= one.arrival.prompt + one.made;
        reserved -= one.arrival.prompt + one.arrival.output;
        done(one);
      }
    }
    for (const one of admitted) {
      one.firstToken = now;
      one.made = 1;
      one.handling = times.dispatch(running.length + 1, context + one.arrival.prompt);
      if (one.arrival.output <= 1) {
        reserved -= one.arrival.prompt + one.arrival.output;
        done(one);
      } else {
        running.push(one);
        context += one.arrival.prompt + 1;
      }
    }
  }
  return served;
}

function finish(one: Running, now: number): Served {
  const { arrival } = one;
  return {
    arrival,
    waited: one.admitted - arrival.at,
    ttft: one.firstToken - arrival.at + one.handling,
    tpot: one.made > 1 ? (now - one.firstToken) / (one.made - 1) : 0,
    endToEnd: now - arrival.at + one.handling,
  };
}

/** Steps of a machine as the time model has them. */
export function stepTimesOf(m: Machine): StepTimes {
  const overhead = m.model.architecture.experts === undefined ? firstTokenConstants.dense : firstTokenConstants.mixture;
  return {
    decode: (running, contextTokens) => decodeStep(m, running, contextTokens / running),
    // A prompt alone in a step still runs the layers once; among decodes only its own work is added.
    prompt: (tokens, running) =>
      overhead * promptInterference(m, tokens, Math.max(1, running)) + (running === 0 ? decodeStep(m, 1, 0) : 0),
    // Of the fitted steps until the first token, the simulation has the rest of the current one and the request's own already.
    dispatch: (running, contextTokens) =>
      firstTokenConstants.dispatch +
      Math.max(0, firstTokenConstants.steps - 1.5) * decodeStep(m, running, contextTokens / running) +
      firstTokenConstants.perRequest * running,
  };
}

/** Uniform numbers in [0, 1) from a seed: the same on every machine. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Poisson arrivals of requests of fixed lengths. */
export function poissonArrivals(
  requestsPerSecond: number,
  requests: number,
  lengths: RequestLengths,
  seed: number,
): Arrival[] {
  const random = randomNumbers(seed);
  let at = 0;
  return Array.from({ length: requests }, () => {
    at -= Math.log(1 - random()) / requestsPerSecond;
    return { at, ...lengths };
  });
}

/** A percentile of values, linear between neighbours. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = share * (sorted.length - 1);
  const low = sorted[Math.floor(position)] ?? Number.NaN;
  const high = sorted[Math.ceil(position)] ?? Number.NaN;
  return low + (high - low) * (position - Math.floor(position));
}

export interface SimulatedLoad {
  readonly requests: number;
  /** Mean requests in the system, by Little's law from what was served. */
  readonly concurrency: number;
  readonly ttft: { readonly mean: number; readonly p50: number; readonly p95: number; readonly p99: number };
  readonly tpot: { readonly mean: number; readonly p95: number };
  /** Seconds that requests waited for a place, 95th percentile. */
  readonly waitedP95: number;
}

/** One replica under Poisson arrivals; the first tenth is left out while the queue fills. */
export function simulateLoad(
  m: Machine,
  lengths: RequestLengths,
  requestsPerSecond: number,
  limits: EngineLimits,
  options: { readonly requests?: number; readonly seed?: number } = {},
): SimulatedLoad {
  const { requests = 2000, seed = 1 } = options;
  const served = simulateEngine(poissonArrivals(requestsPerSecond, requests, lengths, seed), stepTimesOf(m), limits)
    .sort((a, b) => a.arrival.at - b.arrival.at)
    .slice(Math.floor(requests / 10));
  const of = (key: "ttft" | "tpot" | "endToEnd" | "waited") => served.map((one) => one[key]);
  const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const [ttft, tpot] = [of("ttft"), of("tpot")];
  return {
    requests: served.length,
    concurrency: requestsPerSecond * mean(of("endToEnd")),
    ttft: { mean: mean(ttft), p50: percentile(ttft, 0.5), p95: percentile(ttft, 0.95), p99: percentile(ttft, 0.99) },
    tpot: { mean: mean(tpot), p95: percentile(tpot, 0.95) },
    waitedP95: percentile(of("waited"), 0.95),
  };
}

/** Lengths vary by so much around the nominal ones: identical ones would march in step for ever, which no real load does. */
const variation = 0.2;

/**
 * Mean times of clients that each send their next request when the last one ends, by simulation: the check on the closed form.
 * All start together, and the first round counts, as in the means that measuring tools print.
 */
export function simulateClosedLoop(
  m: Machine,
  lengths: RequestLengths,
  clients: number,
  rounds = 7,
): { readonly ttft: number; readonly tpot: number } {
  const random = randomNumbers(clients);
  const around = (tokens: number) => Math.max(1, Math.round(tokens * (1 + variation * (2 * random() - 1))));
  const request = (at: number): Arrival => ({ at, prompt: around(lengths.prompt), output: around(lengths.output) });
  let left = clients * (rounds - 1);
  const served = simulateEngine(
    Array.from({ length: clients }, () => request(0)),
    stepTimesOf(m),
    { maxNumSeqs: clients },
    ({ arrival, endToEnd }) => (left-- > 0 ? request(arrival.at + endToEnd) : undefined),
  );
  const mean = (key: "ttft" | "tpot") => served.reduce((sum, one) => sum + one[key], 0) / served.length;
  return { ttft: mean("ttft"), tpot: mean("tpot") };
}
