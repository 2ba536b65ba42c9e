import { unknownValue, type PropertyValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const key = (inputs: Readonly<Record<string, PropertyValue>>) => ({
  type: "aws:kms/key:Key",
  name: "models",
  inputs: { enableKeyRotation: true, deletionWindowInDays: 30, ...inputs },
});
const allow = (statement: Readonly<Record<string, PropertyValue>>) =>
  JSON.stringify({ Statement: [{ Effect: "Allow", Action: "kms:*", Resource: "*", ...statement }] });

export const llmEnc008Examples: RuleExamples = {
  rule: "LLM-ENC-008",
  pass: [
    {
      name: "rotates, 30 days, the account's root",
      resources: [key({ policy: allow({ Principal: { AWS: "arn:aws:iam::111122223333:root" } }) })],
      expect: [],
    },
    {
      name: "an asymmetric key cannot rotate",
      resources: [key({ enableKeyRotation: false, customerMasterKeySpec: "ECC_NIST_P256", keyUsage: "SIGN_VERIFY" })],
      expect: [],
    },
    {
      name: "everyone, but through one service of the own account",
      resources: [
        key({
          policy: allow({ Principal: "*", Condition: { StringEquals: { "kms:CallerAccount": "111122223333" } } }),
        }),
      ],
      expect: [],
    },
  ],
  fail: [
    {
      name: "does not rotate",
      resources: [{ type: "aws:kms/key:Key", name: "models" }],
      expect: ["fail models enableKeyRotation"],
    },
    {
      name: "gone in a week",
      resources: [key({ deletionWindowInDays: 7 })],
      expect: ["fail models deletionWindowInDays"],
    },
    { name: "everyone's key", resources: [key({ policy: allow({ Principal: "*" }) })], expect: ["fail models policy"] },
    {
      name: "an unknown policy hides nothing",
      resources: [key({ enableKeyRotation: false, policy: unknownValue })],
      expect: ["fail models enableKeyRotation", "undetermined models policy"],
    },
  ],
  undetermined: [
    {
      name: "a policy that is not known yet",
      resources: [key({ policy: unknownValue })],
      expect: ["undetermined models policy"],
    },
  ],
};
