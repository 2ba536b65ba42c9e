import { unknownValue } from "../../graph/property-value";
import type { ExampleValue, RuleExamples } from "../../rule/rule-example";

const ingress = (spec: ExampleValue, annotations: ExampleValue = {}) => ({
  type: "kubernetes:networking.k8s.io/v1:Ingress",
  name: "edge",
  inputs: { metadata: { annotations }, spec },
});
const rules = [{ host: "llm.bank.example" }];

export const llmTls007Examples: RuleExamples = {
  rule: "LLM-TLS-007",
  pass: [
    {
      name: "covered",
      resources: [ingress({ rules, tls: [{ hosts: ["llm.bank.example"], secretName: "cert" }] })],
      expect: [],
    },
    {
      name: "covered by a wildcard",
      resources: [ingress({ rules, tls: [{ hosts: ["*.bank.example"], secretName: "cert" }] })],
      expect: [],
    },
    {
      name: "a certificate of AWS that is not known yet",
      resources: [ingress({ rules }, { "alb.ingress.kubernetes.io/certificate-arn": unknownValue })],
      expect: [],
    },
  ],
  fail: [
    { name: "no tls section", resources: [ingress({ rules })], expect: ["fail edge spec.tls"] },
    {
      name: "one of two hosts",
      resources: [
        ingress({ rules: [...rules, { host: "chat.bank.example" }], tls: [{ hosts: ["llm.bank.example"] }] }),
      ],
      expect: ["fail edge spec.rules[1].host"],
    },
  ],
  undetermined: [
    {
      name: "an unknown section",
      resources: [ingress({ rules, tls: unknownValue })],
      expect: ["undetermined edge spec.tls"],
    },
  ],
};
