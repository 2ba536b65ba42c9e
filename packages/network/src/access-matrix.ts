import type { Flow, NetworkNeeds, Problem, Segment } from "@holdfast/core";
import { placedSegments, type ClientNetwork, type PlacedSegment } from "./placement";

/** One allowed connection, as auditors read it. What the matrix does not list is denied. */
export interface AccessMatrixEntry {
  readonly from: Segment;
  /** A segment, or `endpoint:<service>`. */
  readonly to: Flow["to"];
  /** `all`: between members of one security group for Elastic Fabric Adapters. */
  readonly protocol: "tcp" | "udp" | "all";
  readonly port: number;
  /** Last port of a range; equal to `port` for one port. */
  readonly toPort: number;
  /** Every purpose declared for the connection, in the order declared. */
  readonly purpose: string;
  /** Names of the security group rules that open it. */
  readonly rules: readonly string[];
}
export type AccessMatrix = readonly AccessMatrixEntry[];

export interface AccessMatrixOptions {
  /** Prefix of the rule names: the name of the network component. */
  readonly network: string;
  readonly clients: readonly ClientNetwork[];
}

/** A security group rule, before it is a resource. */
export interface PlannedRule {
  /** Name of the resource. Made of the flow's ends and ports only, so a reworded purpose renames nothing. */
  readonly name: string;
  readonly direction: "ingress" | "egress";
  /** Whose group the rule is in. */
  readonly group: RuleGroup;
  readonly peer: RulePeer;
  readonly protocol: "tcp" | "udp" | "all";
  readonly port: number;
  readonly toPort: number;
  readonly description: string;
}

/** What has a security group: a segment, the endpoint of a service (`endpoint:<service>`), the EFA hosts of a segment (`efa:<segment>`). */
export type RuleGroup = PlacedSegment | `endpoint:${string}` | `efa:${PlacedSegment}`;

export type RulePeer =
  | { readonly kind: "group"; readonly group: RuleGroup }
  /** A gateway endpoint has no group: the service's address list stands for it. */
  | { readonly kind: "prefix-list"; readonly service: string }
  | { readonly kind: "client"; readonly client: ClientNetwork };

/** Services that are reached through a route in the VPC (free) and not through an interface with a security group. */
export const gatewayServices: readonly string[] = ["s3"];

/** Where clients may connect: an engine or a store is never among them, whatever a part declares. */
const openToClients: readonly Flow["to"][] = ["gateway", "observability", "management"];

/** The union of what parts need, each connection once, in a stable order, with the rules that open it. */
export function accessMatrix(needs: readonly NetworkNeeds[], options: AccessMatrixOptions): AccessMatrix {
  const flows = distinctFlows(needs).map((flow) => ({
    ...flow,
    rules: flowRules(flow, options).map((rule) => rule.name),
  }));
  return [...flows, ...efaSegments(needs).map((segment) => efaEntry(segment, options))];
}

/** The rules of every flow of a matrix: out of the caller's group and into the called one's, group to group. */
export function plannedRules(matrix: AccessMatrix, options: AccessMatrixOptions): PlannedRule[] {
  return matrix.flatMap((entry) => (entry.protocol === "all" ? efaRules(entry, options) : flowRules(entry, options)));
}

/** What is wrong with declared flows. `index` numbers are those of `needs` and its flows. */
export function flowProblems(needs: readonly NetworkNeeds[], egress: "none" | "endpoints"): Problem[] {
  return needs.flatMap((need, at) =>
    need.flows.flatMap((flow, index): Problem[] => {
      const path = `needs[${at}].flows[${index}]`;
      const problems: Problem[] = [];
      if (flow.from === "clients" && !openToClients.includes(flow.to)) {
        problems.push({
          path,
          reason: `clients may not reach ${flow.to}; allowed: ${openToClients.join(", ")}; route them through the gateway`,
        });
      }
      if (flow.to === "clients" && flow.from === "clients")
        problems.push({ path, reason: "a flow between client networks does not pass through this network" });
      if (flow.to.startsWith("endpoint:") && egress === "none") {
        problems.push({
          path,
          reason: `${flow.from} needs ${flow.to}, and egress mode "none" opens no endpoint; use mode "endpoints" or drop the need`,
        });
      }
      const toPort = flow.toPort ?? flow.port;
      if (flow.port < 1 || toPort > 65_535 || toPort < flow.port) {
        problems.push({ path, reason: `ports must run upwards within 1 to 65535, got ${flow.port} to ${toPort}` });
      }
      return problems;
    }),
  );
}

/** Names of the services with a private endpoint in the matrix, in a stable order. */
export function endpointServices(matrix: AccessMatrix): string[] {
  return [...new Set(matrix.flatMap((entry) => serviceOf(entry.to) ?? []))].sort();
}

/** The service of `endpoint:<service>`. */
export function serviceOf(end: Flow["to"]): string | undefined {
  return isEndpoint(end) ? end.slice("endpoint:".length) : undefined;
}

/** Segments with hosts on Elastic Fabric Adapters, in the order of `placedSegments`. */
export function efaSegments(needs: readonly NetworkNeeds[]): PlacedSegment[] {
  const declared = new Set(needs.flatMap((need) => need.efa ?? []));
  return placedSegments.filter((segment) => declared.has(segment));
}

/**
 * An adapter passes data only as a member of a group that admits all traffic to and from itself (Amazon EC2 User Guide, "Get started
 * with EFA", step 1; a rule to an address range does not do). The libraries above it meet over TCP, on ports of their own choice, so
 * the hosts' first interface is a member too.
 */
function efaEntry(segment: PlacedSegment, options: AccessMatrixOptions): AccessMatrixEntry {
  const entry = {
    from: segment,
    to: segment,
    protocol: "all",
    port: 0,
    toPort: 65_535,
    purpose: `between hosts with Elastic Fabric Adapters, members of group-efa-${segment} only`,
  } as const;
  return { ...entry, rules: efaRules({ ...entry, rules: [] }, options).map((rule) => rule.name) };
}

function efaRules({ from, purpose, port, toPort }: AccessMatrixEntry, { network }: AccessMatrixOptions): PlannedRule[] {
  const group = `efa:${placedHere(from)}` as const;
  const rule = { group, peer: { kind: "group", group }, protocol: "all", port, toPort } as const;
  const description = ruleDescription(purpose);
  return [
    { ...rule, name: `${network}-rule-efa-${from}-out`, direction: "egress", description },
    { ...rule, name: `${network}-rule-efa-${from}-in`, direction: "ingress", description },
  ];
}

function placedHere(segment: Segment): PlacedSegment {
  if (segment === "clients") throw new RangeError("client networks have no security group");
  return segment;
}

type PlainFlow = Omit<AccessMatrixEntry, "rules">;

function distinctFlows(needs: readonly NetworkNeeds[]): PlainFlow[] {
  const flows = new Map<string, PlainFlow & { readonly purposes: Set<string> }>();
  for (const { from, to, protocol, port, toPort = port, purpose } of needs.flatMap((need) => need.flows)) {
    const key = [from, to, protocol, String(port).padStart(5, "0"), String(toPort).padStart(5, "0")].join(" ");
    const known = flows.get(key);
    if (known) known.purposes.add(purpose);
    else flows.set(key, { from, to, protocol, port, toPort, purpose: "", purposes: new Set([purpose]) });
  }
  return [...flows.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { purposes, ...flow }]) => ({ ...flow, purpose: [...purposes].join("; ") }));
}

function flowRules(flow: PlainFlow, { network, clients }: AccessMatrixOptions): PlannedRule[] {
  const { from, to, protocol, port, toPort } = flow;
  const ports = port === toPort ? String(port) : `${port}-${toPort}`;
  const stem = `${network}-rule-${from}-to-${to.replace(":", "-")}-${protocol}-${ports}`;
  const rule = { protocol, port, toPort, description: ruleDescription(flow.purpose) };
  const service = serviceOf(to);
  if (from === "clients") {
    return clients.map((client) => ({
      ...rule,
      name: `${stem}-in-${client.name}`,
      direction: "ingress",
      group: placed(to),
      peer: { kind: "client", client },
    }));
  }
  if (to === "clients") {
    return clients.map((client) => ({
      ...rule,
      name: `${stem}-out-${client.name}`,
      direction: "egress",
      group: from,
      peer: { kind: "client", client },
    }));
  }
  if (service !== undefined && gatewayServices.includes(service)) {
    return [{ ...rule, name: `${stem}-out`, direction: "egress", group: from, peer: { kind: "prefix-list", service } }];
  }
  return [
    { ...rule, name: `${stem}-out`, direction: "egress", group: from, peer: { kind: "group", group: to } },
    { ...rule, name: `${stem}-in`, direction: "ingress", group: to, peer: { kind: "group", group: from } },
  ];
}

function placed(end: Flow["to"]): PlacedSegment | `endpoint:${string}` {
  if (end === "clients") throw new RangeError("client networks have no security group");
  return end;
}

function isEndpoint(end: Flow["to"]): end is `endpoint:${string}` {
  return end.startsWith("endpoint:");
}

/** AWS takes 255 characters of a small alphabet in a rule's description. */
export function ruleDescription(purpose: string): string {
  const text = purpose
    .replace(/[^a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]/g, " ")
    .replace(/ +/g, " ")
    .trim();
  return text.length > 255 ? `${text.slice(0, 252)}...` : text;
}
