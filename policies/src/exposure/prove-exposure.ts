import type { PlannedResource } from "../graph/planned-resource";
import type { ResourceGraph } from "../graph/resource-graph";
import { ExposureModel } from "./exposure-model";
import type { ExposedEndpoint, ExposureOptions, ExposureReport, ExposureVerdict } from "./exposure-report";
import { Facts } from "./facts";
import type { NetworkEndpoint } from "./network-endpoints";
import type { WayGraph, Witness } from "./way-graph";
import { waysFromClient, waysFromInternet } from "./ways-in";

/**
 * Proves that nothing of a program can be reached from outside, or shows how it can.
 *
 * Ways are searched from the internet and from every declared client network to every endpoint. With the default strength
 * each lock must hold by itself: a rule that admits the world is a way in even where no route leads there yet.
 */
export function proveExposure(graph: ResourceGraph, options: ExposureOptions = {}): ExposureReport {
  const model = new ExposureModel(new Facts(graph), options);
  const searches = searchAll(model);
  const endpoints = [
    ...model.network.map((one) => judge(model, searches, one.resource, one.kind, one)),
    // What is in the network and is a service as well has one row: its ways are all in one graph.
    ...model.services
      .filter(({ resource }) => !model.networkByUrn.has(resource.urn))
      .map((one) => judge(model, searches, one.resource, one.kind)),
  ].filter(({ verdict, kind }) => verdict !== "none" || !quiet.has(kind));
  return { verdict: worst(endpoints), endpoints, assumptions: assumptionsOf(model) };
}

/** The ways of one outsider, and where they lead. */
interface Search {
  readonly from: string;
  readonly ways: WayGraph;
  readonly open: ReadonlyMap<string, Witness>;
  readonly unknown: ReadonlyMap<string, Witness>;
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

function searchAll(model: ExposureModel): readonly Search[] {
  const strength = model.options.strength ?? "each-lock";
  const search = (from: string, ways: WayGraph): Search => ({
    from,
    ways,
    open: ways.search("open", strength),
    unknown: ways.search("unknown", strength),
  });
  return [
    search(model.boundary.internet.name, waysFromInternet(model)),
    ...model.boundary.clients.map((client) => search(client.name, waysFromClient(model, client))),
  ];
}

/** What is certain comes before what cannot be told, the internet before the clients. */
function judge(
  model: ExposureModel,
  searches: readonly Search[],
  resource: PlannedResource,
  kind: string,
  network?: NetworkEndpoint,
): ExposedEndpoint {
  const { urn } = resource;
  const base = { endpoint: urn, kind, from: model.boundary.internet.name };
  const approval = model.approval(resource);
  if (approval !== undefined) return { ...base, verdict: "none", cut: [`approved as public: ${approval.reason}`] };
  const permitted = network === undefined ? [] : model.allowed(network);
  const allowed = permitted.length === 0 ? {} : { allowed: permitted };
  const last = `reaches ${model.facts.name(resource)}`;
  for (const { from, open } of searches) {
    const found = open.get(urn);
    if (found !== undefined)
      return { ...base, verdict: "exposed", from, ...allowed, path: [...found.hops, last], wholePath: found.whole };
  }
  for (const { from, unknown } of searches) {
    const found = unknown.get(urn);
    if (found !== undefined)
      return {
        ...base,
        verdict: "undetermined",
        from,
        ...allowed,
        path: [...found.hops, last],
        unknown: found.unknown,
      };
  }
  const cut = new Set(searches.flatMap(({ ways }) => ways.cut(urn)));
  return { ...base, verdict: "none", ...allowed, cut: [...cut].slice(0, longestCut) };
}

/** A certificate longer than this convinces nobody. */
const longestCut = 12;

function assumptionsOf(model: ExposureModel): readonly string[] {
  const { assume = {} } = model.options;
  const { overlooked } = model.facts;
  const when = (condition: boolean, words: string): readonly string[] => (condition ? [words] : []);
  return [
    ...model.boundary.assumptions,
    "what other programs or people add to these networks, groups, routes and policies is not seen",
    "accounts, roles, organisations and services that a policy names are trusted; a host that is taken over from inside is not looked at",
    ...when(assume.accountPublicAccessBlock === true, "the account's public access block of Amazon S3 is on"),
    ...when(
      assume.vpcBlockPublicAccess !== undefined,
      `VPC Block Public Access is ${assume.vpcBlockPublicAccess ?? ""} in every region used`,
    ),
    ...when(assume.outsideSubnetsPrivate === true, "subnets that are not in the program have no way in"),
    ...when(
      assume.loadBalancerController !== undefined,
      `Kubernetes load balancers are made by: ${assume.loadBalancerController ?? ""}`,
    ),
    ...model.facts.assumptions,
    ...when(overlooked.length > 0, `taken to accept no connections and to open no door: ${overlooked.join(", ")}`),
    ...model.approvals,
  ];
}

function worst(endpoints: readonly ExposedEndpoint[]): ExposureVerdict {
  if (endpoints.some(({ verdict }) => verdict === "exposed")) return "exposed";
  return endpoints.some(({ verdict }) => verdict === "undetermined") ? "undetermined" : "none";
}
