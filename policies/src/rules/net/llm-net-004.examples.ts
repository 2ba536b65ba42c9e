import { unknownValue } from "../../graph/property-value";
import { ref, type RuleExamples } from "../../rule/rule-example";

const vpc = { type: "aws:ec2/vpc:Vpc", name: "main", inputs: { cidrBlock: "10.0.0.0/16" } };
const locked = {
  type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  name: "default",
  inputs: { vpcId: ref("main") },
};

export const llmNet004Examples: RuleExamples = {
  rule: "LLM-NET-004",
  pass: [
    { name: "taken over without rules", resources: [vpc, locked], expect: [] },
    {
      name: "taken over with empty lists",
      resources: [vpc, { ...locked, inputs: { ...locked.inputs, ingress: [], egress: [] } }],
      expect: [],
    },
  ],
  fail: [
    { name: "not taken over", resources: [vpc], expect: ["fail main"] },
    {
      name: "taken over, but open to itself",
      resources: [
        vpc,
        { ...locked, inputs: { ...locked.inputs, ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, self: true }] } },
      ],
      expect: ["fail default ingress"],
    },
    { name: "one of two VPCs", resources: [vpc, { ...vpc, name: "other" }, locked], expect: ["fail other"] },
  ],
  undetermined: [
    {
      name: "unknown rules",
      resources: [vpc, { ...locked, inputs: { ...locked.inputs, egress: unknownValue } }],
      expect: ["undetermined default egress"],
    },
  ],
};
