import { unknownValue, type PropertyValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const trail = (inputs: Readonly<Record<string, PropertyValue>>) => ({
  type: "aws:cloudtrail/trail:Trail",
  name: "trail",
  inputs: { isMultiRegionTrail: true, enableLogFileValidation: true, ...inputs },
});

export const llmData006Examples: RuleExamples = {
  rule: "LLM-DATA-006",
  pass: [{ name: "everywhere, validated", resources: [trail({})], expect: [] }],
  fail: [
    {
      name: "one region",
      resources: [trail({ isMultiRegionTrail: false })],
      expect: ["fail trail isMultiRegionTrail"],
    },
    {
      name: "nothing said",
      resources: [{ type: "aws:cloudtrail/trail:Trail", name: "trail" }],
      expect: ["fail trail isMultiRegionTrail", "fail trail enableLogFileValidation"],
    },
    { name: "switched off", resources: [trail({ enableLogging: false })], expect: ["fail trail enableLogging"] },
  ],
  undetermined: [
    {
      name: "an unknown choice",
      resources: [trail({ isMultiRegionTrail: unknownValue })],
      expect: ["undetermined trail isMultiRegionTrail"],
    },
  ],
};
