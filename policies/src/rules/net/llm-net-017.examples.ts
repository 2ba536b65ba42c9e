import { unknownValue } from "../../graph/property-value";
import type { ExampleValue, RuleExamples } from "../../rule/rule-example";

const service = (spec: ExampleValue, annotations: ExampleValue = {}) => ({
  type: "kubernetes:core/v1:Service",
  name: "engine",
  inputs: { metadata: { annotations }, spec },
});
const scheme = "service.beta.kubernetes.io/aws-load-balancer-scheme";

export const llmNet017Examples: RuleExamples = {
  rule: "LLM-NET-017",
  pass: [
    { name: "ClusterIP", resources: [service({ type: "ClusterIP" })], expect: [] },
    {
      name: "internal by annotation",
      resources: [service({ type: "LoadBalancer" }, { [scheme]: "internal" })],
      expect: [],
    },
    {
      name: "internal by the controller",
      resources: [service({ type: "LoadBalancer" })],
      config: { controller: "aws-load-balancer-controller" },
      expect: [],
    },
    {
      name: "for one network",
      resources: [service({ type: "LoadBalancer", loadBalancerSourceRanges: ["10.0.0.0/8"] })],
      expect: [],
    },
  ],
  fail: [
    { name: "a load balancer", resources: [service({ type: "LoadBalancer" })], expect: ["fail engine spec.type"] },
    {
      name: "internet-facing by annotation",
      resources: [service({ type: "LoadBalancer" }, { [scheme]: "internet-facing" })],
      config: { controller: "aws-load-balancer-controller" },
      expect: ["fail engine spec.type"],
    },
    {
      name: "for two halves",
      resources: [service({ type: "LoadBalancer", loadBalancerSourceRanges: ["0.0.0.0/1", "128.0.0.0/1"] })],
      expect: ["fail engine spec.type"],
    },
    { name: "a port of every node", resources: [service({ type: "NodePort" })], expect: ["fail engine spec.type"] },
    {
      name: "an outside address",
      resources: [service({ externalIPs: ["8.8.8.8"] })],
      expect: ["fail engine spec.externalIPs[0]"],
    },
  ],
  undetermined: [
    {
      name: "an unknown type",
      resources: [service({ type: unknownValue })],
      expect: ["undetermined engine spec.type"],
    },
    {
      name: "unknown annotations",
      resources: [service({ type: "LoadBalancer" }, unknownValue)],
      expect: ["undetermined engine metadata.annotations"],
    },
  ],
};
