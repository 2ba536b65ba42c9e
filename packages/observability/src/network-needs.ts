import type { NetworkNeeds } from "@holdfast/core";
import { enginePorts, hostNetworkNeeds } from "@holdfast/network";

/** Ports of the monitoring, in one place: flows, units and scrape configuration agree by construction. */
export const monitoringPorts = {
  prometheus: 9090,
  alertmanager: 9093,
  grafana: 3000,
  blackbox: 9115,
  node: 9100,
  dcgm: 9400,
  gatewayMetrics: 8405,
} as const;

export interface ObservabilityNetworkOptions {
  /** Whether the programs come as container images from a private registry. @default false */
  readonly containers?: boolean;
  /** Whether alerts go out through the private endpoint of Amazon SNS. @default false */
  readonly sns?: boolean;
  /** Port of an incident system in one of the client networks, when alerts go to a webhook there. @default no flow: webhooks reach nothing */
  readonly webhookPort?: number;
  /** Whether the management segment may open Grafana directly. Without it people come by SSM port forwarding, which needs no flow. @default false */
  readonly grafanaFromManagement?: boolean;
}

/** What the monitoring needs from the network: it scrapes, nobody scrapes through it, and nothing reaches it unless asked for. */
export function observabilityNetworkNeeds(options: ObservabilityNetworkOptions = {}): NetworkNeeds {
  const scrape = { from: "observability", protocol: "tcp" } as const;
  return {
    flows: [
      ...hostNetworkNeeds("observability", { containers: options.containers === true, dataVolume: true }).flows,
      { ...scrape, to: "serving", port: enginePorts.first, toPort: enginePorts.last, purpose: "scrape engine metrics" },
      { ...scrape, to: "serving", port: monitoringPorts.node, purpose: "scrape host metrics of GPU hosts" },
      { ...scrape, to: "serving", port: monitoringPorts.dcgm, purpose: "scrape GPU metrics" },
      { ...scrape, to: "gateway", port: monitoringPorts.gatewayMetrics, purpose: "scrape gateway metrics" },
      { ...scrape, to: "gateway", port: monitoringPorts.node, purpose: "scrape host metrics of gateway hosts" },
      { ...scrape, to: "gateway", port: 443, purpose: "watch the gateway's certificate" },
      { ...scrape, to: "endpoint:ec2", port: 443, purpose: "discover hosts to scrape" },
      ...(options.sns === true ? [{ ...scrape, to: "endpoint:sns", port: 443, purpose: "send alerts" } as const] : []),
      ...(options.webhookPort === undefined
        ? []
        : [
            {
              ...scrape,
              to: "clients",
              port: options.webhookPort,
              purpose: "send alerts to an incident system",
            } as const,
          ]),
      ...(options.grafanaFromManagement === true
        ? [
            {
              from: "management",
              to: "observability",
              protocol: "tcp",
              port: monitoringPorts.grafana,
              purpose: "operators open Grafana (TLS, login)",
            } as const,
          ]
        : []),
    ],
  };
}
