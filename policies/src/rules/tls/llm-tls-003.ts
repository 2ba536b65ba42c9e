import { z } from "zod";
import { families } from "../../rule/families";
import { fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

/** Policies of Elastic Load Balancing that accept TLS 1.2 and 1.3 only; AWS documentation, 2026-08. New ones appear yearly. */
const modern = /^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)-/;

export const llmTls003 = resourceRule({
  id: "LLM-TLS-003",
  title: "Listeners accept TLS 1.2 and newer only",
  word: "MUST",
  source: ["POL-R01", "SEC-R02"],
  looksAt: "the security policy of HTTPS and TLS listeners",
  remedy: "set sslPolicy to ELBSecurityPolicy-TLS13-1-2-2021-06 or a newer one",
  controls: "transit",
  anchors: ["CKV_AWS_103", "CKV2_AWS_74", "AWS-0047", "ELB.17"],
  doc: "A listener without a policy gets the one of 2016, which accepts TLS 1.0: absence is a violation. Names that this version does not know can be added with allowedPolicies.",
  types: families.listener,
  config: z.strictObject({
    /** Further security policies to accept. */
    allowedPolicies: z.array(z.string()).default([]),
  }),
  applies: ({ inputs }) =>
    ["HTTPS", "TLS"].includes(
      inputs.at("protocol").text?.toUpperCase() ??
        (inputs.at("port").number === 443 && inputs.at("protocol").absent ? "HTTPS" : ""),
    ),
  *check({ inputs, config }) {
    const policy = inputs.at("sslPolicy");
    if (policy.absent)
      yield fail(policy, "names no security policy and so gets the one of 2016, which accepts TLS 1.0");
    else if (policy.unknown) yield notInPlan(policy, "which TLS versions it accepts");
    else if (!modern.test(policy.text ?? "") && !config.allowedPolicies.includes(policy.text ?? ""))
      yield fail(policy, `the security policy "${policy.text ?? ""}" is not one that accepts TLS 1.2 and newer only`);
  },
});
