import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const group = (protocol: string, port: number, type = "aws:lb/targetGroup:TargetGroup") => ({
  type,
  name: "targets",
  inputs: { protocol, port },
});

export const llmTls004Examples: RuleExamples = {
  rule: "LLM-TLS-004",
  pass: [
    { name: "HTTPS", resources: [group("HTTPS", 8443)], expect: [] },
    { name: "TCP through to a host that ends TLS", resources: [group("TCP", 443)], expect: [] },
  ],
  fail: [
    {
      name: "HTTP",
      resources: [group("HTTP", 8000, "aws:alb/targetGroup:TargetGroup")],
      expect: ["fail targets protocol"],
    },
    { name: "TCP to an engine", resources: [group("TCP", 8000)], expect: ["fail targets protocol"] },
  ],
  undetermined: [
    { name: "an unknown protocol", resources: [group(unknownValue, 443)], expect: ["undetermined targets protocol"] },
  ],
};
