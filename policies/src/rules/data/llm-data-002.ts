import { z } from "zod";
import { families } from "../../rule/families";
import { fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

export const llmData002 = resourceRule({
  id: "LLM-DATA-002",
  title: "Logs are kept for a bounded time, neither too short nor for ever",
  word: "MUST",
  source: ["POL-R19"],
  looksAt: "the retention of log groups",
  remedy: "set retentionInDays between minimumDays and maximumDays",
  controls: "minimisation",
  owasp: ["LLM02"],
  anchors: ["CKV_AWS_66", "CKV_AWS_338"],
  doc: "Absent or 0 keeps logs for ever. What audits need is a minimum (PCI DSS: 12 months for audit trails), what data protection needs is a maximum: both bounds are settings.",
  types: families.logGroup,
  config: z.strictObject({
    minimumDays: z.int().min(1).default(1),
    /** 3,653 days is ten years, the longest that AWS takes. */
    maximumDays: z.int().min(1).default(3653),
  }),
  *check({ inputs, config }) {
    const days = inputs.at("retentionInDays");
    if (days.unknown) yield notInPlan(days, "how long logs are kept");
    else if (days.absent || days.number === 0) yield fail(days, "keeps logs for ever");
    else if ((days.number ?? 0) < config.minimumDays)
      yield fail(days, `keeps logs for ${days.number ?? 0} days, fewer than ${config.minimumDays}`);
    else if ((days.number ?? 0) > config.maximumDays)
      yield fail(days, `keeps logs for ${days.number ?? 0} days, more than ${config.maximumDays}`);
  },
});
