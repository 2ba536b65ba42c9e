import type { ObservabilitySpec } from "../observability-spec";

/** The kinds of hosts that the monitoring looks for. */
export type HostGroup = "serving" | "gateway" | "observability";

/** Tags by which hosts say what they are: fleets put their name on theirs, and every pool has one of its own. */
const fleetTag = "holdfast.fleet";
const poolTag = "holdfast:pool";

/** Names of the pools that are not fleets. */
function poolName(spec: ObservabilitySpec, group: "gateway" | "observability"): string {
  return group === "gateway"
    ? (spec.gateway.poolName ?? `${spec.gateway.name}-hosts`)
    : (spec.poolName ?? "watch-hosts");
}

/**
 * Finds hosts by asking EC2: a host is found while it runs, also when its engine has left the DNS name or never came up, which is when
 * its metrics matter most. The request goes through the private endpoint; the role may describe instances and nothing else.
 */
export function ec2Discovery(spec: ObservabilitySpec, groups: readonly HostGroup[], port: number): object[] {
  const fleets = spec.fleets.map(({ fleetName }) => fleetName);
  const pools = groups.flatMap((group) => (group === "serving" ? [] : [poolName(spec, group)]));
  const tags = Object.entries(spec.discoveryTags ?? {}).map(([key, value]) => ({
    name: `tag:${key}`,
    values: [value],
  }));
  const find = (tag: string, values: readonly string[]) => ({
    region: spec.region,
    port,
    refresh_interval: "60s",
    filters: [{ name: "instance-state-name", values: ["running"] }, { name: `tag:${tag}`, values }, ...tags],
  });
  return [
    ...(groups.includes("serving") && fleets.length > 0 ? [find(fleetTag, fleets)] : []),
    ...(pools.length > 0 ? [find(poolTag, pools)] : []),
  ];
}

/** Labels of a discovered host: what it is and where. `node` is its address, the one name that all jobs know. */
export function hostRelabelling(spec: ObservabilitySpec): object[] {
  const fleet = "__meta_ec2_tag_holdfast_fleet";
  const pool = "__meta_ec2_tag_holdfast_pool";
  return [
    nodeFromAddress,
    { source_labels: ["__meta_ec2_instance_id"], target_label: "instance_id" },
    { source_labels: ["__meta_ec2_availability_zone"], target_label: "zone" },
    { source_labels: [fleet], regex: "(.+)", target_label: "fleet" },
    { source_labels: [fleet], regex: ".+", target_label: "segment", replacement: "serving" },
    constantWhere(pool, poolName(spec, "gateway"), "segment", "gateway"),
    constantWhere(pool, poolName(spec, "observability"), "segment", "observability"),
  ];
}

export const nodeFromAddress = {
  source_labels: ["__address__"],
  regex: "(.+):\\d+",
  target_label: "node",
  replacement: "$1",
};

export function constantWhere(source: string, value: string, target: string, replacement: string): object {
  return { source_labels: [source], regex: value.replaceAll(".", "\\."), target_label: target, replacement };
}
