import type { PlannedResource } from "../graph/planned-resource";
import type { ResourceGraph } from "../graph/resource-graph";
import { formatAddresses, parseCidr, unite, type AddressSet } from "./address-set";
import { boundaryOf, type Boundary, type Source } from "./boundary";
import { bucketEndpoints } from "./bucket-doors";
import { ClientPermissions } from "./client-permissions";
import { containerEndpoints } from "./container-doors";
import type {
  ApprovedEdge,
  ExposedEndpoint,
  ExposureOptions,
  ExposureReport,
  ExposureVerdict,
} from "./exposure-report";
import { Facts, kindOf, nothing, text, truth, type Join } from "./facts";
import { frontDoors, type FrontDoor } from "./front-doors";
import { LoadBalancers, type Forwarding } from "./load-balancers";
import { NetworkAcls } from "./network-acls";
import { NetworkEndpoints, subnetAddress, type Lock, type NetworkEndpoint } from "./network-endpoints";
import { RouteTables } from "./route-tables";
import { Routes } from "./routes";
import { SecurityGroups } from "./security-groups";
import { serviceEndpoints, type ServiceEndpoint } from "./service-doors";
import { tokens } from "./tokens";
import { commonTraffic, formatTraffic, isNoTraffic } from "./traffic";
import { WayGraph, type Witness } from "./way-graph";

/**
 * Proves that nothing of a program can be reached from outside, or shows how it can.
 *
 * Ways are searched from the internet and from every declared client network to every endpoint. With the default strength
 * each lock must hold by itself: a rule that admits the world is a way in even where no route leads there yet.
 */
export function proveExposure(graph: ResourceGraph, options: ExposureOptions = {}): ExposureReport {
  return new Proof(new Facts(graph), options).report();
}

interface Verdict {
  readonly verdict: ExposureVerdict;
  readonly from: string;
  readonly witness?: Witness;
}

/** Kinds of which there are many and which nobody connects to: listed only when they are a door. */
const quiet: ReadonlySet<string> = new Set([
  "role",
  "function layer",
  "image",
  "resource share",
  "document",
  "table",
  "event bus",
  "client VPN",
  "instance connect endpoint",
]);

class Proof {
  readonly #boundary: Boundary;
  readonly #groups: SecurityGroups;
  readonly #eachLock: boolean;
  readonly #tables: RouteTables;
  readonly #routes: Routes;
  readonly #acls: NetworkAcls;
  readonly #balancers: LoadBalancers;
  readonly #permissions: ClientPermissions;
  readonly #network: readonly NetworkEndpoint[];
  readonly #networkByUrn: ReadonlyMap<string, NetworkEndpoint>;
  readonly #services: readonly ServiceEndpoint[];
  readonly #serviceUrns: ReadonlySet<string>;
  readonly #doors: readonly FrontDoor[];
  readonly #approved: readonly { readonly matches: RegExp; readonly edge: ApprovedEdge }[];

  constructor(
    private readonly facts: Facts,
    private readonly options: ExposureOptions,
  ) {
    const assume = options.assume ?? {};
    this.#boundary = boundaryOf(facts, options);
    const outsiders = this.#boundary.internet.addresses;
    this.#groups = new SecurityGroups(facts, assume);
    this.#tables = new RouteTables(facts);
    this.#eachLock = (options.strength ?? "each-lock") === "each-lock";
    this.#routes = new Routes(facts, this.#boundary, this.#groups, this.#tables, assume, this.#eachLock);
    this.#acls = new NetworkAcls(facts);
    this.#balancers = new LoadBalancers(facts);
    this.#permissions = new ClientPermissions(facts, options.clientFlows);
    const hosts = new NetworkEndpoints(facts).all.map((endpoint) => this.#withDefaultGroup(endpoint));
    this.#network = [...hosts, ...this.#looseGroups(hosts), ...this.#promisedSubnets()];
    this.#services = [
      ...bucketEndpoints(facts, outsiders, assume.accountPublicAccessBlock === true),
      ...serviceEndpoints(facts, outsiders),
      ...containerEndpoints(facts, outsiders, assume),
    ];
    this.#networkByUrn = new Map(this.#network.map((endpoint) => [endpoint.resource.urn, endpoint]));
    this.#serviceUrns = new Set(this.#services.map(({ resource }) => resource.urn));
    this.#doors = frontDoors(facts, this.#balancers);
    this.#approved = (options.approved ?? []).map((edge) => ({ matches: globbed(edge.endpoint), edge }));
  }

  report(): ExposureReport {
    const internet = this.#fromInternet();
    const clients = this.#boundary.clients.map((client) => ({ client, ways: this.#fromClient(client) }));
    const strength = this.options.strength ?? "each-lock";
    const searches = [
      { from: "internet", open: internet.search("open", strength), unknown: internet.search("unknown", strength) },
      ...clients.map(({ client, ways }) => ({
        from: client.name,
        open: ways.search("open", strength),
        unknown: ways.search("unknown", strength),
      })),
    ];
    const verdictOf = (urn: string): Verdict => {
      for (const { from, open } of searches) {
        const witness = open.get(urn);
        if (witness !== undefined) return { verdict: "exposed", from, witness };
      }
      for (const { from, unknown } of searches) {
        const witness = unknown.get(urn);
        if (witness !== undefined) return { verdict: "undetermined", from, witness };
      }
      return { verdict: "none", from: "internet" };
    };
    const used = new Set<string>();
    const row = (resource: PlannedResource, kind: string, network?: NetworkEndpoint): ExposedEndpoint[] => {
      const approval = this.#approval(resource);
      if (approval !== undefined) {
        used.add(approval.endpoint);
        return [
          {
            endpoint: resource.urn,
            kind,
            verdict: "none",
            from: "internet",
            cut: [`approved as public: ${approval.reason}`],
          },
        ];
      }
      const found = verdictOf(resource.urn);
      if (found.verdict === "none" && quiet.has(kind)) return [];
      const allowed = network === undefined ? [] : this.#allowed(network);
      const base = {
        endpoint: resource.urn,
        kind,
        verdict: found.verdict,
        from: found.from,
        ...(allowed.length > 0 ? { allowed } : {}),
      };
      if (found.witness === undefined) {
        const cut = [...internet.cut(resource.urn), ...clients.flatMap(({ ways }) => ways.cut(resource.urn))];
        return [{ ...base, cut: [...new Set(cut)].slice(0, 12) }];
      }
      const path = [...found.witness.hops, `reaches ${this.facts.name(resource)}`];
      if (found.verdict === "exposed") return [{ ...base, path, wholePath: found.witness.whole }];
      return [
        {
          ...base,
          path,
          unknown: path
            .filter((hop) => hop.startsWith("cannot tell: "))
            .map((hop) => hop.slice("cannot tell: ".length)),
        },
      ];
    };
    const endpoints = [
      ...this.#network.flatMap((one) => row(one.resource, one.kind, one)),
      ...this.#services
        .filter(({ resource }) => !this.#networkByUrn.has(resource.urn))
        .flatMap((one) => row(one.resource, one.kind)),
    ];
    return { verdict: worst(endpoints), endpoints, assumptions: this.#assumptions(used) };
  }

  #assumptions(approved: ReadonlySet<string>): readonly string[] {
    const { assume = {} } = this.options;
    const { overlooked } = this.facts;
    return [
      ...this.#boundary.assumptions,
      "what other programs or people add to these networks, groups, routes and policies is not seen",
      "accounts, roles, organisations and services that a policy names are trusted; a host that is taken over from inside is not looked at",
      ...(assume.accountPublicAccessBlock === true ? ["the account's public access block of Amazon S3 is on"] : []),
      ...(assume.vpcBlockPublicAccess === undefined
        ? []
        : [`VPC Block Public Access is ${assume.vpcBlockPublicAccess} in every region used`]),
      ...(assume.outsideSubnetsPrivate === true ? ["subnets that are not in the program have no way in"] : []),
      ...(assume.loadBalancerController === undefined
        ? []
        : [`Kubernetes load balancers are made by: ${assume.loadBalancerController}`]),
      ...this.facts.assumptions,
      ...(overlooked.length === 0
        ? []
        : [`taken to accept no connections and to open no door: ${overlooked.join(", ")}`]),
      ...this.#approved.map(
        ({ edge }) =>
          `approved as public${approved.has(edge.endpoint) ? "" : " (matches nothing)"}: ${edge.endpoint}, ${edge.reason}`,
      ),
    ];
  }

  #fromInternet(): WayGraph {
    const source = this.#boundary.internet;
    const ways = new WayGraph(source.name);
    const entered = new Set<string>();
    for (const endpoint of this.#network) {
      const { urn } = endpoint.resource;
      for (const subnet of endpoint.subnets.resources) {
        if (!entered.has(subnet.urn)) this.#enterSubnet(ways, subnet);
        entered.add(subnet.urn);
        const acl = this.#acls.filter(subnet, source);
        const at = `at:${urn} in ${subnet.urn}`;
        ways.add(`public:${subnet.urn}`, { to: at, ...acl });
        addLocks(ways, at, `to:${urn}`, [...endpoint.addresses, ...this.#subnetAddresses(endpoint, subnet)]);
        ways.add(`private:${subnet.urn}`, { to: `to:${urn}`, ...acl });
      }
      this.#enterElsewhere(ways, endpoint);
      addLocks(ways, `at:${urn}`, `to:${urn}`, endpoint.addresses);
      this.#addFilter(ways, endpoint, source);
      this.#addForwarding(ways, endpoint);
    }
    for (const service of this.#services) addLocks(ways, ways.start, service.resource.urn, service.locks);
    for (const { from, to, hop } of this.#doors) {
      if (this.#approval(from) !== undefined) continue;
      if (this.facts.graph.byUrn(from.urn) !== undefined && !this.#isEndpoint(from))
        ways.add(ways.start, { to: from.urn, state: "open", hop: this.facts.name(from) });
      ways.add(from.urn, { to: to.urn, state: "through", hop });
    }
    return ways;
  }

  /** A subnet that hands out public addresses is a lock left open even for hosts that refuse them, unless whole paths are asked for. */
  #subnetAddresses({ subnetAddresses }: NetworkEndpoint, subnet: PlannedResource): Lock[] {
    const counts = subnetAddresses === "taken" || (subnetAddresses === "refused" && this.#eachLock);
    const lock = subnetAddress(subnet, this.facts);
    return counts && lock.state !== "closed" ? [lock] : [];
  }

  /** The locks between the internet and a subnet, those that need a public address inside apart from those that do not. */
  #enterSubnet(ways: WayGraph, subnet: PlannedResource): void {
    for (const { carriesPrivate, ...way } of this.#routes.waysInto(subnet))
      ways.add(ways.start, { to: `${carriesPrivate === true ? "private" : "public"}:${subnet.urn}`, ...way });
  }

  /** Endpoints in subnets that are not in the program, or that nobody places. */
  #enterElsewhere(ways: WayGraph, { resource, subnets }: NetworkEndpoint): void {
    const to = `at:${resource.urn}`;
    if (subnets.outside.length > 0) {
      const words = `subnet ${subnets.outside.join(", ")} is not in this program`;
      const isPrivate = this.options.assume?.outsideSubnetsPrivate === true;
      ways.add(ways.start, {
        to,
        state: isPrivate ? "closed" : "unknown",
        hop: isPrivate ? `${words}, assumed to have no way in` : `${words}: its routes cannot be seen`,
      });
    }
    for (const reason of subnets.unknown) ways.add(ways.start, { to, state: "unknown", hop: reason });
    if (subnets.resources.length === 0 && subnets.outside.length === 0 && subnets.unknown.length === 0)
      ways.add(ways.start, {
        to,
        state: "closed",
        hop: `nothing in this program places ${this.facts.name(resource)} in a subnet`,
      });
  }

  #addFilter(ways: WayGraph, endpoint: NetworkEndpoint, source: Source): void {
    const { urn } = endpoint.resource;
    if (endpoint.unfiltered) {
      ways.add(`to:${urn}`, { to: urn, state: "through" });
      return;
    }
    const { state, hop } = this.#groups.filter(endpoint.groups, source);
    ways.add(`to:${urn}`, { to: urn, state, hop });
  }

  #addForwarding(ways: WayGraph, endpoint: NetworkEndpoint): void {
    const { resource } = endpoint;
    if (endpoint.role !== "balancer" || this.#approval(resource) !== undefined) return;
    for (const forwarding of this.#balancers.forwards(resource)) {
      const admitted = this.#targetAdmits(endpoint, forwarding);
      ways.add(resource.urn, {
        to: forwarding.target.urn,
        state: admitted ? "through" : "closed",
        hop: admitted
          ? forwarding.hop
          : `${forwarding.hop}, whose target ${this.facts.name(forwarding.target)} has no rule that admits ${this.facts.name(resource)}`,
      });
    }
  }

  /** Whether the groups of a target let its balancer in: by the balancer's group, by its subnets' addresses, or by the world's. */
  #targetAdmits(balancer: NetworkEndpoint, { target }: Forwarding): boolean {
    const endpoint = this.#networkByUrn.get(target.urn);
    if (
      endpoint === undefined ||
      endpoint.unfiltered ||
      endpoint.groups.unknown.length > 0 ||
      endpoint.groups.outside.length > 0
    )
      return true;
    if (this.#groups.admitsMembers(endpoint.groups, balancer.groups)) return true;
    const own = balancer.subnets.resources.flatMap((subnet) => parseCidr(text(subnet.inputs, "cidrBlock") ?? "") ?? []);
    const addresses: AddressSet = unite(...own, this.#boundary.internet.addresses);
    return balancer.subnets.resources.length !== own.length || this.#groups.admitsAddresses(endpoint.groups, addresses);
  }

  #fromClient(client: Source): WayGraph {
    const ways = new WayGraph(`client network ${client.name} (${formatAddresses(client.addresses)})`);
    for (const endpoint of this.#network) {
      const { resource, groups } = endpoint;
      if (endpoint.role === "place" || this.#approval(resource) !== undefined) continue;
      const permitted = this.#permissions.permitted(endpoint);
      ways.add(ways.start, { to: `to:${resource.urn}`, state: "through" });
      if (!endpoint.unfiltered) {
        const { state, hop } = this.#groups.filter(groups, client, permitted);
        ways.add(`to:${resource.urn}`, { to: resource.urn, state, hop });
      } else if (endpoint.role !== "balancer")
        ways.add(`to:${resource.urn}`, {
          to: resource.urn,
          state: "open",
          hop: `${this.facts.name(resource)} filters nothing`,
        });
      if (endpoint.role === "balancer") this.#addClientForwarding(ways, endpoint, client);
    }
    return ways;
  }

  /** What a client may open at a balancer leads on; a target that is not meant for clients is then a door. */
  #addClientForwarding(ways: WayGraph, endpoint: NetworkEndpoint, client: Source): void {
    const { urn } = endpoint.resource;
    const open = endpoint.unfiltered || this.#groups.filter(endpoint.groups, client).state === "open";
    if (open) ways.add(`to:${urn}`, { to: `via:${urn}`, state: "through", hop: this.facts.name(endpoint.resource) });
    ways.add(urn, { to: `via:${urn}`, state: "through" });
    for (const forwarding of this.#balancers.forwards(endpoint.resource)) {
      const target = this.#networkByUrn.get(forwarding.target.urn);
      if (target !== undefined && !isNoTraffic(this.#permissions.permitted(target))) continue;
      if (this.#targetAdmits(endpoint, forwarding))
        ways.add(`via:${urn}`, { to: forwarding.target.urn, state: "open", hop: forwarding.hop });
    }
  }

  /** What clients may reach at an endpoint, and do. */
  #allowed(endpoint: NetworkEndpoint): readonly string[] {
    if (endpoint.unfiltered) return [];
    const permitted = this.#permissions.permitted(endpoint);
    if (isNoTraffic(permitted)) return [];
    return this.#boundary.clients.flatMap((client) => {
      const open = this.#groups.filter(endpoint.groups, client);
      const used = commonTraffic(open.traffic, permitted);
      return isNoTraffic(used) ? [] : [`${client.name}: ${formatTraffic(used)}`];
    });
  }

  /** An endpoint without groups has the default group of its VPC. */
  #withDefaultGroup(endpoint: NetworkEndpoint): NetworkEndpoint {
    if (endpoint.groups.present || endpoint.unfiltered || endpoint.groups.unknown.length > 0) return endpoint;
    const vpcs = new Set(endpoint.subnets.resources.flatMap((subnet) => this.#tables.vpcOf(subnet) ?? []));
    const resources = this.facts.of(tokens.defaultSecurityGroup).filter((group) => {
      const vpc = this.#tables.vpcOf(group);
      return vpc !== undefined && vpcs.has(vpc);
    });
    return resources.length === 0 ? endpoint : { ...endpoint, groups: { ...nothing, resources, present: true } };
  }

  /** Groups that nothing in the program carries, and rules of groups that are not in it: whoever carries them gets what they say. */
  #looseGroups(hosts: readonly NetworkEndpoint[]): NetworkEndpoint[] {
    const carried = new Set(hosts.flatMap(({ groups }) => groups.resources.map(({ urn }) => urn)));
    const loose = this.facts.of(tokens.securityGroup).filter(({ urn }) => !carried.has(urn));
    const orphans = this.#groups.orphans.filter((rule) => truth(rule.inputs, "egress") !== true);
    return [...loose, ...orphans].map((resource) => ({
      resource,
      kind: kindOf(resource.type),
      subnets: nothing,
      groups: { ...nothing, resources: [resource], present: true },
      unfiltered: false,
      addresses: [{ state: "closed", hop: `nothing in this program carries ${this.facts.name(resource)}` }],
      subnetAddresses: "never",
      role: "host",
    }));
  }

  /** Subnets of `PrivateNetwork` are promised to be private, whether anything is in them or not. */
  #promisedSubnets(): NetworkEndpoint[] {
    const passages = new Set(
      [...this.facts.of(tokens.natGateway), ...this.facts.of(tokens.firewall)].flatMap((one) =>
        this.facts.joinAll(one, ["subnetId", "subnetMappings"], tokens.subnet).resources.map(({ urn }) => urn),
      ),
    );
    return this.facts
      .of(tokens.subnet)
      .filter((subnet) => !passages.has(subnet.urn) && this.facts.isBelow(subnet, tokens.privateNetwork))
      .map((subnet) => {
        const own: Join = { ...nothing, resources: [subnet], present: true };
        const addresses = [subnetAddress(subnet, this.facts)];
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

  #isEndpoint(resource: PlannedResource): boolean {
    return this.#serviceUrns.has(resource.urn) || this.#networkByUrn.has(resource.urn);
  }

  #approval(resource: PlannedResource): ApprovedEdge | undefined {
    return this.#approved.find(({ matches }) => matches.test(resource.urn) || matches.test(resource.name))?.edge;
  }
}

/** A way for every lock that does not hold, or one way that says why all do. */
function addLocks(ways: WayGraph, from: string, to: string, locks: readonly Lock[]): void {
  const doors = locks.filter(({ state }) => state !== "closed");
  for (const { state, hop } of doors) ways.add(from, { to, state, hop });
  if (doors.length === 0)
    ways.add(from, { to, state: "closed", hop: [...new Set(locks.map(({ hop }) => hop))].join("; ") });
}

function worst(endpoints: readonly ExposedEndpoint[]): ExposureVerdict {
  if (endpoints.some(({ verdict }) => verdict === "exposed")) return "exposed";
  return endpoints.some(({ verdict }) => verdict === "undetermined") ? "undetermined" : "none";
}

function globbed(pattern: string): RegExp {
  return new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
  );
}
