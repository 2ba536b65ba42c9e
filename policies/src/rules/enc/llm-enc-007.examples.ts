import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const cache = { type: "aws:elasticache/replicationGroup:ReplicationGroup", name: "limits" };

export const llmEnc007Examples: RuleExamples = {
  rule: "LLM-ENC-007",
  pass: [{ name: "on", resources: [{ ...cache, inputs: { atRestEncryptionEnabled: "true" } }], expect: [] }],
  fail: [{ name: "off by omission", resources: [cache], expect: ["fail limits atRestEncryptionEnabled"] }],
  undetermined: [
    {
      name: "an unknown choice",
      resources: [{ ...cache, inputs: { atRestEncryptionEnabled: unknownValue } }],
      expect: ["undetermined limits atRestEncryptionEnabled"],
    },
  ],
};
