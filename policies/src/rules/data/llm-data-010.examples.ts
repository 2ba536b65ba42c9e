import { unknownValue } from "../../graph/property-value";
import { ref, type ExampleValue, type RuleExamples } from "../../rule/rule-example";

const bucket = { type: "aws:s3/bucket:Bucket", name: "models" };
const lifecycle = (rules: ExampleValue) => ({
  type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  name: "lifecycle",
  inputs: { bucket: ref("models"), rules },
});
const expire = { id: "old", status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 90 } };
const abort = { id: "parts", status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } };

export const llmData010Examples: RuleExamples = {
  rule: "LLM-DATA-010",
  pass: [{ name: "both ends", resources: [bucket, lifecycle([expire, abort])], expect: [] }],
  fail: [
    { name: "no rule", resources: [bucket], expect: ["fail models"] },
    { name: "old versions stay", resources: [bucket, lifecycle([abort])], expect: ["fail models"] },
    {
      name: "a disabled rule",
      resources: [bucket, lifecycle([{ ...expire, status: "Disabled" }, abort])],
      expect: ["fail models"],
    },
  ],
  undetermined: [
    { name: "unknown rules", resources: [bucket, lifecycle(unknownValue)], expect: ["undetermined lifecycle rules"] },
  ],
};
