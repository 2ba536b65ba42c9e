import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const logs = { type: "aws:cloudwatch/logGroup:LogGroup", name: "logs" };

export const llmEnc006Examples: RuleExamples = {
  rule: "LLM-ENC-006",
  pass: [
    { name: "a key of the program", resources: [{ ...logs, inputs: { kmsKeyId: unknownValue } }], expect: [] },
    {
      name: "a registry",
      resources: [
        {
          type: "aws:ecr/repository:Repository",
          name: "images",
          inputs: {
            encryptionConfigurations: [
              { encryptionType: "KMS", kmsKey: "arn:aws:kms:eu-central-1:111122223333:key/1" },
            ],
          },
        },
      ],
      expect: [],
    },
  ],
  fail: [
    { name: "no key", resources: [logs], expect: ["fail logs kmsKeyId"] },
    {
      name: "Amazon's key for a topic",
      resources: [{ type: "aws:sns/topic:Topic", name: "alerts", inputs: { kmsMasterKeyId: "alias/aws/sns" } }],
      expect: ["fail alerts kmsMasterKeyId"],
    },
    {
      name: "a backup vault and a registry without",
      resources: [
        { type: "aws:backup/vault:Vault", name: "vault" },
        { type: "aws:ecr/repository:Repository", name: "images" },
      ],
      expect: ["fail vault kmsKeyArn", "fail images encryptionConfigurations"],
    },
  ],
};
