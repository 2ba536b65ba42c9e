import { inputProblems, type Problem } from "@holdfast/core";
import * as pulumi from "@pulumi/pulumi";
import { placedSegments, type ClientNetwork, type NetworkPlacement, type PlacedSegment } from "./placement";

/** The ids of a network that exists already. Its rules are its owner's: our components add none to it. */
export interface AdoptNetworkArgs {
  readonly region: string;
  readonly cidr: string;
  /** Zone ids, in the order of every list of subnets. */
  readonly zones: readonly string[];
  /** Names of the zones in this account (`eu-central-1a`), in the order of `zones`. @default none; needed only by hosts with a data volume */
  readonly zoneNames?: readonly pulumi.Input<string>[];
  readonly vpcId: pulumi.Input<string>;
  /** One subnet per zone for each segment that will hold hosts or endpoints. */
  readonly subnetIds: Readonly<Partial<Record<PlacedSegment, readonly pulumi.Input<string>[]>>>;
  readonly securityGroupIds: Readonly<Partial<Record<PlacedSegment, pulumi.Input<string>>>>;
  /** Groups for Elastic Fabric Adapters: each admits all traffic to and from itself, by reference to itself. @default none */
  readonly efaSecurityGroupIds?: Readonly<Partial<Record<PlacedSegment, pulumi.Input<string>>>>;
  /** Groups of the private endpoints, by service (`ssm`). @default none */
  readonly endpointSecurityGroupIds?: Readonly<Record<string, pulumi.Input<string>>>;
  /** A Cloud Map private DNS namespace of this VPC. */
  readonly namespace: { readonly id: pulumi.Input<string>; readonly arn: pulumi.Input<string>; readonly name: string };
  /** @default none */
  readonly clients?: readonly ClientNetwork[];
  /** What hosts must wait for, for example the private endpoints if the same program makes them. @default nothing */
  readonly readiness?: readonly pulumi.Resource[];
}

/** Makes an existing VPC a place for our components. It creates nothing. */
export function adoptNetwork(args: AdoptNetworkArgs): NetworkPlacement {
  const problems: Problem[] = [];
  if (args.zones.length === 0) problems.push({ path: "zones", reason: "must have at least 1 entry, got a list of 0" });
  for (const segment of placedSegments) {
    const subnets = args.subnetIds[segment];
    if (subnets && subnets.length !== args.zones.length) {
      problems.push({
        path: `subnetIds.${segment}`,
        reason: `must have one subnet per zone (${args.zones.length}), got ${subnets.length}`,
      });
    }
  }
  if (args.zoneNames && args.zoneNames.length !== args.zones.length) {
    problems.push({
      path: "zoneNames",
      reason: `must have one name per zone (${args.zones.length}), got ${args.zoneNames.length}`,
    });
  }
  if (problems.length > 0) throw inputProblems("adoptNetwork", problems);

  const given = <T>(value: T | undefined, what: string): T => {
    if (value === undefined)
      throw inputProblems("adoptNetwork", [
        { path: what, reason: "missing, and a component placed in this network needs it; add it" },
      ]);
    return value;
  };
  return {
    region: args.region,
    cidr: args.cidr,
    zones: args.zones,
    clients: args.clients ?? [],
    vpcId: pulumi.output(args.vpcId),
    namespace: {
      id: pulumi.output(args.namespace.id),
      arn: pulumi.output(args.namespace.arn),
      name: args.namespace.name,
    },
    subnetIds: (segment) => given(args.subnetIds[segment], `subnetIds.${segment}`).map((id) => pulumi.output(id)),
    zoneNames: () => given(args.zoneNames, "zoneNames").map((zone) => pulumi.output(zone)),
    securityGroupId: (segment) => pulumi.output(given(args.securityGroupIds[segment], `securityGroupIds.${segment}`)),
    efaSecurityGroupId: (segment) => {
      const id = args.efaSecurityGroupIds?.[segment];
      return id === undefined ? undefined : pulumi.output(id);
    },
    endpointSecurityGroupId: (service) => {
      const id = args.endpointSecurityGroupIds?.[service];
      return id === undefined ? undefined : pulumi.output(id);
    },
    readiness: () => [...(args.readiness ?? [])],
  };
}
