import { unknownValue, type PropertyValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const cache = (inputs: Readonly<Record<string, PropertyValue>>) => ({
  type: "aws:elasticache/replicationGroup:ReplicationGroup",
  name: "limits",
  inputs,
});

export const llmTls008Examples: RuleExamples = {
  rule: "LLM-TLS-008",
  pass: [
    {
      name: "required",
      resources: [cache({ transitEncryptionEnabled: true, transitEncryptionMode: "required" })],
      expect: [],
    },
  ],
  fail: [
    { name: "off by omission", resources: [cache({})], expect: ["fail limits transitEncryptionEnabled"] },
    {
      name: "preferred",
      resources: [cache({ transitEncryptionEnabled: true, transitEncryptionMode: "preferred" })],
      expect: ["fail limits transitEncryptionMode"],
    },
  ],
  undetermined: [
    {
      name: "an unknown choice",
      resources: [cache({ transitEncryptionEnabled: unknownValue })],
      expect: ["undetermined limits transitEncryptionEnabled"],
    },
  ],
};
