import type { AmiReference, HostConfigBucket, HostSecret } from "@holdfast/compute";
import type { DataClass, Duration, FleetEndpoint, HostFile } from "@holdfast/core";
import type { NetworkPlacement } from "@holdfast/network";
import type * as pulumi from "@pulumi/pulumi";
import type { GatewayPolicy } from "./gateway-policy";
import type { HaproxyProgram } from "./haproxy-spec";

export interface GatewayArgs {
  /** Where the hosts and the balancer stand: two zones at least, unless `allowSingleZone` is set. */
  readonly network: NetworkPlacement;
  /** Accept a network of one zone: the gateway then goes down with it. For environments that nobody depends on. @default false */
  readonly allowSingleZone?: boolean;
  /** Where the hosts' files are published. */
  readonly config: HostConfigBucket;
  /** Fleets to route to, each by the name it serves its model under. */
  readonly fleets: readonly FleetEndpoint[];
  /** Who may call, with what, how much, and which models. */
  readonly policy: GatewayPolicy;
  /** Longest answer anyone waits for, 5 seconds to 3,500 seconds; every timeout, drain and grace period follows from it. */
  readonly longestResponse: Duration;
  /** Secrets Manager secrets with PEM texts. */
  readonly tls: {
    /** The certificate chain for `policy.hostName`, then its key. */
    readonly certificateSecretArn: pulumi.Input<string>;
    /** The CA that signs client certificates. @default none; needed unless `policy.tls.clientCertificates` is "off" */
    readonly clientCaSecretArn?: pulumi.Input<string>;
  };
  /** Secret with a line `<SHA-256 of a key, hexadecimal> <key reference> [<last day, YYYY-MM-DD>]` per API key: hashes, never keys. */
  readonly apiKeysSecretArn: pulumi.Input<string>;
  /** Customer key the secrets are encrypted with, those of fleets that name no key included. @default none: the account's own key for secrets */
  readonly secretsKeyArn?: pulumi.Input<string>;
  /** Machine image of the hosts. It brings HAProxy, or the container engine that `program` names. */
  readonly image: AmiReference;
  /** Where HAProxy comes from. @default { kind: "image" }: the machine image */
  readonly program?: HaproxyProgram;
  /** @default 2 */
  readonly hosts?: number;
  /** Of the c, m or r families, x86_64; its memory bounds the connections. @default "c7i.large" (2 vCPU, 4 GiB) */
  readonly instanceType?: string;
  /** The most sensitive class allowed where the gateway stands; no client may send more. @default "restricted" */
  readonly dataClass?: DataClass;
  /** Private hosted zone of Route 53 in which `policy.hostName` becomes an alias of the balancer. @default none: name it in your own DNS */
  readonly zoneId?: pulumi.Input<string>;
  /** DNS resolver of the hosts as `address:port`. @default "169.254.169.253:53", the resolver of every VPC */
  readonly resolver?: string;
  /** More files for the hosts, for example exporters. @default none */
  readonly files?: readonly HostFile[];
  /** More units to start. @default none */
  readonly services?: readonly string[];
  /** More secrets for the hosts to fetch. @default none */
  readonly secrets?: readonly HostSecret[];
  /** More container images that the hosts pull. @default none */
  readonly containerImages?: readonly string[];
  /** How long the hosts' journals, audit lines among them, are kept, days (a value that CloudWatch Logs knows). @default 365 */
  readonly logRetentionDays?: number;
  /** Whether the balancer and the log group are protected from deletion. @default true */
  readonly protect?: boolean;
  /** Put on every resource, the hosts and their volumes. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}
