import { hostNetworkMbps } from "@holdfast/catalog";
import type { Candidate } from "./candidate";
import { autoscaling, type Autoscaling } from "./fleet-dynamics/autoscaling";
import { coldStart, type ColdStart } from "./fleet-dynamics/cold-start";
import type { Requirement } from "./requirement";

/** How a fleet grows and shrinks, and how long a new replica takes. */
export interface Growth {
  readonly autoscaling: Autoscaling;
  readonly coldStart: ColdStart;
  /** What was assumed because the need does not say it. */
  readonly assumed: readonly string[];
}

/** Bounds and triggers of a candidate's fleet, from its own cold start. */
export function growth(need: Requirement, chosen: Candidate): Growth {
  const { instance, plan } = chosen;
  const disk = instance.localNvmeGb * 1e9 >= 1.1 * plan.machine.weights.bytes;
  const start = coldStart({
    weightsBytes: plan.machine.weights.bytes / plan.parallelism.hosts,
    networkGbps: hostNetworkMbps(instance) / 1000,
    // Weights that the local disks cannot hold are read from a volume.
    ...(disk || instance.ebsMbps === 0 ? {} : { diskMBps: instance.ebsMbps / 8 }),
    ...need.start,
  });
  const planned = need.load.requestsPerSecond;
  const { scaling } = need;
  const quiet = Math.min(planned, scaling.quietRequestsPerSecond ?? planned / 4);
  const burst = Math.max(planned, scaling.burstRequestsPerSecond ?? planned * 1.5);
  const assumed = [
    ...(scaling.quietRequestsPerSecond === undefined ? [`a quarter of the load in the quietest hour`] : []),
    ...(scaling.burstRequestsPerSecond === undefined ? [`half as much again in bursts`] : []),
    ...(scaling.risePerMinute === undefined ? [`from quiet to planned within 30 minutes`] : []),
  ];
  return {
    coldStart: start,
    autoscaling: autoscaling({
      sizing: {
        replicas: chosen.replicas,
        maxConcurrency: plan.settings.maxNumSeqs,
        replicasPerInstance: chosen.replicasPerInstance,
      },
      quietRequestsPerSecond: quiet,
      burstRequestsPerSecond: burst,
      plannedRequestsPerSecond: planned,
      risePerMinute: scaling.risePerMinute ?? (planned - quiet) / 30,
      coldStartSeconds: start.seconds,
      minimumReplicas: Math.max(need.minimumReplicas, need.spareHosts + 1),
      longestResponseSeconds: scaling.longestResponseSeconds ?? 600,
    }),
    assumed,
  };
}
