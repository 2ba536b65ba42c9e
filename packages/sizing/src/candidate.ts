import { hoursPerMonth, instancePrice, type InstanceRecord, type Price } from "@holdfast/catalog";
import { mostOffline, neededOffline, type OfflineShare } from "./offline-work";
import { ownPrice } from "./own-server";
import type { ReplicaPlan } from "./replica-plan";
import { loadTimes, type LoadTimes } from "./replica-times";
import type { Requirement } from "./requirement";

/** A production host has at least 32 GB of memory (requirement GPU-R12). */
const productionMemoryMiB = 31 * 1024;

/** Hosts are added for offline work up to so many times what the interactive load needs. */
const mostForOffline = 64;

/** Replicas on hosts: what it takes to carry the load, and what it costs. */
export interface Candidate {
  readonly instance: InstanceRecord;
  readonly price: Price;
  readonly plan: ReplicaPlan;
  /** Requests per second that one replica is trusted with: the closed form's, or less where the simulation refused that. */
  readonly replicaRate: number;
  /** Replicas on one host; a fraction where one spans several. */
  readonly replicasPerInstance: number;
  readonly instances: number;
  readonly replicas: number;
  /** Replicas that carry the load. */
  readonly needed: number;
  /** 95th percentiles (or those of the targets) at the stated load with every replica up. */
  readonly times: LoadTimes;
  readonly offline?: OfflineShare;
  readonly monthlyUsd: number;
}

export type Evaluation =
  | { readonly ok: true; readonly candidate: Candidate }
  | { readonly ok: false; readonly kind: "engine" | "memory" | "targets"; readonly reason: string };

/** Why a type cannot host the fleet whatever runs on it, or its price. */
export function hostPrice(need: Requirement, instance: InstanceRecord): Price | string {
  const server = need.servers?.find((one) => one.name === instance.type);
  const price = server === undefined ? instancePrice(instance.type, need.region) : ownPrice(server);
  if (price === undefined) return `${instance.type} is not offered in ${need.region}`;
  if (need.minimumReplicas >= 2 && instance.memoryMiB < productionMemoryMiB) {
    const has = Math.round(instance.memoryMiB / 1024);
    return `${instance.type} has ${has} GiB of host memory; a production host needs 32`;
  }
  return price;
}

/** Puts replicas on hosts: enough for the load, for a failure, for the minimum and for the offline work. */
export function placeReplicas(
  need: Requirement,
  instance: InstanceRecord,
  price: Price,
  plan: ReplicaPlan,
  replicaRate: number = plan.rate,
  shareOfPlaces = 1,
): Evaluation {
  const { tensor, stages, hosts: spanned } = plan.parallelism;
  const replicasPerInstance = spanned > 1 ? 1 / spanned : Math.floor(instance.gpus / (tensor * stages));
  const { load } = need;
  const needed = Math.max(1, Math.ceil(load.requestsPerSecond / replicaRate - 1e-9));
  const least = instancesFor(need, needed, replicasPerInstance);
  const work = load.offline;
  const replicasOn = (instances: number) => Math.max(need.minimumReplicas, Math.round(instances * replicasPerInstance));
  const most = (instances: number) =>
    work === undefined ? undefined : mostOffline(plan, load, work, replicasOn(instances), shareOfPlaces);
  const instances =
    work === undefined ? least : withOffline(least, work.tokensPerSecond, (hosts) => most(hosts)?.tokensPerSecond ?? 0);
  if (instances === undefined) {
    const reason = `the offline work of ${Math.round(load.offline?.tokensPerSecond ?? 0)} tokens/s does not fit beside the interactive load on ${least * mostForOffline} hosts`;
    return { ok: false, kind: "targets", reason };
  }
  const whole = Math.max(1, Math.ceil(1 / replicasPerInstance));
  const hosts = Math.ceil(instances / whole) * whole;
  const replicas = replicasOn(hosts);
  const offered = most(hosts);
  const offline =
    work === undefined || offered === undefined ? undefined : neededOffline(plan, load, work, replicas, offered);
  const times = timesOf(plan, replicas);
  if (times === undefined) return { ok: false, kind: "targets", reason: "the load cannot be spread" };
  return {
    ok: true,
    candidate: {
      instance,
      price,
      plan,
      replicaRate,
      replicasPerInstance,
      instances: hosts,
      replicas,
      needed,
      times,
      monthlyUsd: price.usd * hosts * hoursPerMonth,
      ...(offline === undefined ? {} : { offline }),
    },
  };
}

/** The fewest hosts, from `least` on, that make the wanted offline tokens per second; nothing if no reasonable number does. */
function withOffline(least: number, wanted: number, made: (instances: number) => number): number | undefined {
  let short = least;
  let have = made(short);
  if (have >= wanted) return least;
  let enough: number | undefined;
  while (enough === undefined) {
    // More hosts also spread the interactive load thinner, so this rather overshoots.
    const next = Math.min(
      least * mostForOffline,
      Math.max(short + 1, have === 0 ? short * 2 : Math.ceil((short * wanted) / have)),
    );
    have = made(next);
    if (have >= wanted) enough = next;
    else if (next >= least * mostForOffline) return undefined;
    else short = next;
  }
  while (enough - short > 1) {
    const middle = Math.floor((enough + short) / 2);
    if (made(middle) >= wanted) enough = middle;
    else short = middle;
  }
  return enough;
}

export { dividesHeads } from "./replica-plan";

const known = new WeakMap<ReplicaPlan, Map<number, LoadTimes | undefined>>();

/** Times at the stated load, spread over so many replicas. Remembered per plan, because many instance types share one. */
export function timesOf(plan: ReplicaPlan, replicas: number): LoadTimes | undefined {
  const times = known.get(plan) ?? new Map<number, LoadTimes | undefined>();
  known.set(plan, times);
  if (times.has(replicas)) return times.get(replicas);
  const { groups, groupLimit, model, load } = plan;
  const one = loadTimes(model, load, load.requestsPerSecond / replicas / groups, groupLimit);
  const all =
    one === undefined || groups === 1
      ? one
      : { ...one, concurrency: one.concurrency * groups, peak: one.peak * groups };
  times.set(replicas, all);
  return all;
}

/** Hosts: enough for the load, and as many more as may fail; at least enough for the minimum of replicas. */
function instancesFor(need: Requirement, needed: number, replicasPerInstance: number): number {
  const hosts = (replicas: number) => Math.ceil(replicas / replicasPerInstance - 1e-9);
  // A host that fails takes the whole of a replica with it.
  const spare = need.spareHosts * Math.max(1, Math.ceil(1 / replicasPerInstance));
  return Math.max(hosts(needed) + spare, hosts(need.minimumReplicas));
}
