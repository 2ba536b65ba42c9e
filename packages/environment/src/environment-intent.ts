import { findModel } from "@holdfast/catalog";
import { durationSeconds, type NetworkNeeds } from "@holdfast/core";
import { gatewayNetworkNeeds, gatewayPolicySchema, type CheckedGatewayPolicy, type RoutedFleet } from "@holdfast/gateway";
import type { ClientNetwork, EgressMode } from "@holdfast/network";
import { observabilityNetworkNeeds } from "@holdfast/observability";
import { drainWindows, fleetNetworkNeeds } from "@holdfast/serving";
import { sizeFleet, type FleetNeed, type SizingOutcome } from "@holdfast/sizing";
import type { EnvironmentDocument } from "./environment-schema";

/** Name of the network component; prefix of everything in it. */
export const networkName = "network";

/** What all parts of an environment need from its network. */
export function networkNeeds(environment: EnvironmentDocument): NetworkNeeds[] {
  const { images, observability } = environment;
  return [
    gatewayNetworkNeeds({ containers: images.haproxy !== undefined }),
    fleetNetworkNeeds(),
    observabilityNetworkNeeds({ sns: observability.notify.email !== undefined }),
  ];
}

export function clientNetworks(environment: EnvironmentDocument): ClientNetwork[] {
  return Object.entries(environment.network.clients).map(([name, { cidr }]) => ({ name, cidr }));
}

/** The network of an environment as the network's own checks read it. */
export function networkSpecOf(environment: EnvironmentDocument) {
  const { cidr, zones, egress } = environment.network;
  return {
    name: networkName,
    region: environment.region,
    cidr,
    zones,
    clients: clientNetworks(environment),
    egress: egress.mode as EgressMode,
    needs: networkNeeds(environment),
  };
}

/** What sizing is asked for one fleet of the document. */
export function fleetNeed(environment: EnvironmentDocument, name: string): FleetNeed {
  const fleet = environment.fleets[name];
  if (fleet === undefined) throw new RangeError(`no fleet is named "${name}"`);
  const { model, format, gpuClass, instanceType, batch, minimumReplicas, engine, workload } = fleet;
  return {
    fleet: name,
    model,
    workload: defined(workload),
    region: environment.region,
    zones: environment.network.zones,
    batch,
    minimumReplicas,
    ...(format === undefined ? {} : { format }),
    ...(gpuClass === undefined ? {} : { gpuClass }),
    ...(instanceType === undefined ? {} : { instanceType }),
    ...(engine.version === undefined ? {} : { engine: { kind: engine.kind, version: engine.version } }),
  };
}

const outcomes = new WeakMap<EnvironmentDocument, Map<string, SizingOutcome>>();

/** The sizing of one fleet; worked out once per document, however many parts ask. */
export function fleetOutcome(environment: EnvironmentDocument, name: string): SizingOutcome {
  const known = outcomes.get(environment) ?? new Map<string, SizingOutcome>();
  outcomes.set(environment, known);
  const outcome = known.get(name) ?? sizeFleet(fleetNeed(environment, name));
  known.set(name, outcome);
  return outcome;
}

/** The gateway's policy, without what is only the environment's. */
export function gatewayPolicyOf(environment: EnvironmentDocument): CheckedGatewayPolicy {
  return gatewayPolicySchema.parse(
    Object.fromEntries(Object.keys(gatewayPolicySchema.shape).map((key) => [key, (environment.gateway as Record<string, unknown>)[key]])),
  );
}

/** The fleets as the gateway's policy is checked against them. */
export function routedFleets(environment: EnvironmentDocument): RoutedFleet[] {
  const { notice } = drainWindows(durationSeconds(environment.longestResponse));
  return Object.entries(environment.fleets).flatMap(([name, fleet]) => {
    const model = findModel(fleet.model);
    if (model === undefined) return [];
    const outcome = fleetOutcome(environment, name);
    return [
      {
        fleetName: name,
        servedModelName: name,
        task: model.task,
        dataClass: fleet.dataClass ?? environment.dataClass,
        hosts: outcome.ok ? outcome.sizing.instances : 1,
        rotationNoticeSeconds: notice,
      },
    ];
  });
}

/** Drops keys that are undefined, for interfaces that tell absent from undefined. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}
