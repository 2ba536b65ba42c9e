import * as ec2 from "@pulumi/aws/ec2";
import type * as pulumi from "@pulumi/pulumi";
import { networkAclEntries } from "./network-acl-rules";
import type { NetworkIntent } from "./network-intent";
import { placedSegments, type ClientNetwork, type PlacedSegment } from "./placement";

/** A segment's subnets and route tables, in the order of the network's zones. */
export interface SegmentSubnets {
  readonly subnets: readonly ec2.Subnet[];
  readonly routeTables: readonly ec2.RouteTable[];
}

interface Addressed {
  readonly vpcId: pulumi.Output<string>;
  readonly cidr: string;
  readonly clients: readonly ClientNetwork[];
}

/** A subnet and a route table for each segment and zone, and a network ACL for each segment. No table has a route of its own. */
export function segmentSubnets(
  parent: pulumi.Resource,
  name: string,
  network: Addressed,
  intent: NetworkIntent,
  tags: Readonly<Record<string, string>>,
): ReadonlyMap<PlacedSegment, SegmentSubnets> {
  const { vpcId, cidr, clients } = network;
  const named = (role: string) => ({ ...tags, Name: `${name}-${role}` });

  const place = (segment: PlacedSegment, zone: string, cidrBlock: string) => {
    const at = `${segment}-${zone}`;
    const subnet = new ec2.Subnet(
      `${name}-subnet-${at}`,
      {
        vpcId,
        availabilityZoneId: zone,
        cidrBlock,
        mapPublicIpOnLaunch: false,
        tags: { ...named(at), "holdfast:segment": segment },
      },
      { parent },
    );
    const routeTable = new ec2.RouteTable(`${name}-routes-${at}`, { vpcId, tags: named(at) }, { parent });
    new ec2.RouteTableAssociation(
      `${name}-routes-${at}-association`,
      { subnetId: subnet.id, routeTableId: routeTable.id },
      { parent },
    );
    return { subnet, routeTable };
  };

  return new Map(
    placedSegments.map((segment) => {
      const placed = intent.subnets
        .filter((planned) => planned.segment === segment)
        .map((planned) => place(segment, planned.zone, planned.cidr));
      const subnets = placed.map(({ subnet }) => subnet);
      const { ingress, egress } = networkAclEntries(segment, intent.matrix, cidr, clients);
      new ec2.NetworkAcl(
        `${name}-acl-${segment}`,
        {
          vpcId,
          subnetIds: subnets.map((subnet) => subnet.id),
          ingress: [...ingress],
          egress: [...egress],
          tags: named(segment),
        },
        { parent },
      );
      return [segment, { subnets, routeTables: placed.map(({ routeTable }) => routeTable) }] as const;
    }),
  );
}
