import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const bucket = { type: "aws:s3/bucket:Bucket", name: "models" };
const table = { type: "aws:dynamodb/table:Table", name: "keys" };

export const llmData012Examples: RuleExamples = {
  rule: "LLM-DATA-012",
  pass: [
    { name: "protected", resources: [{ ...bucket, protect: true }], expect: [] },
    { name: "stays in the cloud", resources: [{ ...bucket, retainOnDelete: true }], expect: [] },
    {
      name: "the provider's protection",
      resources: [{ ...table, inputs: { deletionProtectionEnabled: true } }],
      expect: [],
    },
  ],
  fail: [
    { name: "nothing", resources: [bucket], expect: ["fail models"] },
    {
      name: "emptied on deletion",
      resources: [{ ...bucket, protect: true, inputs: { forceDestroy: true } }],
      expect: ["fail models forceDestroy"],
    },
  ],
  undetermined: [
    {
      name: "an unknown choice",
      resources: [{ ...table, inputs: { deletionProtectionEnabled: unknownValue } }],
      expect: ["undetermined keys deletionProtectionEnabled"],
    },
  ],
};
