import { gpusOfClass, instances, zonesOffering, type InstanceRecord } from "@holdfast/catalog";
import { evaluate, parallelSizes, type Candidate, type Evaluation, type Requirement } from "./candidate";
import type { FleetNeed } from "./fleet";
import { asInstance } from "./own-server";

/** What narrows the search to some instance types. */
export type Filters = Pick<FleetNeed, "gpuClass" | "instanceType" | "zones">;
export const filterNames = ["gpuClass", "instanceType", "zones"] as const satisfies readonly (keyof Filters)[];

/** Every configuration that was tried. */
export interface Search {
  readonly best: Candidate | undefined;
  readonly candidates: readonly Candidate[];
  readonly refusals: readonly {
    instance: InstanceRecord;
    tensorParallel: number;
    refusal: Extract<Evaluation, { ok: false }>;
  }[];
}

/** Tries every instance type, tensor-parallel size and number of replicas; the preferred candidate first. */
export function searchAll(requirement: Requirement, need: Filters): Search {
  const candidates: Candidate[] = [];
  const refusals: Search["refusals"][number][] = [];
  for (const instance of typesFor(requirement, need)) {
    for (const tensorParallel of parallelSizes(requirement.model, instance.gpus)) {
      const result = evaluate(requirement, instance, tensorParallel);
      if (result.ok) candidates.push(result.candidate);
      else refusals.push({ instance, tensorParallel, refusal: result });
    }
  }
  candidates.sort(byPreference);
  return { best: candidates[0], candidates, refusals };
}

/** Cheapest first; at one price, the fewest engines per host, then the fastest token. */
function byPreference(a: Candidate, b: Candidate): number {
  return (
    a.monthlyUsd - b.monthlyUsd ||
    a.replicasPerInstance - b.replicasPerInstance ||
    a.times.tpot - b.times.tpot ||
    a.instance.type.localeCompare(b.instance.type)
  );
}

/** GPU instance types that the region and the zones offer and the filters allow, or the own servers that the filters allow. */
export function typesFor(requirement: Requirement, need: Filters): InstanceRecord[] {
  const wanted = need.gpuClass === undefined ? undefined : new Set(gpusOfClass(need.gpuClass).map((gpu) => gpu.id));
  if (requirement.servers !== undefined)
    return requirement.servers
      .filter((server) => wanted === undefined || wanted.has(server.gpu))
      .map((server) => asInstance(server));
  return instances.filter((instance) => {
    if (need.instanceType !== undefined && instance.type !== need.instanceType) return false;
    if (wanted !== undefined && !wanted.has(instance.gpu)) return false;
    const offered = zonesOffering(instance.type, requirement.region);
    if (offered.length === 0) return false;
    if (need.zones !== undefined && need.zones.length > 0) {
      const usable = need.zones.filter((zone) => offered.includes(zone)).length;
      if (usable < Math.min(need.zones.length, requirement.minimumReplicas, 2)) return false;
    }
    return true;
  });
}
