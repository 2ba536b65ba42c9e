import type { AmiReference } from "@holdfast/compute";
import { check, durationSeconds, type Duration, type NetworkNeeds } from "@holdfast/core";
import {
  gatewayNetworkNeeds,
  gatewayPolicySchema,
  type CheckedGatewayPolicy,
  type RoutedFleet,
} from "@holdfast/gateway";
import type { ClientNetwork, EgressMode } from "@holdfast/network";
import { observabilityNetworkNeeds, type Notification } from "@holdfast/observability";
import { drainWindows, fleetNetworkNeeds, modelFleetSchema, planFleet, type FleetPlanOutcome } from "@holdfast/serving";
import type { EnvironmentDocument } from "./environment-schema";
import type { WantedSecret } from "./environment-secrets";

/** Name of the network component; prefix of everything in it. */
export const networkName = "network";

/** What all parts of an environment need from its network. */
export function networkNeeds(environment: EnvironmentDocument): NetworkNeeds[] {
  const { observability, gateway } = environment;
  return [
    gatewayNetworkNeeds({ peers: gateway.limits.sharing === "peers" }),
    fleetNetworkNeeds(),
    observabilityNetworkNeeds({
      sns: observability.notify.email !== undefined,
      ...(observability.notify.webhookSecretArn === undefined ? {} : { webhookPort: 443 }),
    }),
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

/** The plain arguments of one fleet: the document's own, with what the environment says for all of them. */
export function fleetArgs(environment: EnvironmentDocument, name: string) {
  const fleet = environment.fleets[name];
  if (fleet === undefined) throw new RangeError(`no fleet is named "${name}"`);
  const { release, capacity, dataClass = environment.dataClass, engine, ...own } = fleet;
  return {
    plain: {
      ...defined(own),
      fleet: name,
      workload: defined(own.workload),
      engine: { ...environment.engine, ...defined(engine) },
      longestResponse: environment.longestResponse,
      dataClass,
    },
    release,
    capacity,
  };
}

const outcomes = new WeakMap<EnvironmentDocument, Map<string, FleetPlanOutcome>>();

/** What a fleet will be, or what stands against it; worked out once per document, however many parts ask. */
export function fleetOutcome(environment: EnvironmentDocument, name: string): FleetPlanOutcome {
  const known = outcomes.get(environment) ?? new Map<string, FleetPlanOutcome>();
  outcomes.set(environment, known);
  const { region, network } = environment;
  const plain = check(modelFleetSchema, fleetArgs(environment, name).plain);
  const outcome =
    known.get(name) ??
    (plain.ok ? planFleet(plain.value, { name, region, zones: network.zones, storeRegion: region, tls: true }) : plain);
  known.set(name, outcome);
  return outcome;
}

/** The gateway's policy, without what is only the environment's. */
export function gatewayPolicyOf(environment: EnvironmentDocument): CheckedGatewayPolicy {
  return gatewayPolicySchema.parse(
    Object.fromEntries(
      Object.keys(gatewayPolicySchema.shape).map((key) => [key, (environment.gateway as Record<string, unknown>)[key]]),
    ),
  );
}

/** The fleets as the gateway's policy is checked against them. A fleet that cannot be built is there by name, so that it is not also unknown. */
export function routedFleets(environment: EnvironmentDocument): RoutedFleet[] {
  const { notice } = drainWindows(durationSeconds(environment.longestResponse));
  return Object.entries(environment.fleets).map(([name, fleet]) => {
    const outcome = fleetOutcome(environment, name);
    return {
      fleetName: name,
      servedModelName: name,
      task: outcome.ok ? outcome.plan.task : "generate",
      dataClass: fleet.dataClass ?? environment.dataClass,
      hosts: outcome.ok ? outcome.plan.sizing.instances : 1,
      rotationNoticeSeconds: notice,
    };
  });
}

/** Drops keys that are undefined, for interfaces that tell absent from undefined. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** Whole days in a duration, for settings that AWS counts in days. */
export function days(duration: Duration): number {
  return Math.max(1, Math.round(durationSeconds(duration) / 86_400));
}

export function machineImage({ parameter, version }: EnvironmentDocument["images"]["host"]): AmiReference {
  return version === undefined ? { parameter } : { parameter, version };
}

/** Where alerts go. */
export function notifications({ observability }: EnvironmentDocument): Notification[] {
  const { email, webhookSecretArn } = observability.notify;
  return [
    ...(email === undefined ? [] : [{ kind: "email", name: "mail", address: email } as const]),
    ...(webhookSecretArn === undefined
      ? []
      : [{ kind: "webhook", name: "webhook", urlSecretArn: webhookSecretArn } as const]),
  ];
}

/** Tags of every resource: who answers for it, what it belongs to, how sensitive it is. */
export function environmentTags(
  name: string,
  { owner, costCentre, dataClass }: EnvironmentDocument,
): Record<string, string> {
  return {
    environment: name,
    owner,
    "data-class": dataClass,
    ...(costCentre === undefined ? {} : { "cost-centre": costCentre }),
  };
}

/** The secrets an environment needs, and what a person puts into each. */
export function wantedSecrets(
  { gateway, engineTls }: EnvironmentDocument,
  namespace: string,
): Record<string, WantedSecret> {
  const secret = (content: string, existingArn?: string): WantedSecret => ({
    content,
    ...(existingArn === undefined ? {} : { existingArn }),
  });
  return {
    "gateway-certificate": secret(
      "Certificate chain and private key of the gateway's host name, PEM",
      gateway.certificateSecretArn,
    ),
    ...(gateway.tls.clientCertificates === "required"
      ? { "gateway-client-ca": secret("CA that signs the clients' certificates, PEM", gateway.clientCaSecretArn) }
      : {}),
    "gateway-api-keys": secret(
      "One line per key: SHA-256 of the key, a space, the client's name",
      gateway.apiKeysSecretArn,
    ),
    "engine-key": secret("Key that the gateway presents to the engines, 20 characters or more"),
    "engine-certificate": secret(
      `Certificate chain and private key of the engines, PEM in one text, for *.${namespace}`,
      engineTls.certificateSecretArn,
    ),
    "engine-ca": secret("CA that signed the engines' certificate, PEM", engineTls.caSecretArn),
  };
}
