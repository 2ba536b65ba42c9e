import type { PlannedResource } from "../graph/planned-resource";
import { common, isNone, noAddresses, parseCidr, unite, without, type AddressSet } from "../addresses/address-set";
import { notPublic, type Boundary } from "./boundary";
import { Connections } from "./connections";
import type { ExposureAssumptions } from "./exposure-report";
import { isHidden, isSet, objects, text, texts, type Facts } from "./facts";
import { destinationKeys, routeTargets, type RouteEntry, type RouteTables } from "./route-tables";
import type { PrefixLists } from "./prefix-lists";
import { tokens } from "./tokens";
import type { Way } from "./way-graph";

/** One lock between the outside and a subnet. */
export interface WayIn extends Omit<Way, "to"> {
  /** It carries private addresses too, so that nothing inside needs a public one. */
  readonly carriesPrivate?: boolean;
}

/** Effective route tables, and what outsiders each of them lets in. Answers are kept per route table. */
export class Routes {
  readonly #ways = new Map<string, readonly WayIn[]>();
  readonly #connections: Connections;

  constructor(
    private readonly facts: Facts,
    private readonly boundary: Boundary,
    private readonly prefixLists: PrefixLists,
    private readonly tables: RouteTables,
    private readonly assume: ExposureAssumptions,
    eachLock: boolean,
  ) {
    this.#connections = new Connections(facts, boundary, tables, assume, eachLock);
  }

  /** The locks between the outside and a subnet: one entry per open or unknown way, or one that says why there is none. */
  waysInto(subnet: PlannedResource): readonly WayIn[] {
    if (tokens.defaultSubnet.some((type) => type === subnet.type))
      return [
        {
          state: "open",
          hop: `${this.facts.name(subnet)}: a default subnet, routed to the internet gateway of the default VPC`,
        },
      ];
    const ways = this.#waysByRoutes(subnet, new Set());
    const connected = [...this.#connections.into(this.tables.vpcOf(subnet)), ...this.#connections.into(subnet)];
    const unplaced = this.tables.unplacedEntries
      .flatMap((entry) => this.#wayOfEntry(entry, subnet, new Set()))
      .map((way): WayIn => ({
        ...way,
        state: "unknown",
        hop: `in which route table it is cannot be told: ${way.hop ?? ""}`,
      }));
    const doors = [...ways, ...connected, ...unplaced].filter(({ state }) => state !== "closed");
    return doors.length > 0 ? doors : ways;
  }

  #waysByRoutes(subnet: PlannedResource, followed: Set<string>): readonly WayIn[] {
    const tables = this.tables.tablesOf(subnet);
    return tables.length === 0
      ? this.#waysWithoutTable(subnet)
      : tables.flatMap((table) => this.#waysOfTable(table, subnet, followed));
  }

  #waysWithoutTable(subnet: PlannedResource): readonly WayIn[] {
    const vpc = this.tables.vpcOf(subnet);
    if (this.tables.isAssociated(subnet))
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
    const entries = this.tables.entries(vpc);
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
    for (const entry of this.tables.entries(table)) doors.push(...this.#wayOfEntry(entry, subnet, followed));
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
    const target = routeTargets.find(({ key }) => isSet(entry.properties, key));
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
    const gateways = this.facts.join(entry.holder, entry.gatewayAt ?? [...entry.at, "gatewayId"], [
      ...tokens.internetGateway,
      ...tokens.vpnGateway,
    ]);
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
        return this.#waysByRoutes(one, next)
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
        const entries = this.prefixLists.entries(list);
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
    const vpc = this.tables.vpcOf(subnet);
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
}
