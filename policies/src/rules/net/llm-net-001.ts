import { z } from "zod";
import { parseCidr, validCidrs } from "../../addresses/address-set";
import { coversInternet } from "../../addresses/internet";
import { notInPlan, fail, undetermined } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import { addressesOf, coversPort, firewallRules, portsOf, ruleBearing } from "../firewall-rules";

export const llmNet001 = resourceRule({
  id: "LLM-NET-001",
  title: "No security group rule admits the whole internet",
  word: "MUST",
  source: ["POL-R03", "POL-R16"],
  looksAt:
    "the addresses of every ingress rule: inline, in the legacy rule type and in the split rule types, IPv4 and IPv6 alike",
  remedy: "name the security group that may connect, or the client network's own CIDR, instead of the whole internet",
  controls: "exposure",
  owasp: ["LLM02"],
  anchors: ["CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260", "CKV_AWS_277", "AWS-0107", "EC2.18", "EC2.19"],
  doc: "Other tools look for a list of dangerous ports or for the text 0.0.0.0/0, so an engine on port 8000 or 11434, an IPv6 spelling, or the two halves of the address space pass them. This rule compares sets of addresses and knows no harmless port. Ports of an approved public edge go into `publicPorts`. A prefix list's content is not in a plan, so a rule that admits one is an open question unless the list is named in `trustedPrefixLists`.",
  types: ruleBearing,
  config: z.strictObject({
    /** Ports on which the whole internet may connect: an approved public edge. */
    publicPorts: z.array(z.int().min(1).max(65_535)).default([]),
    /** Ids of prefix lists known to hold no more than they should. */
    trustedPrefixLists: z.array(z.string()).default([]),
  }),
  applies: ({ resource }) => {
    const { rules, unknown } = firewallRules(resource);
    return unknown.length > 0 || rules.some(({ direction }) => direction === "ingress");
  },
  *check({ resource, config }) {
    const { rules, unknown } = firewallRules(resource);
    for (const list of unknown)
      if (!list.path.startsWith("egress")) yield notInPlan(list, "whether it admits the internet");
    for (const rule of rules) {
      if (rule.direction !== "ingress") continue;
      const single =
        rule.fromPort.number === (rule.toPort.number ?? rule.fromPort.number) ? rule.fromPort.number : undefined;
      if (single !== undefined && config.publicPorts.includes(single) && coversPort(rule, single + 1) === false)
        continue;
      const { known, unknown: open } = addressesOf(rule);
      const bad = known.filter((value) => coversInternet(validCidrs([value.text ?? ""])));
      for (const value of bad) yield fail(value, `${value.text ?? ""} admits the whole internet to ${portsOf(rule)}`);
      const together = validCidrs(known.flatMap((value) => value.text ?? []));
      if (bad.length === 0 && coversInternet(together))
        yield fail(
          rule.addresses[0] ?? rule.value,
          `its address blocks together admit the whole internet to ${portsOf(rule)}`,
        );
      for (const value of known)
        if (parseCidr(value.text ?? "") === undefined)
          yield undetermined(value, `"${value.text ?? ""}" is not a CIDR block, so whom it admits cannot be told`);
      for (const value of open) yield notInPlan(value, "whether it admits the internet");
      for (const list of rule.prefixLists) {
        for (const entry of list.text === undefined && !list.unknown ? list.items() : [list]) {
          if (entry.text === undefined || !config.trustedPrefixLists.includes(entry.text))
            yield undetermined(
              entry,
              "the content of a prefix list is not in the plan, so whom it admits cannot be told",
            );
        }
      }
    }
  },
});
