import type { Arrival } from "./arrivals";
import { FinishHeap } from "./finish-heap";

/** How long the parts of an engine's step take, seconds. */
export interface StepTimes {
  /** One decode step of so many sequences whose contexts hold so many tokens together. */
  readonly decode: (running: number, contextTokens: number) => number;
  /** What the computing of `tokens` of a prompt adds to the step that takes them; `cached` tokens before them are in the cache. */
  readonly prompt: (tokens: number, running: number, cached: number) => number;
  /** What a request waits for outside of the steps, from arrival to the queue and from the first token to the client: with so many running that hold so many tokens, after `tokens` of its prompt were computed. */
  readonly dispatch: (running: number, contextTokens: number, tokens: number) => number;
}

export interface EngineLimits {
  /** Sequences that run at once. */
  readonly maxNumSeqs: number;
  /** Tokens that one step takes, one for each running sequence and the rest for prompts, which are cut to fit. @default 8192 */
  readonly maxNumBatchedTokens?: number;
  /** Tokens of KV cache. @default unlimited */
  readonly cacheTokens?: number;
  /** Tokens at the start of every prompt that the cache holds once for all. @default 0 */
  readonly sharedPrefixTokens?: number;
  /** Offline requests that run at once, at most. @default as many as others leave room for */
  readonly offlinePlaces?: number;
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

/** A whole run, with sums that must agree with what arrived. */
export interface EngineRun {
  /** In order of completion. */
  readonly served: Served[];
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Seconds in which the engine worked. */
  readonly busySeconds: number;
  readonly mostRunning: number;
  readonly mostCacheTokens: number;
}

interface Running {
  readonly arrival: Arrival;
  readonly admitted: number;
  /** Prompt tokens left to compute. */
  left: number;
  firstToken: number;
  /** Outside of the steps, s. */
  handling: number;
}

/**
 * Continuous batching as an engine does it: a step serves every running sequence one token and takes pieces of waiting prompts as far as
 * its tokens allow; requests are admitted in order of arrival (offline ones behind all others) while places and cache last; the whole
 * of a request's cache is set aside at admission, so nothing is ever preempted. Steps between two events are taken together, their time
 * linear in the growing context. Deterministic. `follow` gives the request that an answer leads to, in a closed loop. An output of 0 is
 * an encoder: the request ends with its prompt.
 */
export function runEngine(
  arrivals: readonly Arrival[],
  times: StepTimes,
  limits: EngineLimits,
  follow?: (served: Served) => Arrival | undefined,
): EngineRun {
  const sorted = [...arrivals].sort((a, b) => a.at - b.at);
  const interactive = new Queue(sorted.filter((one) => one.offline !== true));
  const offline = new Queue(sorted.filter((one) => one.offline === true));
  const room = limits.cacheTokens ?? Number.POSITIVE_INFINITY;
  const stepTokens = limits.maxNumBatchedTokens ?? 8192;
  const offlinePlaces = limits.offlinePlaces ?? Number.POSITIVE_INFINITY;
  const shared = limits.sharedPrefixTokens ?? 0;
  const reserve = (one: Arrival) => (one.offline === true ? one.prompt : Math.max(0, one.prompt - shared)) + one.output;
  const decoding = new FinishHeap<Running>();
  let prompts: Running[] = [];
  const served: Served[] = [];
  const sums = { promptTokens: 0, outputTokens: 0, busySeconds: 0, mostRunning: 0, mostCacheTokens: 0 };
  let [now, steps, context, reserved, offlineRunning] = [0, 0, 0, 0, 0];

  const done = (one: Running) => {
    const { arrival } = one;
    reserved -= reserve(arrival);
    if (arrival.offline === true) offlineRunning--;
    sums.promptTokens += arrival.prompt;
    sums.outputTokens += arrival.output;
    const result = finish(one, now);
    served.push(result);
    const following = follow?.(result);
    if (following !== undefined) (following.offline === true ? offline : interactive).insert(following);
  };
  const fits = (one: Arrival) => decoding.size + prompts.length < limits.maxNumSeqs && reserved + reserve(one) <= room;
  /** The request that may be admitted next, or when the next one that could comes. */
  const nextAdmission = (): { readonly queue?: Queue; readonly at: number } => {
    const first = interactive.head();
    if (first !== undefined && first.at <= now) return fits(first) ? { queue: interactive, at: now } : { at: Infinity };
    const comes = first !== undefined && fits(first) ? first.at : Infinity;
    const second = offline.head();
    if (second === undefined || offlineRunning >= offlinePlaces || !fits(second)) return { at: comes };
    return second.at <= now ? { queue: offline, at: now } : { at: Math.min(comes, second.at) };
  };
  const admit = () => {
    for (let next = nextAdmission(); next.queue !== undefined; next = nextAdmission()) {
      // Prompts beyond one step's tokens wait in the queue, not in a place.
      if (prompts.reduce((sum, one) => sum + one.left, 0) >= Math.max(1, stepTokens - decoding.size)) return;
      const arrival = next.queue.take();
      const left = arrival.computed ?? arrival.prompt;
      prompts.push({ arrival, admitted: now, left, firstToken: 0, handling: 0 });
      reserved += reserve(arrival);
      if (arrival.offline === true) offlineRunning++;
    }
  };
  const serveTokens = (count: number) => {
    steps += count;
    context += count * decoding.size;
    for (let one = decoding.pop(steps); one !== undefined; one = decoding.pop(steps)) {
      context -= one.arrival.prompt + one.arrival.output;
      done(one);
    }
  };

  for (;;) {
    if (decoding.size + prompts.length === 0) {
      const heads = [interactive.head(), offline.head()].filter((one) => one !== undefined);
      if (heads.length === 0) break;
      for (const head of heads) {
        if (reserve(head) > room)
          throw new RangeError(`a request of ${reserve(head)} tokens does not fit a cache of ${room}`);
      }
      now = Math.max(now, Math.min(...heads.map((one) => one.at)));
    }
    admit();
    sums.mostRunning = Math.max(sums.mostRunning, decoding.size + prompts.length);
    sums.mostCacheTokens = Math.max(sums.mostCacheTokens, reserved);
    if (prompts.length === 0) {
      const [count, seconds] = decodeUntil(times, decoding, context, steps, nextAdmission().at - now);
      now += seconds;
      sums.busySeconds += seconds;
      serveTokens(count);
      continue;
    }
    let seconds = decoding.size > 0 ? times.decode(decoding.size, context) : 0;
    let tokens = Math.max(1, stepTokens - decoding.size);
    const ready: Running[] = [];
    const rest: Running[] = [];
    for (const one of prompts) {
      const whole = one.arrival.computed ?? one.arrival.prompt;
      const piece = Math.min(one.left, tokens);
      if (piece > 0 || one.left === 0) {
        const cached = one.arrival.prompt - whole;
        seconds += (whole === 0 ? 1 : piece / whole) * times.prompt(whole, decoding.size + ready.length, cached);
        one.left -= piece;
        tokens -= piece;
      }
      (one.left <= 0 ? ready : rest).push(one);
    }
    if (seconds <= 0) throw new RangeError("a step takes no time");
    now += seconds;
    sums.busySeconds += seconds;
    prompts = rest;
    if (decoding.size > 0) serveTokens(1);
    for (const one of ready) {
      const { prompt, output } = one.arrival;
      one.firstToken = now;
      one.handling = times.dispatch(decoding.size + 1, context + prompt, one.arrival.computed ?? prompt);
      if (output <= 1) {
        done(one);
      } else {
        decoding.push(one, steps + output - 1);
        context += prompt + 1;
      }
    }
  }
  return { served, ...sums };
}

/** The requests that were served, in order of completion. */
export function simulateEngine(
  arrivals: readonly Arrival[],
  times: StepTimes,
  limits: EngineLimits,
  follow?: (served: Served) => Arrival | undefined,
): Served[] {
  return runEngine(arrivals, times, limits, follow).served;
}

/** How many decode steps pass until a sequence ends or, `wait` seconds from now, a request can be admitted; and how long they take. */
function decodeUntil(
  times: StepTimes,
  decoding: FinishHeap<Running>,
  context: number,
  steps: number,
  wait: number,
): readonly [number, number] {
  const running = decoding.size;
  const most = (decoding.first ?? steps + 1) - steps;
  const first = times.decode(running, context);
  if (first <= 0) throw new RangeError("a step takes no time");
  const growth = most > 1 ? (times.decode(running, context + (most - 1) * running) - first) / (most - 1) : 0;
  const lasting = (count: number) => count * first + (growth * count * (count - 1)) / 2;
  if (wait >= lasting(most - 1)) return [most, lasting(most)];
  // The step in which the request arrives is finished first.
  let low = 1;
  let high = most;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (lasting(middle) >= wait) high = middle;
    else low = middle + 1;
  }
  return [low, lasting(low)];
}

/** Requests in order of arrival, taken from the front. */
class Queue {
  readonly #waiting: Arrival[];
  #next = 0;

  constructor(arrivals: Arrival[]) {
    this.#waiting = arrivals;
  }

  head(): Arrival | undefined {
    return this.#waiting[this.#next];
  }

  take(): Arrival {
    const head = this.#waiting[this.#next];
    if (head === undefined) throw new RangeError("nobody waits");
    this.#next++;
    return head;
  }

  insert(arrival: Arrival): void {
    let place = this.#waiting.length;
    while (place > this.#next && (this.#waiting[place - 1]?.at ?? 0) > arrival.at) place--;
    this.#waiting.splice(place, 0, arrival);
  }
}

function finish(one: Running, now: number): Served {
  const { arrival } = one;
  return {
    arrival,
    waited: one.admitted - arrival.at,
    ttft: one.firstToken - arrival.at + one.handling,
    tpot: arrival.output > 1 ? (now - one.firstToken) / (arrival.output - 1) : 0,
    endToEnd: now - arrival.at + one.handling,
  };
}
