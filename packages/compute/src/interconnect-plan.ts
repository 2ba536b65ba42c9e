import { findRegion, instances, zonesOffering, type InstanceRecord } from "@holdfast/catalog";
import type { Problem } from "@holdfast/core";
import type { Capacity } from "./host-pool-args";
import { efaInterfaces, type PlannedInterface } from "./network-interfaces";

/** How the hosts of a pool pass data to each other beside IP. */
export type Interconnect = "efa" | { readonly kind: "efa"; readonly singleHost?: boolean | undefined };

export interface InterconnectSpec {
  readonly instance: InstanceRecord;
  readonly region: string;
  /** Zones that the caller named. */
  readonly zones?: readonly string[] | undefined;
  /** Zones of the network that offer the type. */
  readonly offered: readonly string[];
  /** Most hosts that the pool may have. */
  readonly mostHosts: number;
  readonly capacity: Capacity;
  readonly interconnect?: Interconnect | undefined;
  readonly clusterPlacement?: boolean | undefined;
  /** Whether an existing placement group is given. */
  readonly placementGroup?: boolean | undefined;
}

export interface InterconnectPlan {
  readonly zones: readonly string[];
  /** Absent: one ordinary interface. */
  readonly interfaces?: readonly PlannedInterface[];
  readonly clusterPlacement: boolean;
  readonly problems: readonly Problem[];
}

/** What interconnect and placement make of a pool: one zone, its interfaces, a placement group; and what is wrong with them. */
export function planInterconnect(spec: InterconnectSpec): InterconnectPlan {
  const { interconnect, capacity, mostHosts, placementGroup = false } = spec;
  const efa = interconnect !== undefined;
  // The hosts of a capacity block are close together already.
  const wanted = efa && mostHosts > 1 && capacity.kind !== "capacity-block";
  const clusterPlacement = spec.clusterPlacement ?? (placementGroup || wanted);
  const problems = [...(efa ? efaProblems(spec, interconnect) : [])];
  if (!efa && !clusterPlacement) return { zones: spec.zones ?? spec.offered, clusterPlacement, problems };

  const why = efa ? "Elastic Fabric Adapters pass data within one zone" : "a cluster placement group is in one zone";
  const reserved = capacity.kind === "reservation" || capacity.kind === "capacity-block";
  if (spec.zones && spec.zones.length > 1)
    problems.push({ path: "zones", reason: `must be one zone, got ${spec.zones.join(", ")}; ${why}` });
  if (!spec.zones && reserved && spec.offered.length > 1) {
    problems.push({
      path: "zones",
      reason: `missing; ${why}, and it must be that of the reservation: one of ${spec.offered.join(", ")}`,
    });
  }
  return {
    // The first that offers the type, in the network's order: the same at every deployment.
    zones: spec.zones ?? spec.offered.slice(0, 1),
    clusterPlacement,
    problems,
    ...(efa ? { interfaces: efaInterfaces(spec.instance) } : {}),
  };
}

function efaProblems({ instance, region, mostHosts, capacity }: InterconnectSpec, asked: Interconnect): Problem[] {
  const problems: Problem[] = [];
  if (instance.efaInterfaces === 0) {
    const others = instances
      .filter(({ gpu, efaInterfaces: adapters }) => gpu === instance.gpu && adapters > 0)
      .map(({ type }) => type)
      .filter((type) => !findRegion(region) || zonesOffering(type, region).length > 0);
    problems.push({
      path: "interconnect",
      reason: `${instance.type} takes no Elastic Fabric Adapter; ${others.length > 0 ? `types with the same GPU that do: ${others.join(", ")}` : "choose another type"}`,
    });
  }
  if (mostHosts < 2 && (asked === "efa" || asked.singleHost !== true)) {
    problems.push({
      path: "interconnect",
      reason:
        'Elastic Fabric Adapters are for data between hosts, and this pool has one: tensor parallelism stays inside it; leave it out, or say { kind: "efa", singleHost: true } where the host exchanges data with another pool',
    });
  }
  if (capacity.kind === "spot") {
    problems.push({
      path: "capacity",
      reason:
        '"spot" is not for hosts with Elastic Fabric Adapters: one interruption stops all that work together, and one type in one zone is what spot interrupts most; allowed: on-demand, reservation, capacity-block',
    });
  }
  return problems;
}
