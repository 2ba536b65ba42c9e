import type { ObservabilitySpec } from "../observability-spec";
import type { Segment } from "@holdfast/core";

/** A pool of hosts that the monitoring looks for. */
export interface ObservedPool {
  readonly pool: string;
  readonly segment: Segment;
  readonly fleet?: string;
}

/** The pools of an environment. */
export function observedPools(spec: ObservabilitySpec): ObservedPool[] {
  return [
    ...spec.fleets.map(({ fleetName, poolName = `${fleetName}-pool` }) => ({
      pool: poolName,
      segment: "serving" as const,
      fleet: fleetName,
    })),
    { pool: spec.gateway.poolName ?? `${spec.gateway.name}-hosts`, segment: "gateway" },
    { pool: spec.poolName ?? "watch-hosts", segment: "observability" },
  ];
}

/**
 * Finds hosts by asking EC2: a host is found while it runs, also when its engine has left the DNS name or never came up, which is when
 * its metrics matter most. The request goes through the private endpoint; the role may describe instances and nothing else.
 */
export function ec2Discovery(spec: ObservabilitySpec, pools: readonly ObservedPool[], port: number): object {
  const tags = Object.entries(spec.discoveryTags ?? {});
  return {
    region: spec.region,
    port,
    refresh_interval: "60s",
    filters: [
      { name: "instance-state-name", values: ["running"] },
      { name: "tag:holdfast:pool", values: pools.map(({ pool }) => pool) },
      ...tags.map(([key, value]) => ({ name: `tag:${key}`, values: [value] })),
    ],
  };
}

/** Labels of a discovered host: where it is, which pool it belongs to. `node` is its address, the one name all jobs know. */
export function hostRelabelling(pools: readonly ObservedPool[]): object[] {
  const poolLabel = "__meta_ec2_tag_holdfast_pool";
  return [
    nodeFromAddress,
    { source_labels: ["__meta_ec2_instance_id"], target_label: "instance_id" },
    { source_labels: ["__meta_ec2_availability_zone"], target_label: "zone" },
    ...pools.flatMap(({ pool, segment, fleet }) => [
      constantWhere(poolLabel, pool, "segment", segment),
      ...(fleet === undefined ? [] : [constantWhere(poolLabel, pool, "fleet", fleet)]),
    ]),
  ];
}

export const nodeFromAddress = {
  source_labels: ["__address__"],
  regex: "(.+):\\d+",
  target_label: "node",
  replacement: "$1",
};

export function constantWhere(source: string, value: string, target: string, replacement: string): object {
  return { source_labels: [source], regex: value.replace(/[.]/g, "\\."), target_label: target, replacement };
}
