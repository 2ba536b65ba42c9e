import { unknownValue, type PropertyValue } from "../../graph/property-value";
import { ref, type RuleExamples } from "../../rule/rule-example";

const bucket = { type: "aws:s3/bucket:Bucket", name: "models" };
const versioning = (status: PropertyValue, type = "aws:s3/bucketVersioning:BucketVersioning") => ({
  type,
  name: "versions",
  inputs: { bucket: ref("models"), versioningConfiguration: { status } },
});

export const llmData007Examples: RuleExamples = {
  rule: "LLM-DATA-007",
  pass: [
    { name: "enabled", resources: [bucket, versioning("Enabled")], expect: [] },
    {
      name: "enabled under the old token",
      resources: [bucket, versioning("Enabled", "aws:s3/bucketVersioningV2:BucketVersioningV2")],
      expect: [],
    },
    { name: "inline", resources: [{ ...bucket, inputs: { versioning: { enabled: true } } }], expect: [] },
  ],
  fail: [
    { name: "nothing", resources: [bucket], expect: ["fail models"] },
    { name: "suspended", resources: [bucket, versioning("Suspended")], expect: ["fail models"] },
  ],
  undetermined: [
    {
      name: "an unknown state",
      resources: [bucket, versioning(unknownValue)],
      expect: ["undetermined versions versioningConfiguration.status"],
    },
  ],
};
