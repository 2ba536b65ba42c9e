import { isNone, validCidrs } from "../../addresses/address-set";
import { routable } from "../../addresses/internet";
import type { PlannedResource } from "../../graph/planned-resource";
import type { ResourceGraph } from "../../graph/resource-graph";
import { families, union } from "../../rule/families";
import { fail, undetermined } from "../../rule/outcome";
import { graphRule } from "../../rule/rule";
import { Value } from "../../rule/value";

export const llmNet008 = graphRule({
  id: "LLM-NET-008",
  title: "Subnets that hold hosts have no route to an internet gateway",
  word: "MUST",
  source: ["POL-R03"],
  looksAt:
    "the subnets of instances and auto scaling groups, the route table in effect for each, and its inline and split routes",
  remedy: "remove the route, or move the hosts to subnets whose route table reaches AWS services by private endpoint",
  controls: "exposure",
  anchors: ["CKV2_AWS_35", "CKV2_AWS_44"],
  doc: "A subnet without an association uses the main table of its VPC, so a missing association is followed there. Tables are joined by the engine's own dependency record while ids are unknown. A VPC whose main table the program does not take over has AWS's own one, which holds no such route.",
  types: families.subnet,
  applies: ({ resource, shared }) => shared(subnetsWithHosts).has(resource),
  *check({ resource, shared }) {
    const { tables, open } = shared(tablesBySubnet)(resource);
    for (const { table, route, value, verdict } of tables.flatMap(
      (table) =>
        shared(internetRoutes)
          .get(table)
          ?.map((found) => ({ table, ...found })) ?? [],
    )) {
      const where = route === table ? "" : ` in route ${route.name}`;
      if (verdict === "fail")
        yield fail(
          "routeTable",
          `its route table ${table.name} leads ${value.text ?? "public addresses"} to an internet gateway${where}`,
        );
      else
        yield undetermined(
          "routeTable",
          `where its route table ${table.name} leads ${value.text ?? "traffic"} is known only after deployment${where}`,
        );
    }
    if (open)
      yield undetermined(
        "routeTable",
        "its route table association is known only after deployment, so its routes cannot be told",
      );
  },
});

function subnetsWithHosts(graph: ResourceGraph): ReadonlySet<PlannedResource> {
  const found = new Set<PlannedResource>();
  const add = (resource: PlannedResource, path: string) => {
    for (const subnet of graph.references(resource, path, families.subnet).resources) found.add(subnet);
  };
  for (const host of graph.ofType(families.instance)) add(host, "subnetId");
  for (const group of graph.ofType(families.autoScalingGroup)) add(group, "vpcZoneIdentifiers");
  for (const group of graph.ofType("aws:eks/nodeGroup:NodeGroup")) add(group, "subnetIds");
  return found;
}

/** Finds the route table in effect for a subnet: the associated one, else the main one of its VPC. */
function tablesBySubnet(
  graph: ResourceGraph,
): (subnet: PlannedResource) => { tables: readonly PlannedResource[]; open: boolean } {
  const associated = new Map<PlannedResource, PlannedResource[]>();
  const unresolved = new Set<PlannedResource>();
  for (const association of graph.ofType(families.routeTableAssociation)) {
    const { resources, complete } = graph.references(association, "routeTableId", families.routeTable);
    for (const subnet of graph.references(association, "subnetId", families.subnet).resources) {
      associated.set(subnet, [...(associated.get(subnet) ?? []), ...resources]);
      if (!complete) unresolved.add(subnet);
    }
  }
  const main = new Map<PlannedResource, PlannedResource[]>();
  for (const association of graph.ofType(families.mainRouteTableAssociation)) {
    const tables = graph.references(association, "routeTableId", families.routeTable).resources;
    for (const vpc of graph.references(association, "vpcId", families.vpc).resources) main.set(vpc, [...tables]);
  }
  for (const table of graph.ofType("aws:ec2/defaultRouteTable:DefaultRouteTable")) {
    for (const vpc of graph.references(table, "defaultRouteTableId", families.vpc).resources)
      if (!main.has(vpc)) main.set(vpc, [table]);
  }
  return (subnet) => {
    const own = associated.get(subnet);
    if (own !== undefined) return { tables: own, open: unresolved.has(subnet) };
    return {
      tables: graph.references(subnet, "vpcId", families.vpc).resources.flatMap((vpc) => main.get(vpc) ?? []),
      open: false,
    };
  };
}

interface FoundRoute {
  readonly route: PlannedResource;
  readonly value: Value;
  readonly verdict: "fail" | "undetermined";
}

/** For each route table, the routes that lead public addresses to an internet gateway, or may do so. */
function internetRoutes(graph: ResourceGraph): ReadonlyMap<PlannedResource, readonly FoundRoute[]> {
  const index = new Map<PlannedResource, FoundRoute[]>();
  const consider = (table: PlannedResource, route: PlannedResource, value: Value, gatewayPath: string) => {
    const destination = value.either("destinationCidrBlock", "cidrBlock", "destinationIpv6CidrBlock", "ipv6CidrBlock");
    const gateway = value.at("gatewayId");
    if (gateway.absent || (destination.text !== undefined && isNone(routable(validCidrs([destination.text]))))) return;
    const { resources, complete } = graph.references(route, gatewayPath, families.internetGateway);
    const named = gateway.text?.startsWith("igw-") === true || resources.length > 0;
    if (named)
      index.set(table, [
        ...(index.get(table) ?? []),
        { route, value: destination, verdict: destination.unknown ? "undetermined" : "fail" },
      ]);
    else if (gateway.unknown && !complete && !otherGateway(graph, route, gatewayPath))
      index.set(table, [...(index.get(table) ?? []), { route, value: destination, verdict: "undetermined" }]);
  };
  for (const table of graph.ofType(families.routeTable)) {
    for (const item of Value.inputsOf(table).at("routes").items())
      consider(table, table, item, `${item.path}.gatewayId`);
  }
  for (const route of graph.ofType(families.route)) {
    for (const table of graph.references(route, "routeTableId", union(families.routeTable)).resources)
      consider(table, route, Value.inputsOf(route), "gatewayId");
  }
  return index;
}

/** Whether the gateway, although its id is unknown, is one that does not lead to the internet: a virtual private gateway, an endpoint. */
function otherGateway(graph: ResourceGraph, route: PlannedResource, path: string): boolean {
  return graph.references(route, path).resources.length > 0;
}
