import type * as pulumi from "@pulumi/pulumi";
import type { Segment } from "@holdfast/core";

/** The segments inside the network, in the order of their address slots. `clients` are outside: declared networks, not subnets. */
export const placedSegments = [
  "gateway",
  "serving",
  "storage",
  "observability",
  "management",
] as const satisfies readonly Segment[];
export type PlacedSegment = (typeof placedSegments)[number];

/** A network outside the VPC from which clients may connect, for example an office or an application VPC behind a transit gateway. */
export interface ClientNetwork {
  /** Short name, unique in the network; part of rule names. Lower case letters, digits and hyphens. */
  readonly name: string;
  /** Private IPv4 range, for example `10.10.0.0/16`. The whole internet is refused. */
  readonly cidr: string;
}

/**
 * What other components need to know of a network to place hosts and balancers in it. `PrivateNetwork` is one;
 * `adoptNetwork` makes one from the ids of a VPC that exists already.
 */
export interface NetworkPlacement {
  readonly region: string;
  /** Zone ids, for example `euc1-az1`, in the order of `subnetIds`. */
  readonly zones: readonly string[];
  readonly cidr: string;
  readonly clients: readonly ClientNetwork[];
  readonly vpcId: pulumi.Output<string>;
  /** Private DNS namespace (AWS Cloud Map) in which engines register themselves. The name is known at plan time. */
  readonly namespace: {
    readonly id: pulumi.Output<string>;
    readonly arn: pulumi.Output<string>;
    readonly name: string;
  };
  /** One subnet per zone, in the order of `zones`. */
  subnetIds(segment: PlacedSegment): pulumi.Output<string>[];
  /** The zone's name in this account (`eu-central-1a`), in the order of `zones`: a few AWS resources take no zone id. */
  zoneNames(): pulumi.Output<string>[];
  securityGroupId(segment: PlacedSegment): pulumi.Output<string>;
  /**
   * The group that Elastic Fabric Adapters of a segment's hosts are members of: all traffic between its members. Nothing where no part
   * declared `efaNetworkNeeds` of the segment.
   */
  efaSecurityGroupId(segment: PlacedSegment): pulumi.Output<string> | undefined;
  /** The group of a private endpoint, for example `ssm`; nothing where the network has no such endpoint or it is a gateway endpoint. */
  endpointSecurityGroupId(service: string): pulumi.Output<string> | undefined;
  /**
   * What must exist before a host of the segment starts and must go after it: the rules and private endpoints on its way. Hosts
   * put this into `dependsOn`, so that a first boot finds its files and a last drain can still deregister.
   */
  readiness(segment: PlacedSegment): pulumi.Resource[];
}
