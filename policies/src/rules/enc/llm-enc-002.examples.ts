import { unknownValue } from "../../graph/property-value";
import { ref, type ExampleValue, type RuleExamples } from "../../rule/rule-example";

const bucket = { type: "aws:s3/bucket:Bucket", name: "models" };
const encryption = (
  sseAlgorithm: ExampleValue,
  type = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
) => ({
  type,
  name: "encryption",
  inputs: {
    bucket: ref("models"),
    rules: [
      { applyServerSideEncryptionByDefault: { sseAlgorithm, kmsMasterKeyId: unknownValue }, bucketKeyEnabled: true },
    ],
  },
});

export const llmEnc002Examples: RuleExamples = {
  rule: "LLM-ENC-002",
  pass: [
    { name: "a key of the owner", resources: [bucket, encryption("aws:kms")], expect: [] },
    {
      name: "under the old token",
      resources: [
        bucket,
        encryption(
          "aws:kms",
          "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
        ),
      ],
      expect: [],
    },
    {
      name: "a bucket that receives access logs",
      resources: [
        bucket,
        encryption("aws:kms"),
        { ...bucket, name: "logs" },
        {
          type: "aws:s3/bucketLogging:BucketLogging",
          name: "logging",
          inputs: { bucket: ref("models"), targetBucket: ref("logs") },
        },
      ],
      expect: [],
    },
  ],
  fail: [
    { name: "nothing set", resources: [bucket], expect: ["fail models"] },
    {
      name: "Amazon's key",
      resources: [bucket, encryption("AES256")],
      expect: ["fail encryption rules[0].applyServerSideEncryptionByDefault.sseAlgorithm"],
    },
  ],
  undetermined: [
    {
      name: "an unknown algorithm",
      resources: [bucket, encryption(unknownValue)],
      expect: ["undetermined encryption rules[0].applyServerSideEncryptionByDefault.sseAlgorithm"],
    },
  ],
};
