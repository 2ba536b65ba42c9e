import type { PlannedResource } from "../graph/planned-resource";
import type { PropertyMap } from "../graph/property-value";
import { common, isNone, noAddresses, parseCidr, unite, without, type AddressSet } from "./address-set";
import { notPublic, type Boundary } from "./boundary";
import type { ExposureAssumptions } from "./exposure-report";
import { isHidden, isSet, objects, text, texts, truth, type Facts } from "./facts";
import type { SecurityGroups } from "./security-groups";
import { tokens } from "./tokens";
import type { Way } from "./way-graph";

/** One lock between the outside and a subnet. */
export interface WayIn extends Omit<Way, "to"> {
  /** It carries private addresses too, so that nothing inside needs a public one. */
  readonly carriesPrivate?: boolean;
}

/** A connection of a VPC to some other network. */
type Connection = "internet" | "network";

/** Where a route leads, by the property that names the target. */
const targets: readonly {
  readonly key: string;
  readonly leads: "out" | "nowhere" | "appliance" | "hidden" | Connection;
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

interface RouteEntry {
  readonly holder: PlannedResource;
  readonly properties: PropertyMap;
  /** Path of the properties inside the holder. */
  readonly at: readonly (string | number)[];
  readonly destinations: readonly string[];
}

const destinationKeys = [
  "destinationCidrBlock",
  "cidrBlock",
  "destinationIpv6CidrBlock",
  "ipv6CidrBlock",
  "destinationPrefixListId",
];

/** Effective route tables, and what outsiders each of them lets in. Answers are kept per route table. */
export class Routes {
  readonly #explicit = new Map<string, PlannedResource[]>();
  readonly #main = new Map<string, PlannedResource>();
  readonly #entries = new Map<string, RouteEntry[]>();
  readonly #vpcOf = new Map<string, PlannedResource | undefined>();
  readonly #ways = new Map<string, readonly WayIn[]>();
  /** Connections of a VPC that no route of the program uses, as the locks they open. */
  readonly #unused = new Map<string, WayIn[]>();

  constructor(
    private readonly facts: Facts,
    private readonly boundary: Boundary,
    private readonly groups: SecurityGroups,
    private readonly assume: ExposureAssumptions,
  ) {
    this.#readAssociations();
    this.#readRoutes();
    this.#readUnusedConnections();
    this.#readClientVpn();
  }

  /** The VPC of a subnet, route table, group or access list; `undefined` when it is not in the program. */
  vpcOf(resource: PlannedResource): PlannedResource | undefined {
    if (!this.#vpcOf.has(resource.urn)) {
      const [vpc] = this.facts.join(resource, "vpcId", tokens.vpc).resources;
      this.#vpcOf.set(resource.urn, vpc);
    }
    return this.#vpcOf.get(resource.urn);
  }

  /** The locks between the outside and a subnet: one entry per open or unknown way, or one that says why there is none. */
  waysInto(subnet: PlannedResource): readonly WayIn[] {
    const vpc = this.vpcOf(subnet);
    if (tokens.defaultSubnet.some((type) => type === subnet.type))
      return [
        {
          state: "open",
          hop: `${this.facts.name(subnet)}: a default subnet, routed to the internet gateway of the default VPC`,
        },
      ];
    const tables = this.#tablesOf(subnet, vpc);
    const ways =
      tables.length === 0
        ? this.#waysWithoutTable(subnet, vpc)
        : tables.flatMap((table) => this.#waysOfTable(table, subnet, new Set()));
    const unused = vpc === undefined ? [] : (this.#unused.get(vpc.urn) ?? []);
    const vpn = this.#unused.get(subnet.urn) ?? [];
    const doors = [...ways, ...unused, ...vpn].filter(({ state }) => state !== "closed");
    return doors.length > 0 ? doors : ways;
  }

  #tablesOf(subnet: PlannedResource, vpc: PlannedResource | undefined): readonly PlannedResource[] {
    const explicit = this.#explicit.get(subnet.urn);
    if (explicit !== undefined) return explicit;
    const main = vpc === undefined ? undefined : this.#main.get(vpc.urn);
    return main === undefined ? [] : [main];
  }

  #waysWithoutTable(subnet: PlannedResource, vpc: PlannedResource | undefined): readonly WayIn[] {
    if (this.#explicit.has(subnet.urn))
      return [{ state: "unknown", hop: `the route table of ${this.facts.name(subnet)} is not in this program` }];
    if (vpc === undefined)
      return [
        {
          state: "unknown",
          hop: `the VPC of ${this.facts.name(subnet)} is not in this program, nor is its main route table`,
        },
      ];
    if (vpc.type === "aws:ec2/defaultVpc:DefaultVpc")
      return [
        {
          state: "open",
          hop: `main route table of ${this.facts.name(vpc)}: the default VPC is routed to its internet gateway`,
        },
      ];
    // Routes of a main table that the program addresses through the VPC itself.
    const entries = this.#entries.get(vpc.urn) ?? [];
    const doors = entries.flatMap((entry) => this.#wayOfEntry(entry, subnet, new Set()));
    if (doors.length > 0) return doors;
    return [
      {
        state: "closed",
        hop: `no route in the main route table of ${this.facts.name(vpc)} leads outside: it has the local route only`,
      },
    ];
  }

  #waysOfTable(table: PlannedResource, subnet: PlannedResource, followed: Set<string>): readonly WayIn[] {
    const blocked = this.#blockedBy(subnet);
    const key = `${table.urn}\n${blocked ?? ""}\n${[...followed].join("\n")}`;
    const known = this.#ways.get(key);
    if (known !== undefined) return known;
    const doors: WayIn[] = [];
    for (const entry of this.#entries.get(table.urn) ?? []) doors.push(...this.#wayOfEntry(entry, subnet, followed));
    if (isHidden(table.inputs, "propagatingVgws") || texts(table.inputs, "propagatingVgws").length > 0)
      doors.push({
        state: "unknown",
        hop: `routes that VPN gateways propagate into ${this.facts.name(table)} are not known`,
      });
    if (isHidden(table.inputs, "routes") && objects(table.inputs, "routes").length === 0)
      doors.push({ state: "unknown", hop: this.facts.unknownText(table, "routes") });
    const ways: readonly WayIn[] =
      doors.length > 0
        ? doors
        : [{ state: "closed", hop: `no route in ${this.facts.name(table)} leads to an outside network` }];
    this.#ways.set(key, ways);
    return ways;
  }

  /** The lock that one route opens; nothing when it opens none. */
  #wayOfEntry(entry: RouteEntry, subnet: PlannedResource, followed: Set<string>): readonly WayIn[] {
    const target = targets.find(({ key }) => isSet(entry.properties, key));
    if (target === undefined) return [];
    const { outside, unknown, words } = this.#destination(entry);
    if (isNone(outside) && unknown === undefined) return [];
    const name = `route ${words} of ${this.facts.name(entry.holder)}`;
    const verdictOf = (open: boolean, hop: string, carriesPrivate = false): readonly WayIn[] =>
      unknown !== undefined && isNone(outside)
        ? [{ state: "unknown", hop: `${unknown}; ${hop}`, carriesPrivate }]
        : [{ state: open ? "open" : "unknown", hop, carriesPrivate }];
    switch (target.leads) {
      case "nowhere":
        return [];
      case "internet":
        return verdictOf(true, `${target.words} through ${name}`);
      case "out":
        return this.#wayOfGateway(entry, subnet, outside, name, verdictOf);
      case "network":
        // Without declared clients, a network beyond a connection is one more private network, unless the route says otherwise.
        return verdictOf(
          this.boundary.declared,
          `${this.#named(entry, target.key, target.words)} to a network outside the program, through ${name}`,
          true,
        );
      case "appliance":
        return this.#wayOfAppliance(entry, subnet, name, followed);
      case "hidden":
        return [
          {
            state: "unknown",
            hop: `what the ${target.words} behind ${name} lets in cannot be seen`,
            carriesPrivate: true,
          },
        ];
    }
  }

  #wayOfGateway(
    entry: RouteEntry,
    subnet: PlannedResource,
    outside: AddressSet,
    name: string,
    verdictOf: (open: boolean, hop: string, carriesPrivate?: boolean) => readonly WayIn[],
  ): readonly WayIn[] {
    const literal = text(entry.properties, "gatewayId");
    if (literal === "local" || literal?.startsWith("vpce-") === true) return [];
    const gateways = this.facts.join(
      entry.holder,
      [...entry.at, "gatewayId"],
      [...tokens.internetGateway, ...tokens.vpnGateway],
    );
    const [gateway] = gateways.resources;
    const isVpn =
      gateway === undefined
        ? literal?.startsWith("vgw-") === true
        : tokens.vpnGateway.some((type) => type === gateway.type);
    const through = gateway === undefined ? (literal ?? "a gateway") : this.facts.name(gateway);
    if (isVpn)
      return verdictOf(
        this.boundary.declared,
        `${gateway === undefined ? `VPN gateway ${through}` : through} to a network outside the program, through ${name}`,
        true,
      );
    const isInternet = gateway !== undefined || literal?.startsWith("igw-") === true;
    if (!isInternet) return [{ state: "unknown", hop: `which gateway ${name} leads to is not known` }];
    // An internet gateway carries public addresses only.
    if (isNone(without(outside, notPublic)) && !isNone(outside)) return [];
    const blocked = this.#blockedBy(subnet);
    if (blocked !== undefined) return [];
    return verdictOf(true, `${gateway === undefined ? `internet gateway ${through}` : through} and ${name}`);
  }

  /** A firewall or gateway load balancer endpoint forwards: what its own subnet lets in, it lets in. */
  #wayOfAppliance(entry: RouteEntry, subnet: PlannedResource, name: string, followed: Set<string>): readonly WayIn[] {
    const appliances = this.facts.join(
      entry.holder,
      [...entry.at, "vpcEndpointId"],
      [...tokens.vpcEndpoint, ...tokens.firewall],
    );
    const [appliance] = appliances.resources;
    if (appliance === undefined)
      return [{ state: "unknown", hop: `what the endpoint behind ${name} lets in cannot be seen` }];
    if (followed.has(appliance.urn)) return [];
    const own = this.facts.joinAll(appliance, ["subnetIds", "subnetMappings"], tokens.subnet);
    if (own.resources.length === 0)
      return [{ state: "unknown", hop: `the subnets of ${this.facts.name(appliance)} are not in this program` }];
    const next = new Set([...followed, appliance.urn]);
    return own.resources
      .filter((one) => one.urn !== subnet.urn)
      .flatMap((one) => {
        const vpc = this.vpcOf(one);
        const tables = this.#tablesOf(one, vpc);
        const ways =
          tables.length === 0
            ? this.#waysWithoutTable(one, vpc)
            : tables.flatMap((table) => this.#waysOfTable(table, one, next));
        return ways
          .filter(({ state }) => state !== "closed")
          .map((way) => ({ ...way, hop: `${way.hop ?? ""}, then ${this.facts.name(appliance)} through ${name}` }));
      });
  }

  /** Which outsiders a route's destination makes it possible to answer. */
  #destination(entry: RouteEntry): { outside: AddressSet; unknown?: string; words: string } {
    const blocks: AddressSet[] = [];
    let unknown: string | undefined;
    for (const block of entry.destinations) {
      const addresses = parseCidr(block);
      if (addresses === undefined) unknown = `destination "${block}" is not a CIDR block`;
      else blocks.push(addresses);
    }
    for (const key of destinationKeys) {
      if (key !== "destinationPrefixListId" && isHidden(entry.properties, key)) {
        const joined = this.facts.join(entry.holder, [...entry.at, key], [...tokens.vpc, ...tokens.subnet]);
        // A destination that is the block of one of the program's own networks is inside.
        if (joined.resources.length === 0) unknown = this.facts.unknownText(entry.holder, key);
      }
    }
    if (isSet(entry.properties, "destinationPrefixListId")) {
      const lists = this.facts.join(entry.holder, [...entry.at, "destinationPrefixListId"], tokens.prefixList);
      for (const list of lists.resources) {
        const entries = this.groups.prefixList(list);
        blocks.push(entries.addresses);
        if (entries.unknown) unknown = `entries of ${this.facts.name(list)} are not known`;
      }
      for (const id of lists.outside) {
        const known = this.assume.prefixLists?.[id]?.flatMap((block) => parseCidr(block) ?? []);
        if (known === undefined) unknown = `prefix list ${id} is not in this program`;
        else blocks.push(...known);
      }
      unknown ??= lists.unknown[0];
    }
    const all = blocks.length === 0 ? noAddresses : unite(...blocks);
    const words = entry.destinations.length > 0 ? entry.destinations.join(", ") : "";
    return {
      outside: common(all, this.boundary.internet.addresses),
      words,
      ...(unknown === undefined ? {} : { unknown }),
    };
  }

  #named(entry: RouteEntry, key: string, words: string): string {
    const joined = this.facts.join(
      entry.holder,
      [...entry.at, key],
      [...tokens.peering, ...tokens.peeringAccepter, ...tokens.transitGateway],
    );
    const [resource] = joined.resources;
    return resource === undefined
      ? `${words} ${text(entry.properties, key) ?? "(not known yet)"}`
      : this.facts.name(resource);
  }

  /** Why an internet gateway carries nothing to a subnet although there is a route: VPC Block Public Access. */
  #blockedBy(subnet: PlannedResource): string | undefined {
    const [options] = this.facts.of(tokens.vpcBlockPublicAccess);
    const mode =
      options === undefined ? this.assume.vpcBlockPublicAccess : text(options.inputs, "internetGatewayBlockMode");
    if (mode !== "block-ingress" && mode !== "block-bidirectional") return undefined;
    const vpc = this.vpcOf(subnet);
    for (const exclusion of this.facts.of(tokens.vpcBlockPublicAccessExclusion)) {
      if (text(exclusion.inputs, "internetGatewayExclusionMode") === "allow-egress") continue;
      const subnets = this.facts.join(exclusion, "subnetId", tokens.subnet);
      const vpcs = this.facts.join(exclusion, "vpcId", tokens.vpc);
      const sees = (joined: typeof subnets): boolean => joined.unknown.length > 0 || joined.outside.length > 0;
      if (
        subnets.resources.includes(subnet) ||
        (vpc !== undefined && vpcs.resources.includes(vpc)) ||
        sees(subnets) ||
        sees(vpcs)
      )
        return undefined;
    }
    return options === undefined ? "assumed" : this.facts.name(options);
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
    }
    for (const propagation of this.facts.of(tokens.vpnGatewayRoutePropagation)) {
      const gateways = this.facts.join(propagation, "vpnGatewayId", tokens.vpnGateway);
      const destinations = this.#vpnDestinations(gateways.resources);
      for (const table of this.facts.join(propagation, "routeTableId", tokens.routeTable).resources) {
        const properties: PropertyMap =
          destinations === undefined
            ? { gatewayId: "vgw-", destinationCidrBlock: "0.0.0.0/0" }
            : { gatewayId: propagation.inputs.vpnGatewayId ?? "vgw-" };
        this.#addEntry(table.urn, { holder: propagation, properties, at: [] }, destinations ?? ["0.0.0.0/0"]);
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

  /** A connection that no route of the program uses has its routes elsewhere, or will have: the lock is open. */
  #readUnusedConnections(): void {
    const used = new Set<PlannedResource>();
    const wanted = [
      ...tokens.internetGateway,
      ...tokens.vpnGateway,
      ...tokens.peering,
      ...tokens.peeringAccepter,
      ...tokens.transitGateway,
    ];
    for (const entries of this.#entries.values()) {
      for (const { holder, at } of entries)
        for (const { key } of targets)
          for (const one of this.facts.join(holder, [...at, key], wanted).resources) used.add(one);
    }
    const add = (vpcs: readonly PlannedResource[], resource: PlannedResource, carriesPrivate = true): void => {
      for (const vpc of vpcs) {
        const list = this.#unused.get(vpc.urn) ?? [];
        list.push({
          state: this.boundary.declared ? "open" : "unknown",
          carriesPrivate,
          hop: `${this.facts.name(resource)}, attached to ${this.facts.name(vpc)}; no route of this program uses it, so its routes are made elsewhere`,
        });
        this.#unused.set(vpc.urn, list);
      }
    };
    const blockedWhole =
      this.assume.vpcBlockPublicAccess !== undefined || this.facts.of(tokens.vpcBlockPublicAccess).length > 0;
    for (const gateway of this.facts.of(tokens.internetGateway)) {
      if (used.has(gateway) || blockedWhole) continue;
      const attached = this.facts
        .of(tokens.internetGatewayAttachment)
        .filter((one) => this.facts.join(one, "internetGatewayId", tokens.internetGateway).resources.includes(gateway))
        .flatMap((one) => this.facts.join(one, "vpcId", tokens.vpc).resources);
      add([...this.facts.join(gateway, "vpcId", tokens.vpc).resources, ...attached], gateway, false);
    }
    for (const peering of [...this.facts.of(tokens.peering), ...this.facts.of(tokens.peeringAccepter)]) {
      if (used.has(peering)) continue;
      const own = this.facts.joinAll(peering, ["vpcId", "peerVpcId", "vpcPeeringConnectionId"], tokens.vpc);
      // Between two VPCs of the program nothing new comes in.
      const inside = own.resources.length > 1 && own.outside.length === 0;
      if (!inside) add(own.resources, peering);
    }
    for (const attachment of [
      ...this.facts.of(tokens.transitAttachment),
      ...this.facts.of(tokens.coreNetworkAttachment),
    ]) {
      const vpcs = this.facts.joinAll(attachment, ["vpcId", "vpcArn"], tokens.vpc).resources;
      const key = isSet(attachment.inputs, "coreNetworkId") ? "coreNetworkArn" : "transitGatewayId";
      const gateway = this.facts.join(attachment, "transitGatewayId", tokens.transitGateway);
      const routed =
        gateway.resources.some((one) => used.has(one)) ||
        (gateway.resources.length === 0 && this.#routesOver(key, gateway.outside));
      if (!routed) add(vpcs, attachment);
    }
    for (const gateway of this.facts.of(tokens.vpnGateway)) {
      if (used.has(gateway)) continue;
      const propagated = this.facts
        .of(tokens.vpnGatewayRoutePropagation)
        .some((one) => this.facts.join(one, "vpnGatewayId", tokens.vpnGateway).resources.includes(gateway));
      const attached = this.facts
        .of(tokens.vpnGatewayAttachment)
        .filter((one) => this.facts.join(one, "vpnGatewayId", tokens.vpnGateway).resources.includes(gateway))
        .flatMap((one) => this.facts.join(one, "vpcId", tokens.vpc).resources);
      if (!propagated) add([...this.facts.join(gateway, "vpcId", tokens.vpc).resources, ...attached], gateway);
    }
  }

  /** Whether some route leads over one of these, or over one whose identifier is as unknown as theirs may be. */
  #routesOver(key: string, ids: readonly string[]): boolean {
    return [...this.#entries.values()].some((entries) =>
      entries.some(
        ({ properties }) =>
          isSet(properties, key) &&
          (ids.length === 0 || isHidden(properties, key) || ids.includes(text(properties, key) ?? "")),
      ),
    );
  }

  /** A client VPN lets people on the internet into the subnets it is associated with. */
  #readClientVpn(): void {
    for (const association of this.facts.of(tokens.clientVpnAssociation)) {
      const endpoints = this.facts.join(association, "clientVpnEndpointId", tokens.clientVpn);
      const blocks = endpoints.resources.flatMap(
        (endpoint) => parseCidr(text(endpoint.inputs, "clientCidrBlock") ?? "") ?? [],
      );
      const declaredAll = blocks.length > 0 && isNone(without(unite(...blocks), this.boundary.home));
      if (declaredAll) continue;
      const [endpoint] = endpoints.resources;
      for (const subnet of this.facts.join(association, "subnetId", tokens.subnet).resources) {
        const list = this.#unused.get(subnet.urn) ?? [];
        list.push({
          state: "open",
          carriesPrivate: true,
          hop: `${this.facts.name(endpoint ?? association)} associated by ${this.facts.name(association)}`,
        });
        this.#unused.set(subnet.urn, list);
      }
    }
  }
}
