import type { PlannedResource } from "../graph/planned-resource";
import { common, isNone, without, type AddressSet } from "../addresses/address-set";
import { notPublic, type Source } from "./boundary";
import type { ExposureAssumptions } from "./exposure-report";
import type { Facts, Join } from "./facts";
import type { PrefixLists } from "./prefix-lists";
import { SecurityGroupRules, type Admission, type GroupRules } from "./security-group-rules";
import { formatTraffic, isNoTraffic, noTraffic, trafficWithout, uniteTraffic, type Traffic } from "./traffic";
import type { LockState } from "./way-graph";

/** Whether a set of security groups lets a source in. */
export interface Filter {
  readonly state: LockState;
  readonly traffic: Traffic;
  readonly hop: string;
}

const privateGroups = "security groups outside the program admit and hold private hosts only";

/** What the security groups of the program let in. */
export class SecurityGroups {
  readonly #rules: SecurityGroupRules;
  readonly #filters = new Map<string, Filter>();

  constructor(
    private readonly facts: Facts,
    private readonly assume: ExposureAssumptions,
    prefixLists: PrefixLists,
  ) {
    this.#rules = new SecurityGroupRules(facts, assume, prefixLists);
  }

  /** Rules of groups that are not in the program. */
  get orphans(): readonly PlannedResource[] {
    return this.#rules.orphans;
  }

  /** What the groups let in from a source, less what that source may do there anyway. */
  filter(groups: Join, source: Source, permitted: Traffic = noTraffic): Filter {
    const key = `${source.name}\n${formatTraffic(permitted)}\n${groups.resources.map(({ urn }) => urn).join("\n")}\n${groups.outside.join()}\n${groups.unknown.join()}`;
    const known = this.#filters.get(key);
    if (known !== undefined) return known;
    const filter = this.#filter(groups, source, permitted);
    this.#filters.set(key, filter);
    return filter;
  }

  #filter(groups: Join, source: Source, permitted: Traffic): Filter {
    const admitted: { admission: Admission; traffic: Traffic; addresses: AddressSet }[] = [];
    const unknown: string[] = [...groups.unknown];
    for (const group of groups.resources) {
      const rules = this.#rules.of(group.urn);
      if (rules === undefined) continue;
      for (const admission of rules.admissions) {
        const addresses = common(admission.addresses, source.addresses);
        const rest = trafficWithout(admission.traffic, permitted);
        if (!isNone(addresses) && !isNoTraffic(rest)) admitted.push({ admission, traffic: rest, addresses });
      }
      for (const rule of rules.unknown)
        if (!isNoTraffic(trafficWithout(rule.traffic, permitted))) unknown.push(rule.words);
      if (source.kind === "internet") unknown.push(...this.#outsideMembers(rules));
    }
    if (groups.outside.length > 0) {
      if (this.assume.outsideGroupsPrivate === true) {
        this.facts.assume(privateGroups, groups.outside.join(", "));
      } else
        unknown.push(`security group ${groups.outside.join(", ")} is not in this program: its rules cannot be seen`);
    }
    if (admitted.length > 0) {
      const all = uniteTraffic(...admitted.map((one) => one.traffic));
      const words = [...new Set(admitted.map(({ admission }) => admission.words))];
      const rules = words.length > 4 ? [...words.slice(0, 4), `and ${words.length - 4} more rules`] : words;
      const strangers = admitted.every(({ addresses }) => isNone(without(addresses, notPublic)));
      const note = source.kind === "internet" && strangers ? ", private addresses that nobody declared" : "";
      return { state: "open", traffic: all, hop: `${formatTraffic(all)} admitted by ${rules.join(" and ")}${note}` };
    }
    if (unknown.length > 0) return { state: "unknown", traffic: noTraffic, hop: unknown.join("; ") };
    const names = groups.resources.map(({ name, urn }) => `"${name}" (${urn})`).join(", ");
    const who =
      source.kind === "internet" ? "an address outside the declared networks" : `${source.name} beyond what it may use`;
    return {
      state: "closed",
      traffic: noTraffic,
      hop:
        names === ""
          ? "no security group of the program: the default group admits only its own members"
          : `no rule of security group ${names} admits ${who}`,
    };
  }

  /** Members of a group that is not in the program could be anything, a public load balancer included. */
  #outsideMembers(rules: GroupRules): string[] {
    return rules.members.flatMap(({ group, urn }) => {
      if (this.#rules.of(group) !== undefined) return [];
      if (this.assume.outsideGroupsPrivate === true && !group.includes("/")) {
        this.facts.assume(privateGroups, group);
        return [];
      }
      return [`members of security group ${group} are admitted by ${urn}, and that group is not in this program`];
    });
  }

  /** Whether members of one set of groups may reach members of another. References are read, chains need not be followed. */
  admitsMembers(groups: Join, of: Join): boolean {
    const senders = new Set(of.resources.map(({ urn }) => urn));
    return groups.resources.some(
      (group) => this.#rules.of(group.urn)?.members.some((member) => senders.has(member.group)) === true,
    );
  }

  /** Whether any rule of the groups admits some of these addresses. */
  admitsAddresses(groups: Join, addresses: AddressSet): boolean {
    return groups.resources.some((group) =>
      this.#rules.of(group.urn)?.admissions.some((admission) => !isNone(common(admission.addresses, addresses))),
    );
  }
}
