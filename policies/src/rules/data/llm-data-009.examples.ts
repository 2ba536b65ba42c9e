import { ref, type RuleExamples } from "../../rule/rule-example";

const vault = { type: "aws:backup/vault:Vault", name: "vault", inputs: { name: "models" } };

export const llmData009Examples: RuleExamples = {
  rule: "LLM-DATA-009",
  pass: [
    {
      name: "locked, the name unknown",
      resources: [
        vault,
        {
          type: "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
          name: "lock",
          inputs: { backupVaultName: ref("vault"), minRetentionDays: 7 },
        },
      ],
      expect: [],
    },
    {
      name: "locked by name",
      resources: [
        vault,
        {
          type: "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
          name: "lock",
          inputs: { backupVaultName: "models", minRetentionDays: 7 },
        },
      ],
      expect: [],
    },
  ],
  fail: [{ name: "open", resources: [vault], expect: ["fail vault"] }],
};
