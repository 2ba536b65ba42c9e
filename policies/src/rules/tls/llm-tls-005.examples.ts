import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const certificate = { type: "aws:acm/certificate:Certificate", name: "edge" };

export const llmTls005Examples: RuleExamples = {
  rule: "LLM-TLS-005",
  pass: [
    { name: "the default", resources: [certificate], expect: [] },
    { name: "a curve", resources: [{ ...certificate, inputs: { keyAlgorithm: "EC_prime256v1" } }], expect: [] },
  ],
  fail: [
    {
      name: "1024 bits",
      resources: [{ ...certificate, inputs: { keyAlgorithm: "RSA_1024" } }],
      expect: ["fail edge keyAlgorithm"],
    },
  ],
  undetermined: [
    {
      name: "an unknown algorithm",
      resources: [{ ...certificate, inputs: { keyAlgorithm: unknownValue } }],
      expect: ["undetermined edge keyAlgorithm"],
    },
  ],
};
