import { secretValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const secret = { type: "kubernetes:core/v1:Secret", name: "keys" };

export const llmSec004Examples: RuleExamples = {
  rule: "LLM-SEC-004",
  pass: [
    { name: "a Pulumi secret", resources: [{ ...secret, inputs: { stringData: { key: secretValue } } }], expect: [] },
  ],
  fail: [
    {
      name: "changeme",
      resources: [{ ...secret, inputs: { stringData: { key: "changeme" } } }],
      expect: ["fail keys stringData.key"],
    },
    {
      name: "admin in Base64",
      resources: [{ ...secret, inputs: { data: { password: "YWRtaW4=" } } }],
      expect: ["fail keys data.password"],
    },
    {
      name: "a database",
      resources: [{ type: "aws:rds/instance:Instance", name: "db", inputs: { password: "password" } }],
      expect: ["fail db password"],
    },
  ],
};
