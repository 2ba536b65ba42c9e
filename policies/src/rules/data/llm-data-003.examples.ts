import { unknownValue } from "../../graph/property-value";
import { ref, type RuleExamples } from "../../rule/rule-example";

const vpc = { type: "aws:ec2/vpc:Vpc", name: "main" };
const log = { type: "aws:ec2/flowLog:FlowLog", name: "flows", inputs: { vpcId: ref("main"), trafficType: "ALL" } };

export const llmData003Examples: RuleExamples = {
  rule: "LLM-DATA-003",
  pass: [{ name: "joined by an unknown id", resources: [vpc, log], expect: [] }],
  fail: [
    { name: "none", resources: [vpc], expect: ["fail main"] },
    { name: "for another VPC", resources: [vpc, { ...vpc, name: "other" }, log], expect: ["fail other"] },
  ],
  undetermined: [
    {
      name: "for a VPC from elsewhere",
      resources: [vpc, { ...log, inputs: { vpcId: unknownValue } }],
      expect: ["undetermined main"],
    },
  ],
};
