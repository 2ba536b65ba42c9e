import type { HostFile } from "@holdfast/core";
import type { NetworkPlacement, PlacedSegment } from "@holdfast/network";
import type * as pulumi from "@pulumi/pulumi";
import type { iam } from "@pulumi/aws/types/input";
import type { AmiReference } from "./ami-reference";
import type { HostConfigBucket } from "./host-config-bucket";
import type { HostSecret } from "./host-secret";

/** How many hosts a pool has. */
export interface PoolSize {
  readonly min: number;
  readonly max: number;
  /** Left alone after the first deployment when `max` is larger than `min`: a scaling policy owns it. @default `min` */
  readonly desired?: number;
}

/** How instances are bought. */
export type Capacity =
  | { readonly kind: "on-demand" }
  /** Interrupted by AWS with two minutes' notice: for work that can be repeated. */
  | { readonly kind: "spot" }
  /** An on-demand capacity reservation. */
  | { readonly kind: "reservation"; readonly reservationId: string }
  /** A capacity block bought elsewhere: buying one is an irreversible charge, so no component does it. */
  | { readonly kind: "capacity-block"; readonly reservationId: string };

/** A data volume that outlives the hosts that use it. */
export interface DataVolume {
  readonly sizeGiB: number;
  /** Where the host mounts it, for example `/var/lib/prometheus`. */
  readonly mountPath: string;
  /** Owner of the mount point as `user:group`. @default "root:root" */
  readonly owner?: string;
}

export interface HostPoolArgs {
  readonly network: NetworkPlacement;
  /** The segment whose subnets and security group the hosts get. */
  readonly segment: PlacedSegment;
  /** Where the hosts' files are published. */
  readonly config: HostConfigBucket;
  readonly image: AmiReference;
  /** For example `c7i.xlarge`. */
  readonly instanceType: string;
  /** A number means: exactly so many. */
  readonly size: number | PoolSize;
  /** Everything the hosts need on disk. A changed file rolls the hosts. */
  readonly files: readonly HostFile[];
  /** systemd units that the bootstrap enables and starts, in this order. */
  readonly services: readonly string[];
  /** Secrets the hosts fetch into `/run/holdfast/secrets` at every boot, before `services` start; about 50 different ones. @default none */
  readonly secrets?: readonly HostSecret[];
  /**
   * Values only the cloud knows, by name in capitals (`MODEL_BUCKET`). They travel as instance tags and are at hand on the host as
   * `/run/holdfast/parameters.env`, which units read with `EnvironmentFile=`. At most 256 characters each; never a secret. @default none
   */
  readonly parameters?: Readonly<Record<string, pulumi.Input<string>>>;
  /** What the hosts may do in AWS besides reading their own files and secrets. Refused with a wildcard action. @default nothing */
  readonly statements?: readonly iam.PolicyStatement[];
  /** Container images the services run, from private ECR repositories of this region, by digest; pulled before `services` start. @default none */
  readonly containerImages?: readonly string[];
  /** How the instances are bought. @default { kind: "on-demand" } */
  readonly capacity?: Capacity;
  /** Zones to use, a subset of the network's. @default all; the first one with a data volume or cluster placement */
  readonly zones?: readonly string[];
  /**
   * Whether the hosts start close together in a cluster placement group of the pool's own: lowest latency and full bandwidth between
   * them, in one zone. AWS may have no room for another host there ("insufficient capacity"): `rollout: "start-first"` and growth
   * need some. @default false, true with `placementGroupName`
   */
  readonly clusterPlacement?: boolean;
  /** An existing cluster placement group to use instead: one that other pools share, or that capacity is reserved in. @default none */
  readonly placementGroupName?: pulumi.Input<string>;
  /** @default 50 */
  readonly rootVolumeGiB?: number;
  /** Throughput of the root volume (gp3), MiB/s: 125 to 1000. @default 125 */
  readonly rootVolumeMiBps?: number;
  /** A volume that is kept when the host is replaced. Needs `size` 1: the volume is in one zone, on one host at a time. @default none */
  readonly dataVolume?: DataVolume;
  /** Target groups in which the hosts register. @default none */
  readonly targetGroupArns?: readonly pulumi.Input<string>[];
  /** Longest time a host gets to finish its work when it is told to go, seconds: scripts in `/etc/holdfast/drain.d` run one after another. 30 to 7200. */
  readonly drainSeconds: number;
  /** Longest time from start to ready, seconds; a host that is not ready by then is replaced. 60 to 7200. @default 900 */
  readonly launchSeconds?: number;
  /** Command that exits 0 once the host may count as in service. @default every unit of `services` is active */
  readonly readyCommand?: string;
  /** How failing hosts are found: `balancer` needs `targetGroupArns`. @default "balancer" with target groups, else "instance" */
  readonly health?: "instance" | "balancer";
  /** Seconds after entering service in which failing checks do not count. @default 60 */
  readonly healthGraceSeconds?: number;
  /** `start-first` needs room for more hosts than `size`; `stop-first` is for hosts with a data volume or scarce GPUs. @default "start-first", "stop-first" with a data volume */
  readonly rollout?: "start-first" | "stop-first";
  /** How long the hosts' journals are kept, days (a value that CloudWatch Logs knows). @default 365 */
  readonly logRetentionDays?: number;
  /** Suspended for hosts with long streams: moving them between zones cuts work for no need. @default true */
  readonly rebalanceZones?: boolean;
  /** Whether a data volume and the log group are protected from deletion. @default true */
  readonly protect?: boolean;
  /** Put on every resource, the hosts and their volumes. Keys: letters, digits and `+-=.,_:@`. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}
