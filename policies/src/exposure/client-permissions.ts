import type { PlannedResource } from "../graph/planned-resource";
import type { ClientFlow } from "./exposure-report";
import { numeric, objects, text, type Facts } from "./facts";
import type { NetworkEndpoint } from "./network-endpoints";
import { tokens } from "./tokens";
import { commonTraffic, noTraffic, traffic, uniteTraffic, type Traffic } from "./traffic";

/**
 * What declared clients may open, by endpoint. The program's own access matrix says it per segment; an endpoint belongs to the
 * segments of its security groups and subnets, and may be used only as far as all of them allow.
 */
export class ClientPermissions {
  readonly #bySegment = new Map<string, Traffic>();
  readonly #segments = new Map<string, string>();

  constructor(
    private readonly facts: Facts,
    private readonly flows: readonly ClientFlow[] | undefined,
  ) {
    for (const network of facts.of(tokens.privateNetwork)) {
      for (const flow of clientFlows(network)) {
        const segment = text(flow, "to") ?? "";
        const allowed = traffic(
          text(flow, "protocol"),
          numeric(flow, "port"),
          numeric(flow, "toPort") ?? numeric(flow, "port"),
        );
        this.#bySegment.set(segment, uniteTraffic(this.#bySegment.get(segment) ?? noTraffic, allowed));
      }
      for (const child of facts.graph.children(network.urn)) {
        const segment = segmentOf(child, network);
        if (segment !== undefined) this.#segments.set(child.urn, segment);
      }
    }
  }

  permitted(endpoint: NetworkEndpoint): Traffic {
    const { facts, flows } = this;
    const isGateway = facts.isBelow(endpoint.resource, tokens.gateway);
    const given =
      flows === undefined
        ? undefined
        : uniteTraffic(...flows.map(({ protocol, port, toPort }) => traffic(protocol, port, toPort)));
    if (given !== undefined && isGateway) return given;
    const places = [...endpoint.groups.resources, ...endpoint.subnets.resources].flatMap(
      ({ urn }) => this.#segments.get(urn) ?? [],
    );
    if (places.length > 0)
      return [...new Set(places)]
        .map((segment) => this.#bySegment.get(segment) ?? noTraffic)
        .reduce((a, b) => commonTraffic(a, b));
    return isGateway ? (this.#bySegment.get("gateway") ?? traffic("tcp", 443)) : noTraffic;
  }
}

/** Flows from clients: of the registered access matrix, else of the needs that the network was given. */
function clientFlows(network: PlannedResource): ReturnType<typeof objects> {
  const matrix = objects(network.outputs, "accessMatrix");
  const all = matrix.length > 0 ? matrix : objects(network.inputs, "needs").flatMap((need) => objects(need, "flows"));
  const flows = all.filter((flow) => text(flow, "from") === "clients");
  return flows.length > 0 || matrix.length > 0
    ? flows
    : [{ from: "clients", to: "gateway", protocol: "tcp", port: 443 }];
}

/** The segment of a group or a subnet of `PrivateNetwork`: groups are named after it, subnets carry it as a tag. */
function segmentOf(child: PlannedResource, network: PlannedResource): string | undefined {
  if (tokens.subnet.some((type) => type === child.type)) return text(child.inputs, ["tags", "holdfast:segment"]);
  if (child.type !== "aws:ec2/securityGroup:SecurityGroup") return undefined;
  const prefix = `${network.name}-group-`;
  return child.name.startsWith(prefix) ? child.name.slice(prefix.length) : undefined;
}
