import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const permission = { type: "aws:ec2/amiLaunchPermission:AmiLaunchPermission", name: "share" };

export const llmNet026Examples: RuleExamples = {
  rule: "LLM-NET-026",
  pass: [
    {
      name: "one account",
      resources: [{ ...permission, inputs: { imageId: unknownValue, accountId: "111122223333" } }],
      expect: [],
    },
  ],
  fail: [
    {
      name: "everyone",
      resources: [{ ...permission, inputs: { imageId: unknownValue, group: "all" } }],
      expect: ["fail share group"],
    },
  ],
  undetermined: [
    {
      name: "an unknown account",
      resources: [
        {
          type: "aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission",
          name: "share",
          inputs: { accountId: unknownValue },
        },
      ],
      expect: ["undetermined share accountId"],
    },
  ],
};
