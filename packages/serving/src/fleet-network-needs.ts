import type { NetworkNeeds } from "@holdfast/core";
import { enginePorts, hostNetworkNeeds } from "@holdfast/network";

/** What fleets need from the network: to be called by the gateway and the scraper, and the AWS services that their hosts use. */
export function fleetNetworkNeeds(): NetworkNeeds {
  const engines = { protocol: "tcp", port: enginePorts.first, toPort: enginePorts.last } as const;
  return {
    flows: [
      { from: "gateway", to: "serving", ...engines, purpose: "inference" },
      { from: "observability", to: "serving", ...engines, purpose: "engine metrics" },
      { from: "observability", to: "serving", protocol: "tcp", port: 9100, purpose: "host metrics" },
      { from: "observability", to: "serving", protocol: "tcp", port: 9400, purpose: "GPU metrics" },
      ...hostNetworkNeeds("serving", { containers: true }).flows,
      { from: "serving", to: "endpoint:s3", protocol: "tcp", port: 443, purpose: "model files" },
      {
        from: "serving",
        to: "endpoint:servicediscovery",
        protocol: "tcp",
        port: 443,
        purpose: "engines enter and leave their DNS name",
      },
    ],
  };
}
