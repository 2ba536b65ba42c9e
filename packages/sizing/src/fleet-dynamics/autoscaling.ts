import type { FleetSizing } from "../fleet";

/** Bounds and triggers of a fleet that grows and shrinks. */
export interface Autoscaling {
  readonly minimumReplicas: number;
  readonly maximumReplicas: number;
  /** Running requests per replica that a new one is asked for at. */
  readonly scaleOutConcurrency: number;
  /** Waiting requests, over all replicas, that mean it is too late already: add at once. */
  readonly scaleOutWaiting: number;
  /** Share of the KV cache in use that asks for a replica. */
  readonly scaleOutCacheShare: number;
  /** Running requests per replica below which one is taken away. */
  readonly scaleInConcurrency: number;
  /** Seconds that a trigger must hold before one is taken away. */
  readonly scaleInSeconds: number;
  readonly why: readonly string[];
}

export interface AutoscalingNeed {
  readonly sizing: Pick<FleetSizing, "replicas" | "maxConcurrency" | "replicasPerInstance">;
  /** Requests per second in the quietest hour and in the highest burst that must be carried. */
  readonly quietRequestsPerSecond: number;
  readonly burstRequestsPerSecond: number;
  /** The load that `sizing` is for. */
  readonly plannedRequestsPerSecond: number;
  /** Steepest rise of the load, requests per second per minute. */
  readonly risePerMinute: number;
  /** Seconds from the decision to the first token of a new replica. */
  readonly coldStartSeconds: number;
  readonly minimumReplicas: number;
  /** Longest response, seconds: what a replica drains. */
  readonly longestResponseSeconds: number;
}

/**
 * Scaling by concurrency and queue, never by GPU or CPU use (which say only that something ran) nor by requests per second (which
 * hide their length). The trigger is as early as the cold start is long: while a replica starts, the load goes on rising.
 */
export function autoscaling(need: AutoscalingNeed): Autoscaling {
  const { sizing, plannedRequestsPerSecond: planned, coldStartSeconds } = need;
  const perReplica = planned / sizing.replicas;
  const minimumReplicas = Math.max(need.minimumReplicas, Math.ceil(need.quietRequestsPerSecond / perReplica));
  const maximumReplicas = Math.max(minimumReplicas, Math.ceil(need.burstRequestsPerSecond / perReplica));
  const rise = (need.risePerMinute / 60) * coldStartSeconds;
  const growth = rise / Math.max(planned, Number.MIN_VALUE);
  const share = Math.min(0.8, Math.max(0.3, 1 / (1 + growth)));
  const scaleOutConcurrency = Math.max(1, Math.floor(sizing.maxConcurrency * share));
  return {
    minimumReplicas,
    maximumReplicas,
    scaleOutConcurrency,
    scaleOutWaiting: Math.max(1, Math.round(sizing.maxConcurrency * 0.1)),
    scaleOutCacheShare: 0.8,
    scaleInConcurrency: Math.floor(scaleOutConcurrency * 0.5),
    scaleInSeconds: Math.max(300, Math.ceil(2 * coldStartSeconds), Math.ceil(need.longestResponseSeconds)),
    why: [
      `a replica carries ${perReplica.toFixed(2)} requests/s of the planned ${planned}: ${minimumReplicas} for the quietest ${need.quietRequestsPerSecond}, ${maximumReplicas} for bursts of ${need.burstRequestsPerSecond}`,
      `a new replica takes ${coldStartSeconds.toFixed(0)} s; meanwhile the load rises by ${rise.toFixed(2)} requests/s, so it is asked for at ${(share * 100).toFixed(0)} % of ${sizing.maxConcurrency} requests at once`,
      "taken away below half of that, so that the rest do not ask for it back at once",
    ],
  };
}
