import { waitAt } from "./fleet-dynamics/queueing";
import { meanRequest, type Load, type RequestSize } from "./load";
import type { ReplicaPlan } from "./replica-plan";
import { keepsTargets, peakAt, promptWork, steadyTimes } from "./replica-times";

/** What offline work gets beside an interactive load. */
export interface OfflineShare {
  /** Offline requests at once on each replica. */
  readonly places: number;
  /** Output tokens per second of all replicas. */
  readonly tokensPerSecond: number;
}

const known = new WeakMap<ReplicaPlan, Map<string, OfflineShare>>();

/**
 * The most that offline work gets beside an interactive load that is spread over so many replicas: the places that interactive requests
 * leave even at the 95th percentile of their number, as far as their targets hold with all of them taken, times `share`. Remembered per
 * plan, because many instance types share one.
 */
export function mostOffline(plan: ReplicaPlan, load: Load, work: Work, replicas: number, share: number): OfflineShare {
  const shares = known.get(plan) ?? new Map<string, OfflineShare>();
  known.set(plan, shares);
  const key = `${replicas} ${share}`;
  const before = shares.get(key);
  if (before !== undefined) return before;
  const rate = load.requestsPerSecond / replicas / plan.groups;
  let low = 0;
  let high = plan.groupLimit;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (keeps(plan, load, rate, requestOf(work), middle)) low = middle;
    else high = middle - 1;
  }
  const places = Math.floor(low * share);
  const most = { places: places * plan.groups, tokensPerSecond: made(plan, load, work, replicas, places) };
  shares.set(key, most);
  return most;
}

/** No more places than the work needs: what is left keeps the interactive requests fast. */
export function neededOffline(
  plan: ReplicaPlan,
  load: Load,
  work: Work,
  replicas: number,
  most: OfflineShare,
): OfflineShare {
  let places = most.places / plan.groups;
  let few = 0;
  while (most.tokensPerSecond > work.tokensPerSecond && few < places) {
    const middle = Math.floor((few + places) / 2);
    if (made(plan, load, work, replicas, middle) >= work.tokensPerSecond) places = middle;
    else few = middle + 1;
  }
  return { places: places * plan.groups, tokensPerSecond: made(plan, load, work, replicas, places) };
}

type Work = NonNullable<Load["offline"]>;

const requestOf = ({ prompt, output }: Work): RequestSize => ({ prompt, output, computed: prompt });

/** Output tokens per second that so many offline requests at once in each group make over all replicas. */
function made(plan: ReplicaPlan, load: Load, work: Work, replicas: number, places: number): number {
  if (places === 0) return 0;
  const rate = load.requestsPerSecond / replicas / plan.groups;
  const { running, size } = settle(plan, load, rate, requestOf(work), places);
  const { tpot } = steadyTimes(plan.model, size, running);
  const { ttft } = steadyTimes(plan.model, requestOf(work), running);
  return (places * plan.groups * replicas * work.output) / (ttft + work.output * tpot);
}

/** Whether the interactive targets hold in one group of requests with so many offline ones at once. */
function keeps(plan: ReplicaPlan, load: Load, rate: number, offline: RequestSize, places: number): boolean {
  const { groupLimit, model, cacheTokens, groups } = plan;
  const own = meanRequest(load);
  const { interactive, running, size } = settle(plan, load, rate, offline, places);
  const peak = peakAt(load, interactive, 95);
  if (peak + places > groupLimit) return false;
  const cache = peak * (own.prompt + own.output - load.sharedPrefix) + places * (offline.prompt + offline.output);
  if (cache > cacheTokens / groups) return false;
  const times = steadyTimes(model, size, peak + places);
  const end = steadyTimes(model, offline, running);
  const prompts = rate + places / (end.ttft + offline.output * end.tpot);
  const work = promptWork(model.machine, size, running);
  const percentile = (load.ttft?.percentile ?? 95) / 100;
  const wait = waitAt(percentile, prompts, work, load.prompt.squaredVariation, load.variation);
  const first = times.ttft + wait;
  const longest = load.output.at((load.endToEnd?.percentile ?? 95) / 100);
  return keepsTargets(load, { ttft: first, tpot: times.tpot, endToEnd: first + longest * times.tpot });
}

/** Where the number of interactive requests comes to rest: offline ones make them slower, so more of them run at once. */
function settle(plan: ReplicaPlan, load: Load, rate: number, offline: RequestSize, places: number) {
  const own = meanRequest(load);
  const at = (interactive: number) => {
    const size = mix(own, interactive, offline, places);
    const running = interactive + places;
    const { ttft, tpot } = steadyTimes(plan.model, size, Math.max(1, running));
    return { size, running, interactive, wanted: rate * (ttft + own.output * tpot) };
  };
  let low = 0;
  let high = plan.groupLimit;
  for (let i = 0; i < 12; i++) {
    const middle = (low + high) / 2;
    if (at(middle).wanted > middle) low = middle;
    else high = middle;
  }
  return at(high);
}

/** The request that stands for a mixture of two kinds, so many of each running. */
function mix(one: RequestSize, many: number, other: RequestSize, more: number): RequestSize {
  const total = many + more;
  const of = (key: keyof RequestSize) => (total === 0 ? one[key] : (one[key] * many + other[key] * more) / total);
  return { prompt: of("prompt"), output: of("output"), computed: of("computed") };
}
