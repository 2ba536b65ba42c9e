import type { PlannedResource } from "../graph/planned-resource";
import { parseCidr, unite, type AddressSet } from "../addresses/address-set";
import { boundaryOf, type Boundary } from "./boundary";
import { bucketEndpoints } from "./bucket-doors";
import { ClientPermissions } from "./client-permissions";
import { containerEndpoints } from "./container-doors";
import type { ApprovedEdge, ExposureOptions } from "./exposure-report";
import { text, type Facts } from "./facts";
import { frontDoors, type FrontDoor } from "./front-doors";
import { LoadBalancers, type Forwarding } from "./load-balancers";
import { NetworkAcls } from "./network-acls";
import { NetworkEndpoints, type NetworkEndpoint } from "./network-endpoints";
import { looseGroups, promisedSubnets, withDefaultGroup } from "./places";
import { RouteTables } from "./route-tables";
import { Routes } from "./routes";
import { PrefixLists } from "./prefix-lists";
import { SecurityGroups } from "./security-groups";
import { serviceEndpoints, type ServiceEndpoint } from "./service-doors";
import { commonTraffic, formatTraffic, isNoTraffic } from "./traffic";

/** Everything that the proof knows about a program: who is outside, what there is to reach, and what stands between. */
export class ExposureModel {
  readonly boundary: Boundary;
  readonly groups: SecurityGroups;
  readonly eachLock: boolean;
  readonly tables: RouteTables;
  readonly routes: Routes;
  readonly acls: NetworkAcls;
  readonly balancers: LoadBalancers;
  readonly permissions: ClientPermissions;
  readonly network: readonly NetworkEndpoint[];
  readonly networkByUrn: ReadonlyMap<string, NetworkEndpoint>;
  readonly services: readonly ServiceEndpoint[];
  readonly #serviceUrns: ReadonlySet<string>;
  readonly doors: readonly FrontDoor[];
  readonly approved: readonly { readonly matches: RegExp; readonly edge: ApprovedEdge }[];

  constructor(
    readonly facts: Facts,
    readonly options: ExposureOptions,
  ) {
    const assume = options.assume ?? {};
    this.boundary = boundaryOf(facts, options);
    const outsiders = this.boundary.internet.addresses;
    const prefixLists = new PrefixLists(facts);
    this.groups = new SecurityGroups(facts, assume, prefixLists);
    this.tables = new RouteTables(facts);
    this.eachLock = (options.strength ?? "each-lock") === "each-lock";
    this.routes = new Routes(facts, this.boundary, prefixLists, this.tables, assume, this.eachLock);
    this.acls = new NetworkAcls(facts);
    this.balancers = new LoadBalancers(facts);
    this.permissions = new ClientPermissions(facts, options.clientFlows);
    const hosts = new NetworkEndpoints(facts).all.map((endpoint) => withDefaultGroup(endpoint, facts, this.tables));
    this.network = [...hosts, ...looseGroups(hosts, facts, this.groups), ...promisedSubnets(facts)];
    this.services = [
      ...bucketEndpoints(facts, outsiders, assume.accountPublicAccessBlock === true),
      ...serviceEndpoints(facts, outsiders),
      ...containerEndpoints(facts, outsiders, assume),
    ];
    this.networkByUrn = new Map(this.network.map((endpoint) => [endpoint.resource.urn, endpoint]));
    this.#serviceUrns = new Set(this.services.map(({ resource }) => resource.urn));
    this.doors = frontDoors(facts, this.balancers);
    this.approved = (options.approved ?? []).map((edge) => ({ matches: globbed(edge.endpoint), edge }));
  }

  /** Whether the groups of a target let its balancer in: by the balancer's group, by its subnets' addresses, or by the world's. */
  targetAdmits(balancer: NetworkEndpoint, { target }: Forwarding): boolean {
    const endpoint = this.networkByUrn.get(target.urn);
    if (
      endpoint === undefined ||
      endpoint.unfiltered ||
      endpoint.groups.unknown.length > 0 ||
      endpoint.groups.outside.length > 0
    )
      return true;
    if (this.groups.admitsMembers(endpoint.groups, balancer.groups)) return true;
    const own = balancer.subnets.resources.flatMap((subnet) => parseCidr(text(subnet.inputs, "cidrBlock") ?? "") ?? []);
    const addresses: AddressSet = unite(...own, this.boundary.internet.addresses);
    return balancer.subnets.resources.length !== own.length || this.groups.admitsAddresses(endpoint.groups, addresses);
  }

  /** What clients may reach at an endpoint, and do. */
  allowed(endpoint: NetworkEndpoint): readonly string[] {
    if (endpoint.unfiltered) return [];
    const permitted = this.permissions.permitted(endpoint);
    if (isNoTraffic(permitted)) return [];
    return this.boundary.clients.flatMap((client) => {
      const open = this.groups.filter(endpoint.groups, client);
      const used = commonTraffic(open.traffic, permitted);
      return isNoTraffic(used) ? [] : [`${client.name}: ${formatTraffic(used)}`];
    });
  }

  isEndpoint(resource: PlannedResource): boolean {
    return this.#serviceUrns.has(resource.urn) || this.networkByUrn.has(resource.urn);
  }

  /** The approvals in words, those that match nothing told apart. */
  get approvals(): readonly string[] {
    const endpoints = [...this.network, ...this.services].map(({ resource }) => resource);
    return this.approved.map(({ matches, edge }) => {
      const used = endpoints.some(({ urn, name }) => matches.test(urn) || matches.test(name));
      return `approved as public${used ? "" : " (matches nothing)"}: ${edge.endpoint}, ${edge.reason}`;
    });
  }

  /** The approval of an endpoint that is public on purpose. */
  approval(resource: PlannedResource): ApprovedEdge | undefined {
    return this.approved.find(({ matches }) => matches.test(resource.urn) || matches.test(resource.name))?.edge;
  }
}

function globbed(pattern: string): RegExp {
  return new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
  );
}
