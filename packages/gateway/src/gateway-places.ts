import type { PlainFleet } from "@holdfast/core";

/** Where the gateway's configuration lies on a host. HAProxy resolves the maps relative to its own file, so the folder can be moved as a whole. */
export const gatewayDirectory = "/etc/holdfast/gateway";
/** Scripts the units run. */
export const gatewayScripts = "/usr/local/lib/holdfast/gateway";
/** What `prepare.sh` makes of the secrets when the service starts; in memory only. */
export const gatewayRuntime = "/run/holdfast-gateway";
/** Where hosts put secrets they fetched. */
export const secretsDirectory = "/run/holdfast/secrets";

/** Who HAProxy runs as: a user of its own, which the host makes before it places files. */
export const gatewayUser = "holdfast-gateway";

/** Ports of a gateway host. */
export const gatewayPorts = {
  /** Clients, through the balancer. */
  clients: 443,
  /** Metrics for Prometheus and the balancer's health check; never reachable for clients. */
  internal: 8405,
  /** Limit counts between gateway hosts. */
  peers: 8406,
} as const;

/** Names of the secrets under `secretsDirectory`. */
export const gatewaySecrets = {
  /** Certificate chain and key of the host name, PEM. */
  certificate: "gateway-certificate",
  /** CA that signs client certificates, PEM. */
  clientCa: "gateway-client-ca",
  /** Lines `<sha256 of the key, hex> <key reference> [<last day, YYYY-MM-DD>]`. */
  apiKeys: "gateway-api-keys",
  /** The key engines of a fleet accept. */
  engineKey: (fleetName: string): string => `gateway-engine-key-${fleetName}`,
  /** The CA that signed the certificate of a fleet's engines, PEM: one file for all fleets that share it. */
  engineCa: ({ fleetName, engineCaName }: Pick<PlainFleet, "fleetName" | "engineCaName">): string =>
    engineCaName === undefined ? `gateway-engine-ca-${fleetName}` : `gateway-shared-ca-${engineCaName}`,
} as const;

/** Gateway hosts whose counts a host adds up: twice the hosts, because a rollout starts new ones first; at most as many as fit a readable configuration. */
export function peerSlots(hosts: number): number {
  return Math.min(2 * hosts, 32);
}

/** The peers' numbers, from 1. */
export function peerNumbers(hosts: number): number[] {
  return Array.from({ length: peerSlots(hosts) }, (_, index) => index + 1);
}
