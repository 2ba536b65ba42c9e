import type { PlannedResource } from "../graph/planned-resource";
import type { PropertyMap } from "../graph/property-value";
import { parseCidr } from "../addresses/address-set";
import { isHidden, objects, text, truth, type Facts } from "./facts";
import { tokens } from "./tokens";

/** Where a route leads, by the property that names the target. */
export const routeTargets: readonly {
  readonly key: string;
  readonly leads: "out" | "nowhere" | "appliance" | "hidden" | "internet" | "network";
  readonly words: string;
}[] = [
  { key: "natGatewayId", leads: "nowhere", words: "NAT gateway" },
  { key: "egressOnlyGatewayId", leads: "nowhere", words: "egress-only internet gateway" },
  { key: "gatewayId", leads: "out", words: "gateway" },
  { key: "carrierGatewayId", leads: "internet", words: "carrier gateway" },
  { key: "vpcPeeringConnectionId", leads: "network", words: "VPC peering connection" },
  { key: "transitGatewayId", leads: "network", words: "transit gateway" },
  { key: "coreNetworkArn", leads: "network", words: "core network" },
  { key: "localGatewayId", leads: "network", words: "local gateway" },
  { key: "odbNetworkArn", leads: "network", words: "database network" },
  { key: "vpcEndpointId", leads: "appliance", words: "firewall endpoint" },
  { key: "networkInterfaceId", leads: "hidden", words: "network interface" },
  { key: "instanceId", leads: "hidden", words: "instance" },
];

/** One route of one table. */
export interface RouteEntry {
  readonly holder: PlannedResource;
  readonly properties: PropertyMap;
  /** Path of the properties inside the holder. */
  readonly at: readonly (string | number)[];
  readonly destinations: readonly string[];
  /** Where the holder names the gateway, when not in the usual place. */
  readonly gatewayAt?: string;
}

export const destinationKeys = [
  "destinationCidrBlock",
  "cidrBlock",
  "destinationIpv6CidrBlock",
  "ipv6CidrBlock",
  "destinationPrefixListId",
];

/** Stands for the table of a route that cannot be told. */
const unplaced = "";

/** Route tables as they are in effect: which one each subnet uses, and every route in it, inline, split and propagated. */
export class RouteTables {
  readonly #explicit = new Map<string, PlannedResource[]>();
  readonly #main = new Map<string, PlannedResource>();
  readonly #entries = new Map<string, RouteEntry[]>();
  readonly #vpcOf = new Map<string, PlannedResource | undefined>();

  constructor(private readonly facts: Facts) {
    this.#readAssociations();
    this.#readRoutes();
  }

  /** The VPC of a subnet, route table, group or access list; `undefined` when it is not in the program. */
  vpcOf(resource: PlannedResource): PlannedResource | undefined {
    if (!this.#vpcOf.has(resource.urn)) {
      const [vpc] = this.facts.join(resource, "vpcId", tokens.vpc).resources;
      this.#vpcOf.set(resource.urn, vpc);
    }
    return this.#vpcOf.get(resource.urn);
  }

  /** The tables of a subnet; none where it uses the main table and that is no resource of the program. */
  tablesOf(subnet: PlannedResource): readonly PlannedResource[] {
    const explicit = this.#explicit.get(subnet.urn);
    if (explicit !== undefined) return explicit;
    const vpc = this.vpcOf(subnet);
    const main = vpc === undefined ? undefined : this.#main.get(vpc.urn);
    return main === undefined ? [] : [main];
  }

  /** Whether the program gives a subnet a table of its own, known or not. */
  isAssociated(subnet: PlannedResource): boolean {
    return this.#explicit.has(subnet.urn);
  }

  /** The routes of a table. A VPC stands for its main table. */
  entries(table: PlannedResource): readonly RouteEntry[] {
    return this.#entries.get(table.urn) ?? [];
  }

  /** Routes of which it cannot be told in which table they are. */
  get unplacedEntries(): readonly RouteEntry[] {
    return this.#entries.get(unplaced) ?? [];
  }

  get allEntries(): readonly RouteEntry[] {
    return [...this.#entries.values()].flat();
  }

  #readAssociations(): void {
    for (const association of this.facts.of(tokens.routeTableAssociation)) {
      const tables = this.facts.join(association, "routeTableId", tokens.routeTable).resources;
      for (const subnet of this.facts.join(association, "subnetId", tokens.subnet).resources)
        this.#explicit.set(subnet.urn, [...(this.#explicit.get(subnet.urn) ?? []), ...tables]);
    }
    for (const table of this.facts.of(tokens.defaultRouteTable)) {
      const named = this.facts.join(table, "defaultRouteTableId", tokens.vpc).resources;
      for (const vpc of named.length > 0 ? named : this.facts.join(table, "vpcId", tokens.vpc).resources)
        this.#main.set(vpc.urn, table);
    }
    for (const association of this.facts.of(tokens.mainRouteTableAssociation)) {
      const [table] = this.facts.join(association, "routeTableId", tokens.routeTable).resources;
      for (const vpc of this.facts.join(association, "vpcId", tokens.vpc).resources)
        if (table !== undefined) this.#main.set(vpc.urn, table);
    }
  }

  #readRoutes(): void {
    for (const table of this.facts.of(tokens.routeTable)) {
      objects(table.inputs, "routes").forEach((properties, index) => {
        this.#addEntry(table.urn, { holder: table, properties, at: ["routes", index] });
      });
    }
    for (const route of this.facts.of(tokens.route)) {
      const entry = { holder: route, properties: route.inputs, at: [] };
      const tables = this.facts.join(route, "routeTableId", [...tokens.routeTable, ...tokens.vpc]);
      for (const table of tables.resources) {
        // A route addressed through the VPC is in the main table, whichever resource that is.
        const main = tokens.vpc.some((type) => type === table.type) ? this.#main.get(table.urn) : undefined;
        this.#addEntry((main ?? table).urn, entry);
      }
      // Which table it is in cannot be told: it may be any.
      if (tables.resources.length === 0 && tables.unknown.length > 0) this.#addEntry(unplaced, entry);
    }
    for (const propagation of this.facts.of(tokens.vpnGatewayRoutePropagation)) {
      const gateways = this.facts.join(propagation, "vpnGatewayId", tokens.vpnGateway);
      const destinations = this.#vpnDestinations(gateways.resources);
      for (const table of this.facts.join(propagation, "routeTableId", tokens.routeTable).resources) {
        const properties: PropertyMap =
          destinations === undefined
            ? { gatewayId: "vgw-", destinationCidrBlock: "0.0.0.0/0" }
            : { gatewayId: propagation.inputs.vpnGatewayId ?? "vgw-" };
        this.#addEntry(
          table.urn,
          { holder: propagation, properties, at: [], gatewayAt: "vpnGatewayId" },
          destinations ?? ["0.0.0.0/0"],
        );
      }
    }
  }

  /** Destinations of static VPN routes; `undefined` when routes are learned, so can be any. */
  #vpnDestinations(gateways: readonly PlannedResource[]): readonly string[] | undefined {
    const destinations: string[] = [];
    for (const connection of this.facts.of(tokens.vpnConnection)) {
      if (
        !this.facts.join(connection, "vpnGatewayId", tokens.vpnGateway).resources.some((one) => gateways.includes(one))
      )
        continue;
      if (truth(connection.inputs, "staticRoutesOnly") !== true) return undefined;
      for (const route of this.facts.of(tokens.vpnConnectionRoute)) {
        if (!this.facts.join(route, "vpnConnectionId", tokens.vpnConnection).resources.includes(connection)) continue;
        const block = text(route.inputs, "destinationCidrBlock");
        if (block === undefined) return undefined;
        destinations.push(block);
      }
    }
    return destinations.length === 0 ? undefined : destinations;
  }

  #addEntry(table: string, entry: Omit<RouteEntry, "destinations">, destinations?: readonly string[]): void {
    const blocks =
      destinations ??
      destinationKeys
        .filter((key) => key !== "destinationPrefixListId")
        .flatMap((key) => text(entry.properties, key) ?? []);
    const hidden = blocks.filter(
      (block) => parseCidr(block) !== undefined || !isHidden(entry.properties, "destinationCidrBlock"),
    );
    const list = this.#entries.get(table);
    const full = { ...entry, destinations: hidden };
    if (list === undefined) this.#entries.set(table, [full]);
    else list.push(full);
  }
}
