import type { PlannedResource } from "../graph/planned-resource";
import { read, type PropertyMap } from "../graph/property-value";
import { parseCidr, unite, type AddressSet } from "../addresses/address-set";
import type { ExposureAssumptions } from "./exposure-report";
import { isHidden, isSet, numeric, objects, text, texts, truth, type Facts } from "./facts";
import type { PrefixLists } from "./prefix-lists";
import { tokens } from "./tokens";
import { formatTraffic, traffic, type Traffic } from "./traffic";

/** One rule that lets something in. */
export interface Admission {
  readonly addresses: AddressSet;
  readonly traffic: Traffic;
  /** The words of the rule, with the URN of the resource that holds it. */
  readonly words: string;
  readonly urn: string;
}

export interface GroupRules {
  readonly admissions: Admission[];
  /** Groups whose members are admitted: group URN, or the id of one outside the program. */
  readonly members: { readonly group: string; readonly traffic: Traffic; readonly urn: string }[];
  /** Rules whose source cannot be told. */
  readonly unknown: { readonly words: string; readonly traffic: Traffic }[];
}

/** The ingress rules of every security group: inline, split and legacy, prefix lists resolved, references kept. */
export class SecurityGroupRules {
  readonly #rules = new Map<string, GroupRules>();
  /** Rules of groups that are not in the program. */
  readonly orphans: PlannedResource[] = [];

  constructor(
    private readonly facts: Facts,
    private readonly assume: ExposureAssumptions,
    private readonly prefixLists: PrefixLists,
  ) {
    for (const group of facts.of(tokens.securityGroup)) {
      this.#rules.set(group.urn, { admissions: [], members: [], unknown: [] });
    }
    for (const group of facts.of(tokens.securityGroup)) this.#readInline(group);
    for (const rule of facts.of(tokens.ingressRule)) this.#readSplit(rule);
    for (const rule of facts.of(tokens.legacyRule)) this.#readLegacy(rule);
  }

  /** The rules of a group of the program, by its URN; also those of a rule that stands for a group outside. */
  of(urn: string): GroupRules | undefined {
    return this.#rules.get(urn);
  }

  #readInline(group: PlannedResource): void {
    const reading = read(group.inputs, "ingress");
    if (reading.state === "unknown") {
      this.#unknown(group.urn, this.facts.unknownText(group, "ingress"), traffic("-1"));
      return;
    }
    objects(group.inputs, "ingress").forEach((rule, index) => {
      this.#readRule(group, rule, ["ingress", index], [group.urn], {
        blocks: ["cidrBlocks", "ipv6CidrBlocks"],
        lists: "prefixListIds",
        groups: "securityGroups",
        protocol: "protocol",
      });
    });
  }

  #readSplit(rule: PlannedResource): void {
    this.#readRule(rule, rule.inputs, [], this.#holders(rule), {
      blocks: ["cidrIpv4", "cidrIpv6"],
      lists: "prefixListId",
      groups: "referencedSecurityGroupId",
      protocol: "ipProtocol",
    });
  }

  #readLegacy(rule: PlannedResource): void {
    const direction = read(rule.inputs, "type");
    if (direction.state === "known" && direction.value === "egress") return;
    this.#readRule(rule, rule.inputs, [], this.#holders(rule), {
      blocks: ["cidrBlocks", "ipv6CidrBlocks"],
      lists: "prefixListIds",
      groups: "sourceSecurityGroupId",
      protocol: "protocol",
    });
  }

  /** The groups a rule belongs to. A rule of a group that is not in the program stands for that group. */
  #holders(rule: PlannedResource): readonly string[] {
    const groups = this.facts.join(rule, "securityGroupId", tokens.securityGroup);
    if (groups.resources.length > 0) return groups.resources.map(({ urn }) => urn);
    this.#rules.set(rule.urn, { admissions: [], members: [], unknown: [] });
    this.orphans.push(rule);
    return [rule.urn];
  }

  #readRule(
    holder: PlannedResource,
    rule: PropertyMap,
    at: readonly (string | number)[],
    groups: readonly string[],
    keys: { blocks: readonly string[]; lists: string; groups: string; protocol: string },
  ): void {
    const allowed = traffic(text(rule, keys.protocol), numeric(rule, "fromPort"), numeric(rule, "toPort"));
    const words = (source: string): string =>
      `${this.facts.name(holder)} admitting ${source} on ${formatTraffic(allowed)}`;
    for (const key of keys.blocks) {
      for (const block of texts(rule, key)) {
        const addresses = parseCidr(block);
        if (addresses === undefined)
          this.#add(groups, (rules) =>
            rules.unknown.push({
              words: `"${block}" in ${this.facts.name(holder)} is not a CIDR block`,
              traffic: allowed,
            }),
          );
        else
          this.#add(groups, (rules) =>
            rules.admissions.push({ addresses, traffic: allowed, words: words(block), urn: holder.urn }),
          );
      }
      if (isHidden(rule, key)) this.#readHiddenBlock(holder, [...at, key], groups, allowed, words);
    }
    if (isSet(rule, keys.lists)) this.#readPrefixLists(holder, [...at, keys.lists], groups, allowed, words);
    if (isSet(rule, keys.groups)) this.#readMembers(holder, [...at, keys.groups], groups, allowed);
    if (truth(rule, "self") === true) {
      this.#add(groups, (rules) => {
        for (const group of groups) rules.members.push({ group, traffic: allowed, urn: holder.urn });
      });
    }
  }

  /** A block that is an output of the program's own VPC or subnet is that block, known or not. */
  #readHiddenBlock(
    holder: PlannedResource,
    path: readonly (string | number)[],
    groups: readonly string[],
    allowed: Traffic,
    words: (source: string) => string,
  ): void {
    const joined = this.facts.join(holder, path, [...tokens.vpc, ...tokens.subnet]);
    const blocks = joined.resources.flatMap((resource) => {
      const block = text(resource.inputs, "cidrBlock") ?? text(resource.outputs, "cidrBlock");
      const addresses = block === undefined ? undefined : parseCidr(block);
      // The IPv6 block that AWS gives to a VPC is inside too, whatever it will be.
      return addresses === undefined ? [] : [addresses];
    });
    const sources = holder.propertyDependencies[String(path[0])] ?? [];
    if (
      joined.resources.length > 0 &&
      sources.every((urn) => joined.resources.some((resource) => resource.urn === urn))
    ) {
      if (blocks.length > 0)
        this.#add(groups, (rules) =>
          rules.admissions.push({
            addresses: unite(...blocks),
            traffic: allowed,
            words: words("the VPC's own block"),
            urn: holder.urn,
          }),
        );
      return;
    }
    this.#add(groups, (rules) =>
      rules.unknown.push({ words: this.facts.unknownText(holder, String(path[0])), traffic: allowed }),
    );
  }

  #readPrefixLists(
    holder: PlannedResource,
    path: readonly (string | number)[],
    groups: readonly string[],
    allowed: Traffic,
    words: (source: string) => string,
  ): void {
    const lists = this.facts.join(holder, path, tokens.prefixList);
    for (const list of lists.resources) {
      const { addresses, unknown } = this.prefixLists.entries(list);
      this.#add(groups, (rules) =>
        rules.admissions.push({
          addresses,
          traffic: allowed,
          words: words(`prefix list "${list.name}" (${list.urn})`),
          urn: holder.urn,
        }),
      );
      if (unknown)
        this.#add(groups, (rules) =>
          rules.unknown.push({ words: `entries of ${this.facts.name(list)} are not known`, traffic: allowed }),
        );
    }
    for (const id of lists.outside) {
      const entries = this.assume.prefixLists?.[id];
      const parsed = entries?.flatMap((entry) => parseCidr(entry) ?? []);
      if (parsed === undefined)
        this.#add(groups, (rules) =>
          rules.unknown.push({
            words: `prefix list ${id} in ${this.facts.name(holder)} is not in this program`,
            traffic: allowed,
          }),
        );
      else {
        this.facts.assume(`prefix list ${id} holds`, entries?.join(", ") ?? "nothing");
        this.#add(groups, (rules) =>
          rules.admissions.push({
            addresses: unite(...parsed),
            traffic: allowed,
            words: words(`prefix list ${id}`),
            urn: holder.urn,
          }),
        );
      }
    }
    for (const reason of lists.unknown)
      this.#add(groups, (rules) => rules.unknown.push({ words: reason, traffic: allowed }));
  }

  #readMembers(
    holder: PlannedResource,
    path: readonly (string | number)[],
    groups: readonly string[],
    allowed: Traffic,
  ): void {
    const members = this.facts.join(holder, path, tokens.securityGroup);
    for (const member of members.resources)
      this.#add(groups, (rules) => rules.members.push({ group: member.urn, traffic: allowed, urn: holder.urn }));
    for (const id of members.outside) {
      this.#add(groups, (rules) => rules.members.push({ group: id, traffic: allowed, urn: holder.urn }));
    }
    for (const reason of members.unknown)
      this.#add(groups, (rules) => rules.unknown.push({ words: reason, traffic: allowed }));
  }

  #unknown(group: string, words: string, allowed: Traffic): void {
    this.#add([group], (rules) => rules.unknown.push({ words, traffic: allowed }));
  }

  #add(groups: readonly string[], change: (rules: GroupRules) => void): void {
    for (const group of groups) {
      const rules = this.#rules.get(group);
      if (rules !== undefined) change(rules);
    }
  }
}
