import type { Segment } from "./vocabulary";

/** An allowed connection. What no flow lists is denied. */
export interface Flow {
  readonly from: Segment;
  /** A segment, or a private endpoint of an AWS service, for example `endpoint:ssm`. */
  readonly to: Segment | `endpoint:${string}`;
  readonly protocol: "tcp" | "udp";
  /** One port, or the first of a range. */
  readonly port: number;
  /** Last port of a range. @default the same as `port` */
  readonly toPort?: number;
  /** Why the flow exists; shown to auditors and put on the rule. */
  readonly purpose: string;
}

/** What a part needs from the network it is placed in. Parts declare it; the network opens nothing else. */
export interface NetworkNeeds {
  readonly flows: readonly Flow[];
  /** Names of Amazon S3 buckets outside the own account that hosts must read, for example a distribution's package mirror. */
  readonly buckets?: readonly string[];
  /**
   * Segments with hosts that pass data to each other by Elastic Fabric Adapter. They get a security group beside the segment's, which
   * admits everything from its own members and nothing else. @default none
   */
  readonly efa?: readonly Exclude<Segment, "clients">[];
}
