import { simulateReplica, type OfflineClients, type SimulatedTimes } from "./fleet-dynamics/simulate";
import type { Load } from "./load";
import { withPlaces, type ReplicaPlan } from "./replica-plan";
import { roundPlaces } from "./replica-rate";
import { keepsTargets } from "./replica-times";
import type { Requirement } from "./requirement";

/** Rates are tried in steps of this factor, the same ones for every load and target, so that a check depends on neither. */
const step = 1.04;
/** A rate that the simulation refuses down to this power of `step` below the closed form's (about a fifth of it) is refused for good. */
const lowest = 40;

/** Requests that a check simulates: enough for its percentile and for the engine to fill. */
function requestsFor(plan: ReplicaPlan, load: Load): number {
  const tail = Math.max(load.ttft?.percentile ?? 50, load.tpot?.percentile ?? 50, load.endToEnd?.percentile ?? 50);
  const forTail = tail >= 99 ? 2400 : 800;
  return Math.min(3000, Math.max(forTail, 6 * plan.groupLimit));
}

/** Seconds of an engine's life that are simulated with offline work beside the load: it never rests, so thin loads would take long. */
const besideOfflineSeconds = 300;

/** One group of a replica in the simulation at an arrival rate (of the whole replica). */
export function simulatePlan(
  plan: ReplicaPlan,
  load: Load,
  replicaRate: number,
  offline?: OfflineClients,
): SimulatedTimes {
  const { groups, groupLimit, settings, cacheTokens, model } = plan;
  const limits = {
    maxNumSeqs: groupLimit,
    maxNumBatchedTokens: settings.maxNumBatchedTokens,
    ...(Number.isFinite(cacheTokens) ? { cacheTokens: cacheTokens / groups } : {}),
    sharedPrefixTokens: load.sharedPrefix,
  };
  const rate = replicaRate / groups;
  const usual = requestsFor(plan, load);
  const requests =
    offline === undefined ? usual : Math.min(usual, Math.max(100, Math.round(rate * besideOfflineSeconds)));
  return simulateReplica(model, load, rate, limits, {
    requests,
    ...(offline === undefined ? {} : { offline }),
  });
}

/** Whether the targets hold in the simulation at the stated load with the offline work beside it. */
export function keepsBesideOffline(plan: ReplicaPlan, load: Load, replicas: number, places: number): boolean {
  const work = load.offline;
  const inGroup = Math.floor(places / plan.groups);
  if (work === undefined || inGroup === 0 || !hasTargets(load)) return true;
  const clients = { places: inGroup, prompt: work.prompt, output: work.output };
  return keepsTargets(load, simulatePlan(plan, load, load.requestsPerSecond / replicas, clients));
}

/** Whether there is anything that a simulation could refuse. */
export function hasTargets(load: Load): boolean {
  return load.ttft !== undefined || load.tpot !== undefined || load.endToEnd !== undefined;
}

/** What the simulation lets a replica be: perhaps with fewer places, at a rate of at most the closed form's; 0 when it refuses every one. */
export interface Verified {
  readonly plan: ReplicaPlan;
  readonly rate: number;
  /** Simulations that it took. */
  readonly runs: number;
}

/**
 * Asks the simulation of the engine. Where it refuses a rate, lower ones are tried, and fewer places: a smaller batch is faster. The answer
 * depends on the replica, the lengths and the targets, not on how much has to be carried, so more load never takes fewer replicas.
 */
export function verifyPlan(need: Requirement, plan: ReplicaPlan, mostRuns: number): Verified {
  const { load } = need;
  if (need.batch || !hasTargets(load)) return { plan, rate: plan.rate, runs: 0 };
  let runs = 0;
  const keeps = (tried: ReplicaPlan, power: number) => {
    runs++;
    return keepsTargets(load, simulatePlan(tried, load, step ** power));
  };
  let best: { readonly plan: ReplicaPlan; readonly power: number } | undefined;
  let idle = 0;
  for (let places = plan.groupLimit; places >= 1 && runs < mostRuns && idle < 4; places = roundPlaces(places - 1)) {
    const tried = places === plan.groupLimit ? plan : withPlaces(need, plan, places);
    if (tried.rate <= 0) continue;
    const top = Math.ceil(Math.log(tried.rate) / Math.log(step) - 1e-9);
    if (best !== undefined && top <= best.power) break;
    const bottom: number = best === undefined ? top - lowest : best.power;
    // Beyond the first, one run shows whether so many places are worth more.
    const hope = places === plan.groupLimit || keeps(tried, best === undefined ? bottom : bottom + 1);
    const power: number | undefined = hope ? highestPower((at) => keeps(tried, at), top, bottom) : undefined;
    if (power === undefined || (best !== undefined && power <= best.power)) {
      idle += best === undefined ? 0 : 1;
      continue;
    }
    best = { plan: tried, power };
    idle = 0;
    if (power >= top) break;
  }
  if (best === undefined) return { plan, rate: 0, runs };
  return { plan: best.plan, rate: Math.min(best.plan.rate, step ** best.power), runs };
}

/** The highest power from `top` down that is kept, or nothing above `bottom`: down in growing strides, then halving. */
function highestPower(keeps: (power: number) => boolean, top: number, bottom: number): number | undefined {
  if (keeps(top)) return top;
  let refused = top;
  let kept: number | undefined;
  for (let stride = 1; refused > bottom && kept === undefined; stride *= 2) {
    const power = Math.max(bottom, refused - stride);
    if (keeps(power)) kept = power;
    else refused = power;
  }
  if (kept === undefined) return undefined;
  while (refused - kept > 1) {
    const middle = Math.floor((refused + kept) / 2);
    if (keeps(middle)) kept = middle;
    else refused = middle;
  }
  return kept;
}
