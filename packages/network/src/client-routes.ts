import * as ec2 from "@pulumi/aws/ec2";
import * as transit from "@pulumi/aws/ec2transitgateway";
import type * as pulumi from "@pulumi/pulumi";
import type { AccessMatrix } from "./access-matrix";
import { placedSegments, type ClientNetwork, type PlacedSegment } from "./placement";

interface Routed {
  readonly vpcId: pulumi.Output<string>;
  readonly zones: readonly string[];
  readonly clients: readonly ClientNetwork[];
  readonly accessMatrix: AccessMatrix;
  subnetIds(segment: PlacedSegment): pulumi.Output<string>[];
  routeTableIds(segment: PlacedSegment): pulumi.Output<string>[];
}

/** Attaches the network to a transit gateway and routes the client networks' ranges there, for the segments they talk to. */
export function clientRoutes(
  parent: pulumi.Resource,
  name: string,
  network: Routed,
  transitGatewayId: pulumi.Input<string>,
  tags: Readonly<Record<string, string>>,
): void {
  const attachment = new transit.VpcAttachment(
    `${name}-client-attachment`,
    {
      vpcId: network.vpcId,
      transitGatewayId,
      subnetIds: network.subnetIds("gateway"),
      dnsSupport: "enable",
      tags: { ...tags, Name: `${name}-clients` },
    },
    { parent },
  );
  const met = (segment: PlacedSegment) =>
    network.accessMatrix.some(
      ({ from, to }) => (from === "clients" && to === segment) || (from === segment && to === "clients"),
    );
  for (const segment of placedSegments.filter(met)) {
    network.routeTableIds(segment).forEach((routeTableId, index) => {
      for (const client of network.clients) {
        new ec2.Route(
          `${name}-route-${segment}-${network.zones[index] ?? ""}-${client.name}`,
          { routeTableId, destinationCidrBlock: client.cidr, transitGatewayId },
          { parent, dependsOn: [attachment] },
        );
      }
    });
  }
}
