import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const balancer = { type: "aws:lb/loadBalancer:LoadBalancer", name: "edge" };

export const llmNet009Examples: RuleExamples = {
  rule: "LLM-NET-009",
  pass: [
    { name: "internal", resources: [{ ...balancer, inputs: { internal: true } }], expect: [] },
    { name: "an approved edge", resources: [balancer], config: { approvedEdges: ["edge"] }, expect: [] },
  ],
  fail: [
    { name: "internet-facing by omission", resources: [balancer], expect: ["fail edge internal"] },
    {
      name: "under the alb token",
      resources: [{ type: "aws:alb/loadBalancer:LoadBalancer", name: "edge", inputs: { internal: false } }],
      expect: ["fail edge internal"],
    },
    {
      name: "under the oldest token",
      resources: [{ type: "aws:elasticloadbalancingv2/loadBalancer:LoadBalancer", name: "edge" }],
      expect: ["fail edge internal"],
    },
    {
      name: "a classic one",
      resources: [{ type: "aws:elb/loadBalancer:LoadBalancer", name: "edge", inputs: { internal: false } }],
      expect: ["fail edge internal"],
    },
  ],
  undetermined: [
    {
      name: "an unknown scheme",
      resources: [{ ...balancer, inputs: { internal: unknownValue } }],
      expect: ["undetermined edge internal"],
    },
  ],
};
