import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const cluster = { type: "aws:eks/cluster:Cluster", name: "gpu" };

export const llmAuth007Examples: RuleExamples = {
  rule: "LLM-AUTH-007",
  pass: [
    {
      name: "entries only",
      resources: [
        {
          ...cluster,
          inputs: { accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false } },
        },
      ],
      expect: [],
    },
  ],
  fail: [
    {
      name: "nothing said",
      resources: [cluster],
      expect: [
        "fail gpu accessConfig.authenticationMode",
        "fail gpu accessConfig.bootstrapClusterCreatorAdminPermissions",
      ],
    },
    {
      name: "an administrator of everything",
      resources: [
        {
          type: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
          name: "root",
          inputs: {
            policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
            accessScope: { type: "cluster" },
          },
        },
      ],
      expect: ["fail root policyArn"],
    },
  ],
  undetermined: [
    {
      name: "an unknown mode",
      resources: [
        {
          ...cluster,
          inputs: {
            accessConfig: { authenticationMode: unknownValue, bootstrapClusterCreatorAdminPermissions: false },
          },
        },
      ],
      expect: ["undetermined gpu accessConfig.authenticationMode"],
    },
  ],
};
