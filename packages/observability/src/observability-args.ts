import type { AmiReference, HostConfigBucket } from "@holdfast/compute";
import { plainFleet, type Duration, type FleetEndpoint } from "@holdfast/core";
import type { NetworkPlacement } from "@holdfast/network";
import { z } from "zod";
import type { ProgramSource } from "./hosts/service-unit";
import type { MonitoringSecretArns } from "./monitoring-credentials";
import type { ObservabilitySpec, ObservedGateway } from "./observability-spec";

export interface ObservabilityArgs {
  readonly network: NetworkPlacement;
  /** Where the host's files are published. */
  readonly config: HostConfigBucket;
  /** Name of the environment; on every alert as the label `environment`. */
  readonly environment: string;
  /** What is watched: `ModelFleet`s. */
  readonly fleets: readonly FleetEndpoint[];
  readonly gateway: ObservedGateway;
  /** Certificates and passwords, for example a `MonitoringCredentials`. */
  readonly credentials: MonitoringSecretArns;
  /** Machine image. It brings the programs (`programPaths`) or a container runtime, as `programs` says. */
  readonly image: AmiReference;
  /** How the programs get onto the host. @default { kind: "image" } */
  readonly programs?: ProgramSource;
  /** @default "m7i.large" (2 vCPU, 8 GiB: about a million series) */
  readonly instanceType?: string;
  /** Zone of the host and its volume. @default the network's first */
  readonly zone?: string;
  /** How long measurements are kept. @default "30 days" */
  readonly retention?: Duration;
  /** The longest response the environment promises. @default "10 minutes" */
  readonly longestResponse?: Duration;
  readonly notify?: ObservabilitySpec["notify"];
  readonly deadManSwitch?: ObservabilitySpec["deadManSwitch"];
  readonly budget?: ObservabilitySpec["budget"];
  readonly availability?: ObservabilitySpec["availability"];
  readonly owner?: ObservabilitySpec["owner"];
  readonly runbookBase?: ObservabilitySpec["runbookBase"];
  readonly grafanaUrl?: ObservabilitySpec["grafanaUrl"];
  readonly volumeGiB?: ObservabilitySpec["volumeGiB"];
  readonly discoveryTags?: ObservabilitySpec["discoveryTags"];
  /** Days for which the host's journal is kept. @default 365 */
  readonly logRetentionDays?: number;
  /** Tag by which a backup plan of yours finds the volume. On the pool's other resources too. @default { key: "backup", value: "daily" } */
  readonly backupTag?: { readonly key: string; readonly value: string };
  /** Whether the volume and the logs are protected from deletion. @default true */
  readonly protect?: boolean;
  /** Put on every resource. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** The plain arguments that are the component's own; those of the spec are checked with the spec. */
export const observabilityArgsSchema = z.strictObject({
  environment: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, "must be lower case letters, digits and hyphens"),
  zone: z.string().optional(),
  instanceType: z.string().default("m7i.large"),
  backupTag: z.strictObject({ key: z.string().min(1), value: z.string() }).default({ key: "backup", value: "daily" }),
  tags: z.record(z.string(), z.string()).default({}),
});

/** The spec that a component's arguments stand for. Only plain values: ARNs that are not known yet stay out of it. */
export function specOf(args: ObservabilityArgs, poolName: string): ObservabilitySpec {
  const { environment, network, fleets, gateway, retention = "30 days", longestResponse = "10 minutes" } = args;
  const optional = {
    notify: args.notify,
    deadManSwitch: args.deadManSwitch,
    budget: args.budget,
    availability: args.availability,
    owner: args.owner,
    runbookBase: args.runbookBase,
    grafanaUrl: args.grafanaUrl,
    volumeGiB: args.volumeGiB,
    discoveryTags: args.discoveryTags,
    programs: args.programs,
  };
  const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  return {
    environment,
    region: network.region,
    zones: network.zones,
    fleets: fleets.map(plainFleet),
    gateway: { ...gateway },
    poolName,
    retention,
    longestResponse,
    ...given,
  };
}
