import type { PlannedResource } from "../graph/planned-resource";
import type { PropertyMap } from "../graph/property-value";
import { allAddresses, common, isNone, parseCidr, without, type AddressSet } from "../addresses/address-set";
import type { Source } from "./boundary";
import { isHidden, numeric, objects, text, truth, type Facts } from "./facts";
import { tokens } from "./tokens";
import { allTraffic, commonTraffic, isNoTraffic, traffic, trafficWithout, type Traffic } from "./traffic";
import type { LockState } from "./way-graph";

/** One numbered rule. */
export interface AclRule {
  readonly number: number;
  readonly allow: boolean;
  readonly addresses: AddressSet;
  readonly traffic: Traffic;
  readonly words: string;
}

/** A set of (address, traffic) pairs: the part of the plane that is still undecided. */
interface Region {
  readonly addresses: AddressSet;
  readonly traffic: Traffic;
}

/**
 * The first allowing rule that lets some packet of the source in, rules taken in the order of their numbers, the first match
 * deciding for each packet; `undefined` when none does.
 */
export function firstAdmission(
  rules: readonly AclRule[],
  from: AddressSet,
  wanted: Traffic = allTraffic,
): AclRule | undefined {
  let undecided: Region[] = [{ addresses: from, traffic: wanted }];
  for (const rule of [...rules].sort((a, b) => a.number - b.number)) {
    const touched = undecided.some(
      (region) =>
        !isNone(common(region.addresses, rule.addresses)) && !isNoTraffic(commonTraffic(region.traffic, rule.traffic)),
    );
    if (touched && rule.allow) return rule;
    if (touched) undecided = undecided.flatMap((region) => minus(region, rule));
  }
  return undefined;
}

/** A region less a rectangle: two rectangles at most. */
function minus(region: Region, rule: Region): Region[] {
  const beside: Region = { addresses: without(region.addresses, rule.addresses), traffic: region.traffic };
  const above: Region = {
    addresses: common(region.addresses, rule.addresses),
    traffic: trafficWithout(region.traffic, rule.traffic),
  };
  return [beside, above].filter(({ addresses, traffic: left }) => !isNone(addresses) && !isNoTraffic(left));
}

/** Network access lists, and which of them guards which subnet. */
export class NetworkAcls {
  readonly #rules = new Map<string, AclRule[]>();
  readonly #incomplete = new Set<string>();
  readonly #guards = new Map<string, PlannedResource>();
  readonly #answers = new Map<string, { state: LockState; hop?: string }>();

  constructor(private readonly facts: Facts) {
    for (const acl of facts.of(tokens.networkAcl)) {
      const rules = objects(acl.inputs, "ingress").flatMap((rule) => this.#read(acl, rule, "ruleNo", "action") ?? []);
      this.#rules.set(acl.urn, rules);
      if (isHidden(acl.inputs, "ingress") && objects(acl.inputs, "ingress").length === 0) this.#incomplete.add(acl.urn);
      for (const subnet of facts.join(acl, "subnetIds", tokens.subnet).resources) this.#guards.set(subnet.urn, acl);
    }
    for (const rule of facts.of(tokens.networkAclRule)) {
      if (truth(rule.inputs, "egress") === true) continue;
      const read = this.#read(rule, rule.inputs, "ruleNumber", "ruleAction");
      for (const acl of facts.join(rule, "networkAclId", tokens.networkAcl).resources) {
        if (read === undefined) this.#incomplete.add(acl.urn);
        else this.#rules.get(acl.urn)?.push(read);
      }
    }
    for (const association of facts.of(tokens.networkAclAssociation)) {
      const [acl] = facts.join(association, "networkAclId", tokens.networkAcl).resources;
      for (const subnet of facts.join(association, "subnetId", tokens.subnet).resources) {
        if (acl !== undefined) this.#guards.set(subnet.urn, acl);
      }
    }
  }

  /**
   * Whether the list of a subnet lets any packet of a source in. A list is a second line: one that admits opens nothing by
   * itself, one that denies is named in the certificate.
   */
  filter(subnet: PlannedResource, source: Source): { state: LockState; hop?: string } {
    const acl = this.#guards.get(subnet.urn);
    // The list that a VPC starts with admits everything.
    if (acl === undefined || this.#incomplete.has(acl.urn)) return { state: "through" };
    const key = `${acl.urn}\n${source.name}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const rule = firstAdmission(this.#rules.get(acl.urn) ?? [], source.addresses);
    const answer: { state: LockState; hop?: string } =
      rule === undefined
        ? {
            state: "closed",
            hop: `${this.facts.name(acl)} denies ${source.kind === "internet" ? "every outside address" : source.name}`,
          }
        : { state: "through", hop: rule.words };
    this.#answers.set(key, answer);
    return answer;
  }

  /** A rule whose parts are unknown is taken to allow, at its number; one without a number cannot be placed. */
  #read(holder: PlannedResource, rule: PropertyMap, numberKey: string, actionKey: string): AclRule | undefined {
    const number = numeric(rule, numberKey);
    if (number === undefined) return undefined;
    const action = text(rule, actionKey)?.toLowerCase();
    const block = text(rule, "cidrBlock") ?? text(rule, "ipv6CidrBlock");
    const addresses = block === undefined ? undefined : parseCidr(block);
    if (action === "deny") {
      // A denial that cannot be read denies nothing.
      if (
        addresses === undefined ||
        isHidden(rule, "fromPort") ||
        isHidden(rule, "toPort") ||
        isHidden(rule, "protocol")
      )
        return { number, allow: false, addresses: { v4: [], v6: [] }, traffic: allTraffic, words: "" };
    }
    const admitted = traffic(text(rule, "protocol"), numeric(rule, "fromPort"), numeric(rule, "toPort"));
    // Port 0 to 0 is how a rule for every protocol is written.
    const whole = text(rule, "protocol") === "-1" || text(rule, "protocol") === "all" ? allTraffic : admitted;
    return {
      number,
      allow: action !== "deny",
      addresses: addresses ?? allAddresses,
      traffic: whole,
      words: `let through by rule ${number} of ${this.facts.name(holder)}`,
    };
  }
}
