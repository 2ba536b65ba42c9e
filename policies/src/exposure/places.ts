import { kindOf, nothing, truth, type Facts, type Join } from "./facts";
import type { NetworkEndpoint } from "./network-endpoints";
import { subnetAddress } from "./public-addresses";
import type { RouteTables } from "./route-tables";
import type { SecurityGroups } from "./security-groups";
import { tokens } from "./tokens";

/** An endpoint without groups has the default group of its VPC. */
export function withDefaultGroup(endpoint: NetworkEndpoint, facts: Facts, tables: RouteTables): NetworkEndpoint {
  if (endpoint.groups.present || endpoint.unfiltered || endpoint.groups.unknown.length > 0) return endpoint;
  const vpcs = new Set(endpoint.subnets.resources.flatMap((subnet) => tables.vpcOf(subnet) ?? []));
  const resources = facts.of(tokens.defaultSecurityGroup).filter((group) => {
    const vpc = tables.vpcOf(group);
    return vpc !== undefined && vpcs.has(vpc);
  });
  return resources.length === 0 ? endpoint : { ...endpoint, groups: { ...nothing, resources, present: true } };
}

/** Groups that nothing in the program carries, and rules of groups that are not in it: whoever carries them gets what they say. */
export function looseGroups(hosts: readonly NetworkEndpoint[], facts: Facts, rules: SecurityGroups): NetworkEndpoint[] {
  const carried = new Set(hosts.flatMap(({ groups }) => groups.resources.map(({ urn }) => urn)));
  const loose = facts.of(tokens.securityGroup).filter(({ urn }) => !carried.has(urn));
  const orphans = rules.orphans.filter((rule) => truth(rule.inputs, "egress") !== true);
  return [...loose, ...orphans].map((resource) => ({
    resource,
    kind: kindOf(resource.type),
    subnets: nothing,
    groups: { ...nothing, resources: [resource], present: true },
    unfiltered: false,
    addresses: [{ state: "closed", hop: `nothing in this program carries ${facts.name(resource)}` }],
    subnetAddresses: "never",
    role: "host",
  }));
}

/** Subnets of `PrivateNetwork` are promised to be private, whether anything is in them or not. */
export function promisedSubnets(facts: Facts): NetworkEndpoint[] {
  const passages = new Set(
    [...facts.of(tokens.natGateway), ...facts.of(tokens.firewall)].flatMap((one) =>
      facts.joinAll(one, ["subnetId", "subnetMappings"], tokens.subnet).resources.map(({ urn }) => urn),
    ),
  );
  return facts
    .of(tokens.subnet)
    .filter((subnet) => !passages.has(subnet.urn) && facts.isBelow(subnet, tokens.privateNetwork))
    .map((subnet) => {
      const own: Join = { ...nothing, resources: [subnet], present: true };
      const addresses = [subnetAddress(subnet, facts)];
      return {
        resource: subnet,
        kind: "subnet",
        subnets: own,
        groups: nothing,
        unfiltered: true,
        addresses,
        subnetAddresses: "never",
        role: "place",
      };
    });
}
