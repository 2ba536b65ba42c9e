import type { NetworkNeeds } from "@holdfast/core";
import { enginePorts, hostNetworkNeeds } from "@holdfast/network";
import { gatewayPorts } from "./gateway-places";

export interface GatewayNetworkOptions {
  /** Whether HAProxy comes as a container image from a private registry. @default false */
  readonly containers?: boolean;
  /** Whether the hosts tell each other what they accepted. @default true */
  readonly peers?: boolean;
}

/** What a gateway needs from the network. The balancer and the hosts share the gateway's security group, hence the flows from it to itself. */
export function gatewayNetworkNeeds({ containers = false, peers = true }: GatewayNetworkOptions = {}): NetworkNeeds {
  const tcp = { protocol: "tcp" } as const;
  return {
    flows: [
      ...hostNetworkNeeds("gateway", { containers }).flows,
      { ...tcp, from: "clients", to: "gateway", port: gatewayPorts.clients, purpose: "API calls" },
      { ...tcp, from: "gateway", to: "gateway", port: gatewayPorts.clients, purpose: "balancer to gateway hosts" },
      { ...tcp, from: "gateway", to: "gateway", port: gatewayPorts.internal, purpose: "health checks of the balancer" },
      {
        ...tcp,
        from: "gateway",
        to: "serving",
        port: enginePorts.first,
        toPort: enginePorts.last,
        purpose: "inference",
      },
      { ...tcp, from: "observability", to: "gateway", port: gatewayPorts.internal, purpose: "scrape gateway metrics" },
      ...(peers
        ? ([
            {
              ...tcp,
              from: "gateway",
              to: "gateway",
              port: gatewayPorts.peers,
              purpose: "gateway hosts tell each other what they accepted",
            },
            { ...tcp, from: "gateway", to: "endpoint:ec2", port: 443, purpose: "gateway hosts find each other" },
          ] as const)
        : []),
    ],
  };
}
