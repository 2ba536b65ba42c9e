import { unknownValue } from "../../graph/property-value";
import { ref, type RuleExamples } from "../../rule/rule-example";

const edge = {
  type: "aws:lb/loadBalancer:LoadBalancer",
  name: "edge",
  inputs: { internal: false, loadBalancerType: "application" },
};
const guard = {
  type: "aws:wafv2/webAclAssociation:WebAclAssociation",
  name: "guard",
  inputs: { resourceArn: ref("edge"), webAclArn: unknownValue },
};

export const llmNet010Examples: RuleExamples = {
  rule: "LLM-NET-010",
  pass: [{ name: "associated, the ARN unknown", resources: [edge, guard], expect: [] }],
  fail: [
    { name: "no association", resources: [edge], expect: ["fail edge"] },
    {
      name: "an association with another balancer",
      resources: [
        edge,
        { ...edge, name: "other" },
        { ...guard, inputs: { ...guard.inputs, resourceArn: ref("other") } },
      ],
      expect: ["fail edge"],
    },
  ],
  undetermined: [
    {
      name: "an association with something from elsewhere",
      resources: [edge, { ...guard, inputs: { resourceArn: unknownValue } }],
      expect: ["undetermined edge"],
    },
  ],
};
