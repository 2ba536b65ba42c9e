import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const cluster = (vpcConfig: Readonly<Record<string, string | boolean | readonly string[]>>) => ({
  type: "aws:eks/cluster:Cluster",
  name: "gpu",
  inputs: { vpcConfig },
});

export const llmNet012Examples: RuleExamples = {
  rule: "LLM-NET-012",
  pass: [
    { name: "private", resources: [cluster({ endpointPublicAccess: false, endpointPrivateAccess: true })], expect: [] },
    { name: "public to an office", resources: [cluster({ publicAccessCidrs: ["8.8.8.0/24"] })], expect: [] },
  ],
  fail: [
    { name: "by omission", resources: [cluster({})], expect: ["fail gpu vpcConfig.endpointPublicAccess"] },
    {
      name: "by two halves",
      resources: [cluster({ publicAccessCidrs: ["0.0.0.0/1", "128.0.0.0/1"] })],
      expect: ["fail gpu vpcConfig.publicAccessCidrs"],
    },
  ],
  undetermined: [
    {
      name: "an unknown network",
      resources: [cluster({ publicAccessCidrs: [unknownValue] })],
      expect: ["undetermined gpu vpcConfig.publicAccessCidrs"],
    },
    {
      name: "an unknown choice",
      resources: [cluster({ endpointPublicAccess: unknownValue })],
      expect: ["undetermined gpu vpcConfig.endpointPublicAccess"],
    },
  ],
};
