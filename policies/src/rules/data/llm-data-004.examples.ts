import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const cluster = { type: "aws:eks/cluster:Cluster", name: "gpu" };

export const llmData004Examples: RuleExamples = {
  rule: "LLM-DATA-004",
  pass: [
    {
      name: "all three",
      resources: [{ ...cluster, inputs: { enabledClusterLogTypes: ["api", "audit", "authenticator", "scheduler"] } }],
      expect: [],
    },
  ],
  fail: [
    { name: "none", resources: [cluster], expect: ["fail gpu enabledClusterLogTypes"] },
    {
      name: "no audit",
      resources: [{ ...cluster, inputs: { enabledClusterLogTypes: ["api"] } }],
      expect: ["fail gpu enabledClusterLogTypes"],
    },
  ],
  undetermined: [
    {
      name: "an unknown type",
      resources: [{ ...cluster, inputs: { enabledClusterLogTypes: [unknownValue] } }],
      expect: ["undetermined gpu enabledClusterLogTypes"],
    },
  ],
};
