import { unknownValue, type PropertyValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const template = (metadataOptions: Readonly<Record<string, PropertyValue>>) => ({
  type: "aws:ec2/launchTemplate:LaunchTemplate",
  name: "pool",
  inputs: { metadataOptions },
});

export const llmAuth008Examples: RuleExamples = {
  rule: "LLM-AUTH-008",
  pass: [
    {
      name: "required, one hop",
      resources: [template({ httpTokens: "required", httpPutResponseHopLimit: 1 })],
      expect: [],
    },
    { name: "no metadata at all", resources: [template({ httpEndpoint: "disabled" })], expect: [] },
    {
      name: "two hops where pods need them",
      resources: [template({ httpTokens: "required", httpPutResponseHopLimit: 2 })],
      config: { maximumHops: 2 },
      expect: [],
    },
    {
      name: "an instance that takes the template's options",
      resources: [
        { type: "aws:ec2/instance:Instance", name: "host", inputs: { launchTemplate: { id: unknownValue } } },
      ],
      expect: [],
    },
  ],
  fail: [
    {
      name: "nothing said",
      resources: [{ type: "aws:ec2/launchTemplate:LaunchTemplate", name: "pool" }],
      expect: ["fail pool metadataOptions.httpTokens"],
    },
    {
      name: "optional, two hops",
      resources: [template({ httpTokens: "optional", httpPutResponseHopLimit: "2" })],
      expect: ["fail pool metadataOptions.httpTokens", "fail pool metadataOptions.httpPutResponseHopLimit"],
    },
    {
      name: "a launch configuration",
      resources: [{ type: "aws:ec2/launchConfiguration:LaunchConfiguration", name: "old" }],
      expect: ["fail old metadataOptions.httpTokens"],
    },
  ],
  undetermined: [
    {
      name: "unknown options",
      resources: [{ type: "aws:ec2/instance:Instance", name: "host", inputs: { metadataOptions: unknownValue } }],
      expect: ["undetermined host metadataOptions"],
    },
  ],
};
