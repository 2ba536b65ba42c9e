import { z } from "zod";
import { countAddresses, noAddresses, unite, validCidrs } from "../../addresses/address-set";
import { routable } from "../../addresses/internet";
import { fail, undetermined } from "../../rule/outcome";
import { graphRule } from "../../rule/rule";
import { addressesOf, inlineGroups, rulesBySecurityGroup } from "../firewall-rules";

export const llmNet002 = graphRule({
  id: "LLM-NET-002",
  title: "All rules of a security group together admit no more of the internet than a set bound",
  word: "MUST",
  source: ["POL-R03"],
  looksAt: "the union of the addresses of all ingress rules of one group, wherever the rules are written",
  remedy:
    "name the networks that must connect; if a wide public range is right, raise widestPublicPrefixV4 or widestPublicPrefixV6 for this rule",
  controls: "exposure",
  anchors: [],
  doc: "Many narrow-looking rules can add up to most of the internet: 0.0.0.0/1 in one rule and 128.0.0.0/1 in another, or sixteen blocks of /4. Only the union shows it. Private ranges do not count.",
  types: inlineGroups,
  config: z.strictObject({
    /** The widest public IPv4 space a group may admit, as a prefix length. */
    widestPublicPrefixV4: z.int().min(0).max(32).default(8),
    /** The same for IPv6. */
    widestPublicPrefixV6: z.int().min(3).max(128).default(32),
  }),
  *check({ resource, shared, config }) {
    const rules = (shared(rulesBySecurityGroup).get(resource) ?? []).filter(({ direction }) => direction === "ingress");
    let all = noAddresses;
    for (const rule of rules) {
      const { known, unknown } = addressesOf(rule);
      all = unite(all, validCidrs(known.flatMap((value) => value.text ?? [])));
      for (const value of unknown)
        yield undetermined(
          value,
          `${value.path} is not in the plan, so how much of the internet the group admits cannot be told`,
          rule.resource,
        );
    }
    const admitted = countAddresses(routable(all));
    if (admitted.v4 > 1n << BigInt(32 - config.widestPublicPrefixV4)) {
      yield fail(
        "ingress",
        `its ${rules.length} ingress rules together admit ${String(admitted.v4)} public IPv4 addresses, more than a /${config.widestPublicPrefixV4}`,
      );
    }
    if (admitted.v6 > 1n << BigInt(128 - config.widestPublicPrefixV6)) {
      yield fail(
        "ingress",
        `its ${rules.length} ingress rules together admit more public IPv6 addresses than a /${config.widestPublicPrefixV6}`,
      );
    }
  },
});
