import { durationSeconds } from "@holdfast/core";
import { placeOnBucket, type BucketTarget } from "../bucket-target";
import { vllmBuckets } from "../catalogue/vllm-changes";
import type { ObservabilitySpec, ObservedFleet } from "../observability-spec";
import { fleetSignals } from "./engine-signals";
import type { Recording } from "./rule";

/** The numbers a fleet is held to, all derived from what the environment document says. */
export interface FleetPromises {
  readonly fleet: ObservedFleet;
  readonly ttft?: BucketTarget;
  readonly tpot?: BucketTarget;
  /** Whole answers of embedding and reranking models, which come in one piece: their time to first token is their only time. */
  readonly answer?: BucketTarget;
  /** Ninety-ninth percentile of whole answers, near the longest response. */
  readonly longest?: BucketTarget;
  /** Requests waiting in the engines above which the wait alone breaks the promise. */
  readonly waiting: number;
  /** Time in the engines' queue, when the fleet has a time to first token. */
  readonly queueTime?: BucketTarget;
}

/**
 * Requests that may wait: by Little's law `waiting = arrivals per second x seconds waited`, so at this number the wait alone takes
 * the whole time to first token. Without such a target (batch) one full batch over all replicas may wait.
 */
export function waitingLimit({ workload, replicas, maxConcurrencyPerReplica }: ObservedFleet): number {
  const { requestsPerSecond, ttftSeconds } = workload;
  if (ttftSeconds === undefined) return Math.max(1, replicas * maxConcurrencyPerReplica);
  return Math.max(1, Math.ceil(requestsPerSecond * ttftSeconds));
}

export function fleetPromises(fleet: ObservedFleet, spec: ObservabilitySpec): FleetPromises {
  const signals = fleetSignals(fleet);
  const { ttftSeconds, tpotMs } = fleet.workload;
  const place = (metric: string | undefined, seconds: number | undefined, bounds: readonly number[]) =>
    metric === undefined || seconds === undefined ? undefined : placeOnBucket(seconds, bounds);
  const ttft = place(signals?.ttft, ttftSeconds, vllmBuckets.timeToFirstToken);
  const tpot = place(signals?.tpot, tpotMs === undefined ? undefined : tpotMs / 1000, vllmBuckets.interToken);
  const answer = fleet.task === "generate" ? undefined : place(signals?.e2e, ttftSeconds, vllmBuckets.requestLatency);
  const queueTime = place(
    signals?.queueTime,
    ttftSeconds === undefined ? undefined : ttftSeconds / 2,
    vllmBuckets.requestLatency,
  );
  // The last bound below the longest response: what is above it is about to be cut off.
  const nearLongest = durationSeconds(spec.longestResponse) * 0.8;
  const longestBound = vllmBuckets.requestLatency.findLast((bound) => bound <= nearLongest);
  const longest =
    signals?.e2e === undefined || longestBound === undefined ? undefined : { target: nearLongest, bound: longestBound };
  return {
    fleet,
    waiting: waitingLimit(fleet),
    ...(ttft !== undefined && { ttft }),
    ...(tpot !== undefined && { tpot }),
    ...(answer !== undefined && { answer }),
    ...(longest !== undefined && { longest }),
    ...(queueTime !== undefined && { queueTime }),
  };
}

/** Labels that name a fleet on every series and alert about it. */
export function fleetLabels(fleet: ObservedFleet): { fleet: string; model: string } {
  return { fleet: fleet.fleetName, model: fleet.servedModelName };
}

/** The promises as series of their own, so that dashboards draw the very lines that alerts compare with. */
export function promiseRecordings(spec: ObservabilitySpec): Recording[] {
  return spec.fleets.flatMap((fleet) => {
    const { ttft, tpot, waiting } = fleetPromises(fleet, spec);
    const labels = fleetLabels(fleet);
    const constant = (record: string, value: number): Recording => ({ record, expr: `vector(${value})`, labels });
    return [
      constant("fleet:llm_replicas:promise", fleet.replicas),
      constant("fleet:llm_requests_per_second:promise", fleet.workload.requestsPerSecond),
      constant("fleet:llm_requests_waiting:promise", waiting),
      constant("fleet:llm_requests_running:promise", fleet.replicas * fleet.maxConcurrencyPerReplica),
      constant("fleet:llm_full_cost_usd:per_hour", fleet.usdPerHour),
      ...(ttft === undefined ? [] : [constant("fleet:llm_ttft_seconds:promise", ttft.target)]),
      ...(tpot === undefined ? [] : [constant("fleet:llm_tpot_seconds:promise", tpot.target)]),
    ];
  });
}

/** The metric that carries a fleet's signal, and the matchers that select this fleet's series of it. */
export function fleetSignalSelector(
  fleet: ObservedFleet,
  signal: "ttft" | "tpot",
): { readonly metric: string; readonly matchers: string } {
  const metric = fleetSignals(fleet)?.[signal];
  if (metric === undefined)
    throw new RangeError(`fleet "${fleet.fleetName}" has no ${signal}: its engine is ${fleet.engine}`);
  return { metric, matchers: `fleet=${JSON.stringify(fleet.fleetName)}` };
}
