import { unknownValue } from "../../graph/property-value";
import type { ExampleValue, RuleExamples } from "../../rule/rule-example";

const ingress = (annotations: ExampleValue) => ({
  type: "kubernetes:networking.k8s.io/v1:Ingress",
  name: "edge",
  inputs: { metadata: { annotations } },
});
const scheme = "alb.ingress.kubernetes.io/scheme";

export const llmNet018Examples: RuleExamples = {
  rule: "LLM-NET-018",
  pass: [
    { name: "internal", resources: [ingress({ [scheme]: "internal" })], expect: [] },
    {
      name: "for one network",
      resources: [ingress({ "nginx.ingress.kubernetes.io/whitelist-source-range": "10.0.0.0/8, 192.168.0.0/16" })],
      expect: [],
    },
  ],
  fail: [
    {
      name: "internet-facing",
      resources: [ingress({ [scheme]: "internet-facing" })],
      expect: [`fail edge metadata.annotations.${scheme}`],
    },
    {
      name: "two halves",
      resources: [
        ingress({ [scheme]: "internet-facing", "alb.ingress.kubernetes.io/inbound-cidrs": "0.0.0.0/1,128.0.0.0/1" }),
      ],
      expect: ["fail edge metadata.annotations.alb.ingress.kubernetes.io/inbound-cidrs"],
    },
  ],
  undetermined: [
    { name: "nothing said", resources: [ingress({})], expect: ["undetermined edge metadata.annotations"] },
    {
      name: "unknown annotations",
      resources: [ingress(unknownValue)],
      expect: ["undetermined edge metadata.annotations"],
    },
  ],
};
