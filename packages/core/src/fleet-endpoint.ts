import type { Workload } from "@holdfast/sizing";
import type * as pulumi from "@pulumi/pulumi";
import { show, type Problem } from "./problems";
import type { DataClass, EngineKind, ModelTask } from "./vocabulary";

/** The plain facts about a fleet that a gateway and a monitoring stack need. Known at plan time. */
export interface FleetEndpoint {
  /** The fleet's name, unique in the environment. */
  readonly fleetName: string;
  /** Model id in the catalogue. */
  readonly modelId: string;
  /** The name clients put into `model`. */
  readonly servedModelName: string;
  readonly task: ModelTask;
  readonly engine: EngineKind;
  readonly engineVersion: string;
  /** DNS name with one A record per host in rotation (at most eight: Route 53 answers no more for a multivalue name). */
  readonly dnsName: string;
  /** Port of the first engine of a host. */
  readonly port: number;
  /** Engines on one host. They listen on `port` to `port + replicasPerHost - 1` of each address of `dnsName`. */
  readonly replicasPerHost: number;
  /** Hosts at full strength: `replicas / replicasPerHost`, rounded up. */
  readonly hosts: number;
  /**
   * A host goes on serving for this many seconds after its address has left the DNS name. Who resolves the name must stop sending
   * new requests to a vanished address within this time (record TTL and own caches included).
   */
  readonly rotationNoticeSeconds: number;
  /** ARN of the Secrets Manager secret with the engines' key, which the gateway presents as a bearer token. */
  readonly engineKeySecretArn: pulumi.Input<string>;
  /** ARN of the customer key that secret is encrypted with. @default none: the account's own key for secrets */
  readonly engineKeySecretKeyArn?: pulumi.Input<string>;
  /** Whether the engines speak TLS, with a certificate for `dnsName`. Otherwise prompts cross the network in clear. */
  readonly tls: boolean;
  /** ARN of the Secrets Manager secret with the CA that signed that certificate, PEM. Callers trust this CA alone. */
  readonly engineCaSecretArn?: pulumi.Input<string>;
  /** ARN of the customer key that secret is encrypted with. @default none: the account's own key for secrets */
  readonly engineCaSecretKeyArn?: pulumi.Input<string>;
  /**
   * Name of that CA where fleets share one: callers fetch it once for all fleets that give this name, so these must give the same secret.
   * Lower-case letters, digits and hyphens. @default none: a CA of the fleet's own
   */
  readonly engineCaName?: string;
  readonly dataClass: DataClass;
  readonly replicas: number;
  /** Sequences one replica runs at once. */
  readonly maxConcurrencyPerReplica: number;
  readonly gpusPerReplica: number;
  /** Whole-fleet price per hour, US dollars. */
  readonly usdPerHour: number;
  readonly workload: Workload;
}

/** What is known of a fleet at plan time: all but the ARNs of its secrets. */
export type PlainFleet = Omit<
  FleetEndpoint,
  "engineKeySecretArn" | "engineKeySecretKeyArn" | "engineCaSecretArn" | "engineCaSecretKeyArn"
>;

/** The plain facts of a fleet, whatever else the object that stands for it holds. */
export function plainFleet(fleet: FleetEndpoint): PlainFleet {
  return {
    fleetName: fleet.fleetName,
    modelId: fleet.modelId,
    servedModelName: fleet.servedModelName,
    task: fleet.task,
    engine: fleet.engine,
    engineVersion: fleet.engineVersion,
    dnsName: fleet.dnsName,
    port: fleet.port,
    replicasPerHost: fleet.replicasPerHost,
    hosts: fleet.hosts,
    rotationNoticeSeconds: fleet.rotationNoticeSeconds,
    tls: fleet.tls,
    ...(fleet.engineCaName !== undefined && { engineCaName: fleet.engineCaName }),
    dataClass: fleet.dataClass,
    replicas: fleet.replicas,
    maxConcurrencyPerReplica: fleet.maxConcurrencyPerReplica,
    gpusPerReplica: fleet.gpusPerReplica,
    usdPerHour: fleet.usdPerHour,
    workload: fleet.workload,
  };
}

/** The form of `engineCaName`: it becomes part of file names. */
export const sharedCaName = /^[a-z][a-z0-9-]{0,39}$/;

/** What is wrong with the CAs that fleets share, as far as it can be known now: each has a plain name, and one secret. */
export function sharedCaProblems(fleets: readonly FleetEndpoint[]): Problem[] {
  const known = new Map<string, { readonly fleetName: string; readonly arn: string }>();
  return fleets.flatMap(({ fleetName, tls, engineCaName: name, engineCaSecretArn: arn }, index) => {
    if (!tls || name === undefined) return [];
    if (!sharedCaName.test(name)) {
      const reason = `must be at most 40 lower-case letters, digits and hyphens, a letter first, got ${show(name)}`;
      return [{ path: `fleets[${index}].engineCaName`, reason }];
    }
    if (typeof arn !== "string") return [];
    const first = known.get(name) ?? { fleetName, arn };
    known.set(name, first);
    if (first.arn === arn) return [];
    const reason = `${fleetName} and ${first.fleetName} share the CA "${name}", and it is ${arn} here and ${first.arn} there; give both the same secret, or each CA a name of its own`;
    return [{ path: `fleets[${index}].engineCaSecretArn`, reason }];
  });
}
