import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const config = { allowedRegions: ["eu-*"] };
const replica = (region: string) => ({ type: "aws:s3/bucket:Bucket", name: "replica", inputs: { region } });
const provider = { type: "pulumi:providers:aws", name: "default" };

export const llmData014Examples: RuleExamples = {
  rule: "LLM-DATA-014",
  pass: [
    {
      name: "a replica in the Union",
      config,
      resources: [{ ...provider, inputs: { region: "eu-central-1" } }, replica("eu-west-1")],
      expect: [],
    },
    {
      name: "a region by name",
      config: { allowedRegions: ["eu-central-1"] },
      resources: [replica("eu-central-1")],
      expect: [],
    },
  ],
  fail: [
    {
      name: "a replica elsewhere, although the provider is in the Union",
      config,
      resources: [{ ...provider, inputs: { region: "eu-central-1" } }, replica("us-east-1")],
      expect: ["fail replica region"],
    },
    {
      name: "a provider elsewhere",
      config,
      resources: [{ ...provider, inputs: { region: "us-west-2" } }],
      expect: ["fail default region"],
    },
  ],
  undetermined: [
    { name: "an unknown region", config, resources: [replica(unknownValue)], expect: ["undetermined replica region"] },
    { name: "a provider without a region", config, resources: [provider], expect: ["undetermined default region"] },
  ],
};
