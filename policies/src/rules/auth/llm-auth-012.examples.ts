import type { RuleExamples } from "../../rule/rule-example";

export const llmAuth012Examples: RuleExamples = {
  rule: "LLM-AUTH-012",
  pass: [{ name: "a role", resources: [{ type: "aws:iam/role:Role", name: "node" }], expect: [] }],
  fail: [
    {
      name: "a user with a key",
      resources: [
        { type: "aws:iam/user:User", name: "ci" },
        { type: "aws:iam/accessKey:AccessKey", name: "key" },
      ],
      expect: ["fail ci", "fail key"],
    },
  ],
};
