import {
  findGpu,
  gpusOfClass,
  plannableInstances,
  zonesOffering,
  type GpuRecord,
  type InstanceRecord,
  type WeightFormat,
} from "@holdfast/catalog";
import { hostPrice, placeReplicas, type Candidate, type Evaluation } from "./candidate";
import type { FleetNeed } from "./fleet";
import { keptQuality } from "./format-quality";
import { asInstance } from "./own-server";
import type { Parallelism } from "./replica-memory";
import { dividesHeads, planReplica, type ReplicaOutcome } from "./replica-plan";
import type { Requirement } from "./requirement";

/** What narrows the search to some instance types. */
export type Filters = Pick<FleetNeed, "gpuClass" | "gpusPerHost" | "instanceType" | "zones">;
export const filterNames = [
  "gpuClass",
  "gpusPerHost",
  "instanceType",
  "zones",
] as const satisfies readonly (keyof Filters)[];

type Refusal = Extract<Evaluation, { ok: false }>;

/** A configuration that cannot serve the need. */
export interface Refused {
  readonly instance: InstanceRecord;
  readonly format: WeightFormat;
  readonly parallelism: Parallelism;
  readonly refusal: Refusal;
}

/** Every configuration that was tried. */
export interface Search {
  readonly best: Candidate | undefined;
  /** The preferred first. */
  readonly candidates: readonly Candidate[];
  /** What would serve the need in a format that keeps less than the quality asked for; the preferred first. */
  readonly belowQuality: readonly Candidate[];
  readonly refusals: readonly Refused[];
}

/** Tries every instance type, format, parallelism, set of engine settings and number of replicas; the preferred candidate first. */
export function searchAll(requirement: Requirement, need: Filters): Search {
  const refusals: Refused[] = [];
  const planned = new Map<string, ReplicaOutcome>();
  const plan = (
    gpu: GpuRecord,
    format: WeightFormat,
    parallelism: Parallelism,
    networkMbps: number,
  ): ReplicaOutcome => {
    const { tensor, stages, hosts } = parallelism;
    const key = `${gpu.id} ${format} ${tensor} ${stages} ${hosts > 1 ? networkMbps : ""}`;
    const known = planned.get(key) ?? planReplica(requirement, gpu, format, parallelism, networkMbps);
    planned.set(key, known);
    return known;
  };
  const types = typesFor(requirement, need);
  const tryFormat = (format: WeightFormat): Candidate[] => {
    const found: Candidate[] = [];
    for (const instance of types) {
      const gpu = findGpu(instance.gpu);
      const price = hostPrice(requirement, instance);
      const attempt = (parallelism: Parallelism): ReplicaOutcome => {
        const refuse = (refusal: Refusal): ReplicaOutcome => {
          refusals.push({ instance, format, parallelism, refusal });
          return refusal;
        };
        if (gpu === undefined)
          return refuse({ ok: false, kind: "engine", reason: `GPU ${instance.gpu} is not in the catalogue` });
        const outcome = plan(gpu, format, parallelism, instance.networkMbps);
        if (!outcome.ok) return refuse(outcome);
        if (typeof price === "string") return refuse({ ok: false, kind: "engine", reason: price });
        const placed = placeReplicas(requirement, instance, price, outcome.plan);
        if (!placed.ok) return refuse(placed);
        found.push(placed.candidate);
        return outcome;
      };
      spread(requirement, instance, attempt);
    }
    return found;
  };
  const candidates = requirement.formats.flatMap(tryFormat).sort(byPreference);
  const tried = refusals.length;
  const belowQuality = requirement.refusedFormats.flatMap(tryFormat).sort(byPreference);
  refusals.length = tried;
  return { best: candidates[0], candidates, belowQuality, refusals };
}

/** Tries the ways to spread a replica: tensor parallelism first, stages only where that cannot hold the model, several hosts only where one cannot. */
function spread(
  requirement: Requirement,
  instance: InstanceRecord,
  attempt: (parallelism: Parallelism) => ReplicaOutcome,
): void {
  const { model, engine, hostsPerReplica } = requirement;
  const slotted = engine.kind === "llamacpp" || engine.kind === "ollama";
  const sizes = slotted ? [1] : parallelSizes(model, instance.gpus);
  const outcomes = sizes.map((tensor) => attempt({ tensor, stages: 1, hosts: 1 }));
  const largest = sizes.at(-1);
  const last = outcomes.at(-1);
  if (largest === undefined || last === undefined || last.ok || last.kind !== "memory") return;
  for (const stages of [2, 4, 8]) {
    if (largest * stages > instance.gpus) break;
    const outcome = attempt({ tensor: largest, stages, hosts: 1 });
    if (outcome.ok || outcome.kind !== "memory") return;
  }
  // Own servers are single hosts, and so are engines with slots.
  if (slotted || requirement.servers !== undefined || instance.gpus < 8) return;
  for (const hosts of [2, 4]) {
    if (hosts > hostsPerReplica) return;
    const inside = Math.max(1, Math.floor(instance.gpus / largest));
    const outcome = attempt({ tensor: largest, stages: hosts * inside, hosts });
    if (outcome.ok || outcome.kind !== "memory") return;
  }
}

/** Tensor-parallel sizes to try on a type: powers of two that fit the machine and divide the heads. */
export function parallelSizes(model: Requirement["model"], gpus: number): number[] {
  return [1, 2, 4, 8].filter((size) => size <= gpus && dividesHeads(model, size));
}

/** Cheapest first; at one price, the best format, then the fewest engines per host, then the fastest token. */
export function byPreference(a: Candidate, b: Candidate): number {
  const kept = ({ plan }: Candidate) => keptQuality(plan.machine.model, plan.format).percent;
  return (
    a.monthlyUsd - b.monthlyUsd ||
    kept(b) - kept(a) ||
    a.replicasPerInstance - b.replicasPerInstance ||
    a.times.tpot - b.times.tpot ||
    a.instance.type.localeCompare(b.instance.type) ||
    a.plan.format.localeCompare(b.plan.format)
  );
}

/** GPU instance types that the region and the zones offer and the filters allow, or the own servers that the filters allow. */
export function typesFor(requirement: Requirement, need: Filters): InstanceRecord[] {
  const wanted = need.gpuClass === undefined ? undefined : new Set(gpusOfClass(need.gpuClass).map((gpu) => gpu.id));
  if (requirement.servers !== undefined)
    return requirement.servers
      .filter((server) => wanted === undefined || wanted.has(server.gpu))
      .filter((server) => need.gpusPerHost === undefined || server.gpus === need.gpusPerHost)
      .map((server) => asInstance(server));
  return plannableInstances().filter((instance) => {
    if (need.instanceType !== undefined && instance.type !== need.instanceType) return false;
    if (wanted !== undefined && !wanted.has(instance.gpu)) return false;
    if (need.gpusPerHost !== undefined && instance.gpus !== need.gpusPerHost) return false;
    const offered = zonesOffering(instance.type, requirement.region);
    if (offered.length === 0) return false;
    if (need.zones !== undefined && need.zones.length > 0) {
      const usable = need.zones.filter((zone) => offered.includes(zone)).length;
      if (usable < Math.min(need.zones.length, requirement.minimumReplicas, 2)) return false;
    }
    return true;
  });
}
