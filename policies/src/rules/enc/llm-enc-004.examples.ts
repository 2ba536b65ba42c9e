import { ref, type RuleExamples } from "../../rule/rule-example";

const secret = { type: "aws:secretsmanager/secret:Secret", name: "key" };

export const llmEnc004Examples: RuleExamples = {
  rule: "LLM-ENC-004",
  pass: [
    {
      name: "a key of the program",
      resources: [
        { type: "aws:kms/key:Key", name: "kms" },
        { ...secret, inputs: { kmsKeyId: ref("kms") } },
      ],
      expect: [],
    },
    {
      name: "a parameter that is no secret, beside one with a key",
      resources: [
        { type: "aws:ssm/parameter:Parameter", name: "plain", inputs: { type: "String" } },
        { type: "aws:ssm/parameter:Parameter", name: "secure", inputs: { type: "SecureString", keyId: "alias/llm" } },
      ],
      expect: [],
    },
  ],
  fail: [
    { name: "no key named", resources: [secret], expect: ["fail key kmsKeyId"] },
    {
      name: "Amazon's alias",
      resources: [
        {
          type: "aws:ssm/parameter:Parameter",
          name: "secure",
          inputs: { type: "SecureString", keyId: "alias/aws/ssm" },
        },
      ],
      expect: ["fail secure keyId"],
    },
  ],
};
