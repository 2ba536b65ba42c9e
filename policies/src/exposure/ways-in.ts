import type { PlannedResource } from "../graph/planned-resource";
import { formatAddresses } from "../addresses/address-set";
import type { Source } from "./boundary";
import type { ExposureModel } from "./exposure-model";
import type { NetworkEndpoint } from "./network-endpoints";
import { subnetAddress } from "./public-addresses";
import { isNoTraffic } from "./traffic";
import { WayGraph, type Lock } from "./way-graph";

/** Every way from the internet to an endpoint. */
export function waysFromInternet(model: ExposureModel): WayGraph {
  const source = model.boundary.internet;
  const ways = new WayGraph(source.name);
  const entered = new Set<string>();
  for (const endpoint of model.network) {
    const { urn } = endpoint.resource;
    for (const subnet of endpoint.subnets.resources) {
      if (!entered.has(subnet.urn)) enterSubnet(model, ways, subnet);
      entered.add(subnet.urn);
      const acl = model.acls.filter(subnet, source);
      const at = `at:${urn} in ${subnet.urn}`;
      ways.add(`public:${subnet.urn}`, { to: at, ...acl });
      addLocks(ways, at, `to:${urn}`, [...endpoint.addresses, ...handedOut(model, endpoint, subnet)]);
      ways.add(`private:${subnet.urn}`, { to: `to:${urn}`, ...acl });
    }
    enterElsewhere(model, ways, endpoint);
    addLocks(ways, `at:${urn}`, `to:${urn}`, endpoint.addresses);
    addFilter(model, ways, endpoint, source);
    addForwarding(model, ways, endpoint);
  }
  for (const service of model.services) addLocks(ways, ways.start, service.resource.urn, service.locks);
  for (const { from, to, hop } of model.doors) {
    if (model.approval(from) !== undefined) continue;
    if (model.facts.graph.byUrn(from.urn) !== undefined && !model.isEndpoint(from))
      ways.add(ways.start, { to: from.urn, state: "open", hop: model.facts.name(from) });
    ways.add(from.urn, { to: to.urn, state: "through", hop });
  }
  return ways;
}

/** A subnet that hands out public addresses is a lock left open even for hosts that refuse them, unless whole paths are asked for. */
function handedOut(model: ExposureModel, { subnetAddresses }: NetworkEndpoint, subnet: PlannedResource): Lock[] {
  const counts = subnetAddresses === "taken" || (subnetAddresses === "refused" && model.eachLock);
  const lock = subnetAddress(subnet, model.facts);
  return counts && lock.state !== "closed" ? [lock] : [];
}

/** The locks between the internet and a subnet, those that need a public address inside apart from those that do not. */
function enterSubnet(model: ExposureModel, ways: WayGraph, subnet: PlannedResource): void {
  for (const { carriesPrivate, ...way } of model.routes.waysInto(subnet))
    ways.add(ways.start, { to: `${carriesPrivate === true ? "private" : "public"}:${subnet.urn}`, ...way });
}

/** Endpoints in subnets that are not in the program, or that nobody places. */
function enterElsewhere(model: ExposureModel, ways: WayGraph, { resource, subnets }: NetworkEndpoint): void {
  const to = `at:${resource.urn}`;
  if (subnets.outside.length > 0) {
    const words = `subnet ${subnets.outside.join(", ")} is not in this program`;
    const isPrivate = model.options.assume?.outsideSubnetsPrivate === true;
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
      hop: `nothing in this program places ${model.facts.name(resource)} in a subnet`,
    });
}

function addFilter(model: ExposureModel, ways: WayGraph, endpoint: NetworkEndpoint, source: Source): void {
  const { urn } = endpoint.resource;
  if (endpoint.unfiltered) {
    ways.add(`to:${urn}`, { to: urn, state: "through" });
    return;
  }
  const { state, hop } = model.groups.filter(endpoint.groups, source);
  ways.add(`to:${urn}`, { to: urn, state, hop });
}

function addForwarding(model: ExposureModel, ways: WayGraph, endpoint: NetworkEndpoint): void {
  const { resource } = endpoint;
  if (endpoint.role !== "balancer" || model.approval(resource) !== undefined) return;
  for (const forwarding of model.balancers.forwards(resource)) {
    const admitted = model.targetAdmits(endpoint, forwarding);
    ways.add(resource.urn, {
      to: forwarding.target.urn,
      state: admitted ? "through" : "closed",
      hop: admitted
        ? forwarding.hop
        : `${forwarding.hop}, whose target ${model.facts.name(forwarding.target)} has no rule that admits ${model.facts.name(resource)}`,
    });
  }
}

/** Every way from a client network to an endpoint, less what it may use. */
export function waysFromClient(model: ExposureModel, client: Source): WayGraph {
  const ways = new WayGraph(`client network ${client.name} (${formatAddresses(client.addresses)})`);
  for (const endpoint of model.network) {
    const { resource, groups } = endpoint;
    if (endpoint.role === "place" || model.approval(resource) !== undefined) continue;
    const permitted = model.permissions.permitted(endpoint);
    ways.add(ways.start, { to: `to:${resource.urn}`, state: "through" });
    if (!endpoint.unfiltered) {
      const { state, hop } = model.groups.filter(groups, client, permitted);
      ways.add(`to:${resource.urn}`, { to: resource.urn, state, hop });
    } else if (endpoint.role !== "balancer")
      ways.add(`to:${resource.urn}`, {
        to: resource.urn,
        state: "open",
        hop: `${model.facts.name(resource)} filters nothing`,
      });
    if (endpoint.role === "balancer") addClientForwarding(model, ways, endpoint, client);
  }
  return ways;
}

/** What a client may open at a balancer leads on; a target that is not meant for clients is then a door. */
function addClientForwarding(model: ExposureModel, ways: WayGraph, endpoint: NetworkEndpoint, client: Source): void {
  const { urn } = endpoint.resource;
  const open = endpoint.unfiltered || model.groups.filter(endpoint.groups, client).state === "open";
  if (open) ways.add(`to:${urn}`, { to: `via:${urn}`, state: "through", hop: model.facts.name(endpoint.resource) });
  ways.add(urn, { to: `via:${urn}`, state: "through" });
  for (const forwarding of model.balancers.forwards(endpoint.resource)) {
    const target = model.networkByUrn.get(forwarding.target.urn);
    if (target !== undefined && !isNoTraffic(model.permissions.permitted(target))) continue;
    if (model.targetAdmits(endpoint, forwarding))
      ways.add(`via:${urn}`, { to: forwarding.target.urn, state: "open", hop: forwarding.hop });
  }
}

/** A way for every lock that does not hold, or one way that says why all do. */
function addLocks(ways: WayGraph, from: string, to: string, locks: readonly Lock[]): void {
  const doors = locks.filter(({ state }) => state !== "closed");
  for (const { state, hop } of doors) ways.add(from, { to, state, hop });
  if (doors.length === 0)
    ways.add(from, { to, state: "closed", hop: [...new Set(locks.map(({ hop }) => hop))].join("; ") });
}
