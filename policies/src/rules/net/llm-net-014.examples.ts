import { unknownValue, type PropertyValue } from "../../graph/property-value";
import { ref, type RuleExamples } from "../../rule/rule-example";

const bucket = { type: "aws:s3/bucket:Bucket", name: "models" };
const all = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
const block = (more: Readonly<Record<string, PropertyValue>> = {}) => ({
  type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  name: "block",
  inputs: { bucket: ref("models"), ...all, ...more },
});

export const llmNet014Examples: RuleExamples = {
  rule: "LLM-NET-014",
  pass: [
    { name: "a block, the bucket's name unknown", resources: [bucket, block()], expect: [] },
    {
      name: "a block that names the bucket in clear, and the old token",
      resources: [
        { type: "aws:s3/bucketV2:BucketV2", name: "models", inputs: { bucket: "weights" } },
        block({ bucket: "weights" }),
      ],
      expect: [],
    },
    {
      name: "a block for the account",
      resources: [
        bucket,
        { type: "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", name: "account", inputs: all },
      ],
      expect: [],
    },
    { name: "an assumption", resources: [bucket], config: { assumeAccountBlock: true }, expect: [] },
  ],
  fail: [
    { name: "no block", resources: [bucket], expect: ["fail models"] },
    {
      name: "three of four",
      resources: [bucket, block({ restrictPublicBuckets: false })],
      expect: ["fail block restrictPublicBuckets"],
    },
    {
      name: "another bucket's block",
      resources: [bucket, { ...bucket, name: "logs" }, block()],
      expect: ["fail logs"],
    },
    {
      name: "an unknown setting hides no wrong one",
      resources: [bucket, block({ blockPublicAcls: unknownValue, blockPublicPolicy: false })],
      expect: ["undetermined block blockPublicAcls", "fail block blockPublicPolicy"],
    },
  ],
  undetermined: [
    {
      name: "an unknown setting",
      resources: [bucket, block({ blockPublicAcls: unknownValue })],
      expect: ["undetermined block blockPublicAcls"],
    },
  ],
};
