import type { Load, RequestSize } from "./load";
import { meanRequest } from "./load";
import type { ReplicaPlan } from "./replica-plan";
import { keepsTargets, loadTimes, peakAt, steadyTimes } from "./replica-times";

/**
 * What offline work gets beside an interactive load that is spread over so many replicas: the places that interactive requests leave
 * even at the 95th percentile of their number, as far as the targets of the interactive requests hold with all of them taken.
 */
export function offlineRate(
  plan: ReplicaPlan,
  load: Load,
  work: NonNullable<Load["offline"]>,
  replicas: number,
): { readonly places: number; readonly tokensPerSecond: number } {
  const { groups, groupLimit, model } = plan;
  const rate = load.requestsPerSecond / replicas / groups;
  const times = loadTimes(model, load, rate, groupLimit);
  if (times === undefined) return { places: 0, tokensPerSecond: 0 };
  const busy = Math.min(groupLimit, peakAt(load, times.concurrency, 95));
  const size = meanRequest(load);
  const offline: RequestSize = { prompt: work.prompt, output: work.output, computed: work.prompt };
  const cacheLeft = plan.cacheTokens / groups - busy * (size.prompt + size.output - load.sharedPrefix);
  const most = Math.floor(Math.min(groupLimit - busy, cacheLeft / (work.prompt + work.output)));
  const kept = (places: number) => {
    const mixed = mix(size, times.concurrency, offline, places);
    const running = times.concurrency + places;
    const { tpot, ttft } = steadyTimes(model, mixed, running);
    // The tail of the interactive times is as far above their mean as without the offline work.
    const tail = Math.max(0, times.ttft - steadyTimes(model, size, Math.max(1, times.concurrency)).ttft);
    return keepsTargets(load, {
      tpot,
      ttft: ttft + tail,
      endToEnd: ttft + tail + load.output.at((load.endToEnd?.percentile ?? 95) / 100) * tpot,
    });
  };
  let low = 0;
  let high = Math.max(0, most);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (kept(middle)) low = middle;
    else high = middle - 1;
  }
  if (low === 0) return { places: 0, tokensPerSecond: 0 };
  const mixed = mix(size, times.concurrency, offline, low);
  const { tpot } = steadyTimes(model, mixed, times.concurrency + low);
  const { ttft } = steadyTimes(model, offline, times.concurrency + low);
  const each = work.output / (ttft + work.output * tpot);
  return { places: low * groups, tokensPerSecond: low * groups * each * replicas };
}

/** The request that stands for a mixture of two kinds, so many of each running. */
function mix(one: RequestSize, many: number, other: RequestSize, more: number): RequestSize {
  const total = many + more;
  const of = (key: keyof RequestSize) => (one[key] * many + other[key] * more) / total;
  return { prompt: of("prompt"), output: of("output"), computed: of("computed") };
}
