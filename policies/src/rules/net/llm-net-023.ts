import { validCidrs } from "../../addresses/address-set";
import { coversInternet } from "../../addresses/internet";
import { fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import { addressesOf, firewallRules, portsOf, ruleBearing } from "../firewall-rules";

export const llmNet023 = resourceRule({
  id: "LLM-NET-023",
  title: "No security group lets its members connect to the whole internet",
  word: "SHOULD",
  source: ["POL-R03"],
  looksAt: "the addresses of every egress rule, inline and split",
  remedy: "name the groups, endpoints and prefix lists that members must reach; send the rest through an allow-list",
  controls: "exposure",
  owasp: ["LLM02"],
  anchors: ["CKV_AWS_382", "AWS-0104"],
  doc: "An engine that can reach everything can also send prompts anywhere, and fetch code. AWS gives a new group open egress and the provider removes it, so what no rule says is closed.",
  types: ruleBearing,
  applies: ({ resource }) =>
    firewallRules(resource).rules.some(({ direction }) => direction === "egress") ||
    firewallRules(resource).unknown.some(({ path }) => path.startsWith("egress")),
  *check({ resource }) {
    const { rules, unknown } = firewallRules(resource);
    for (const list of unknown)
      if (list.path.startsWith("egress")) yield notInPlan(list, "whether members reach the internet");
    for (const rule of rules.filter(({ direction }) => direction === "egress")) {
      const { known, unknown: open } = addressesOf(rule);
      if (coversInternet(validCidrs(known.flatMap((value) => value.text ?? []))))
        yield fail(rule.addresses[0] ?? rule.value, `lets its members reach the whole internet on ${portsOf(rule)}`);
      for (const value of open) yield notInPlan(value, "whether members reach the internet");
    }
  },
});
