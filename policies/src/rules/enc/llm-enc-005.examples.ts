import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const cluster = { type: "aws:eks/cluster:Cluster", name: "gpu" };

export const llmEnc005Examples: RuleExamples = {
  rule: "LLM-ENC-005",
  pass: [
    {
      name: "secrets",
      resources: [
        { ...cluster, inputs: { encryptionConfig: { resources: ["secrets"], provider: { keyArn: unknownValue } } } },
      ],
      expect: [],
    },
  ],
  fail: [{ name: "nothing", resources: [cluster], expect: ["fail gpu encryptionConfig"] }],
  undetermined: [
    {
      name: "an unknown configuration",
      resources: [{ ...cluster, inputs: { encryptionConfig: unknownValue } }],
      expect: ["undetermined gpu encryptionConfig"],
    },
  ],
};
