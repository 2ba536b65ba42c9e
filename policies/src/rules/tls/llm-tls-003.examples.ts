import { unknownValue } from "../../graph/property-value";
import type { ExampleValue, RuleExamples } from "../../rule/rule-example";

const listener = (inputs: Readonly<Record<string, ExampleValue>>) => ({
  type: "aws:lb/listener:Listener",
  name: "tls",
  inputs: { protocol: "HTTPS", port: 443, ...inputs },
});

export const llmTls003Examples: RuleExamples = {
  rule: "LLM-TLS-003",
  pass: [
    {
      name: "TLS 1.3 and 1.2",
      resources: [listener({ sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" })],
      expect: [],
    },
    { name: "TLS 1.3 only", resources: [listener({ sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" })], expect: [] },
    {
      name: "a policy that the configuration allows",
      resources: [listener({ sslPolicy: "Corporate-2027" })],
      config: { allowedPolicies: ["Corporate-2027"] },
      expect: [],
    },
  ],
  fail: [
    { name: "no policy", resources: [listener({})], expect: ["fail tls sslPolicy"] },
    {
      name: "the policy of 2016",
      resources: [listener({ sslPolicy: "ELBSecurityPolicy-2016-08" })],
      expect: ["fail tls sslPolicy"],
    },
    {
      name: "a new policy that still accepts TLS 1.0",
      resources: [listener({ protocol: "TLS", sslPolicy: "ELBSecurityPolicy-TLS13-1-0-2021-06" })],
      expect: ["fail tls sslPolicy"],
    },
  ],
  undetermined: [
    {
      name: "an unknown policy",
      resources: [listener({ sslPolicy: unknownValue })],
      expect: ["undetermined tls sslPolicy"],
    },
  ],
};
