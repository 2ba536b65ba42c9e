import type { PlannedResource } from "../graph/planned-resource";
import type { ResourceGraph } from "../graph/resource-graph";
import { families, union } from "../rule/families";
import { Value } from "../rule/value";

/** One security group rule, whichever of the provider's four ways wrote it down. */
export interface FirewallRule {
  readonly resource: PlannedResource;
  readonly direction: "ingress" | "egress";
  /** The rule itself: the resource's inputs, or one entry of an inline list. */
  readonly value: Value;
  /** The properties that hold addresses. Each is a text, a list of texts, unknown or absent. */
  readonly addresses: readonly Value[];
  /** Whether it names security groups or itself as the other side. */
  readonly fromGroups: boolean;
  readonly prefixLists: readonly Value[];
  readonly protocol: Value;
  readonly fromPort: Value;
  readonly toPort: Value;
}

export const inlineGroups = union(families.securityGroup, families.defaultSecurityGroup);
export const splitRules = union(families.securityGroupRule, families.ingressRule, families.egressRule);
export const ruleBearing = union(inlineGroups, splitRules);

/** The firewall rules of one resource, and the properties that hold rules which are not in the plan. */
interface FirewallRules {
  readonly rules: readonly FirewallRule[];
  readonly unknown: readonly Value[];
}

const known = new WeakMap<PlannedResource, FirewallRules>();

/** The firewall rules that a resource brings, from inline lists, the legacy rule type and the split rule types. */
export function firewallRules(resource: PlannedResource): FirewallRules {
  let rules = known.get(resource);
  if (rules === undefined) {
    rules = readRules(resource);
    known.set(resource, rules);
  }
  return rules;
}

function readRules(resource: PlannedResource): FirewallRules {
  const inputs = Value.inputsOf(resource);
  if (families.ingressRule.has(resource.type)) return { rules: [split(resource, "ingress", inputs)], unknown: [] };
  if (families.egressRule.has(resource.type)) return { rules: [split(resource, "egress", inputs)], unknown: [] };
  if (families.securityGroupRule.has(resource.type)) {
    const type = inputs.at("type");
    if (type.text === "egress") return { rules: [inline(resource, "egress", inputs)], unknown: [] };
    return type.unknown
      ? { rules: [], unknown: [type] }
      : { rules: [inline(resource, "ingress", inputs)], unknown: [] };
  }
  if (!inlineGroups.has(resource.type)) return { rules: [], unknown: [] };
  const lists = (["ingress", "egress"] as const).map((direction) => ({ direction, list: inputs.at(direction) }));
  return {
    rules: lists.flatMap(({ direction, list }) =>
      list.items().flatMap((item) => (item.unknown ? [] : [inline(resource, direction, item)])),
    ),
    unknown: lists.flatMap(({ list }) => (list.unknown ? [list] : list.items().filter((item) => item.unknown))),
  };
}

/** The firewall rules of each security group, from wherever the program wrote them. */
export function rulesBySecurityGroup(graph: ResourceGraph): ReadonlyMap<PlannedResource, readonly FirewallRule[]> {
  const index = new Map<PlannedResource, FirewallRule[]>();
  for (const group of graph.ofType(inlineGroups)) index.set(group, [...firewallRules(group).rules]);
  for (const rule of graph.ofType(splitRules)) {
    for (const group of graph.references(rule, "securityGroupId", inlineGroups).resources)
      index.get(group)?.push(...firewallRules(rule).rules);
  }
  return index;
}

/** The known addresses of a rule, and the properties whose addresses are not known. */
export function addressesOf(rule: FirewallRule): {
  readonly known: readonly Value[];
  readonly unknown: readonly Value[];
} {
  const all = rule.addresses.flatMap((value) => (value.text !== undefined || value.unknown ? [value] : value.items()));
  return { known: all.filter((value) => value.text !== undefined), unknown: all.filter((value) => value.unknown) };
}

/** The ports of a rule as words, for messages. */
export function portsOf({ protocol, fromPort, toPort }: FirewallRule): string {
  const name = protocol.text ?? (protocol.number === undefined ? undefined : String(protocol.number));
  if (name === "-1" || name === "all") return "every port";
  const from = fromPort.number;
  const to = toPort.number ?? from;
  if (from === undefined || to === undefined) return "every port";
  if (from <= 0 && to >= 65_535) return "every port";
  return from === to ? `port ${from}` : `ports ${from} to ${to}`;
}

/** Whether a rule covers a port; `undefined` when the plan does not say. */
export function coversPort({ protocol, fromPort, toPort }: FirewallRule, port: number): boolean | undefined {
  const name = protocol.text ?? (protocol.number === undefined ? undefined : String(protocol.number));
  if (name === "-1" || name === "all") return true;
  if (protocol.unknown || fromPort.unknown || toPort.unknown) return undefined;
  if (fromPort.number === undefined || fromPort.number === -1) return true;
  return fromPort.number <= port && port <= (toPort.number ?? fromPort.number);
}

function inline(resource: PlannedResource, direction: FirewallRule["direction"], value: Value): FirewallRule {
  return {
    resource,
    direction,
    value,
    addresses: [value.at("cidrBlocks"), value.at("ipv6CidrBlocks")].filter((list) => !list.absent),
    fromGroups:
      value.at("self").flag === true ||
      value.at("securityGroups").items().length > 0 ||
      value.at("securityGroups").unknown ||
      !value.at("sourceSecurityGroupId").absent,
    prefixLists: [value.at("prefixListIds")].filter(
      (list) => !list.absent && (list.unknown || list.items().length > 0),
    ),
    protocol: value.at("protocol"),
    fromPort: value.at("fromPort"),
    toPort: value.at("toPort"),
  };
}

function split(resource: PlannedResource, direction: FirewallRule["direction"], value: Value): FirewallRule {
  return {
    resource,
    direction,
    value,
    addresses: [value.at("cidrIpv4"), value.at("cidrIpv6")].filter((one) => !one.absent),
    fromGroups: !value.at("referencedSecurityGroupId").absent,
    prefixLists: [value.at("prefixListId")].filter((one) => !one.absent),
    protocol: value.at("ipProtocol"),
    fromPort: value.at("fromPort"),
    toPort: value.at("toPort"),
  };
}
