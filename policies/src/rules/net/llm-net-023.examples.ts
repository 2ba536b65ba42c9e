import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const group = (cidrBlocks: string[]) => ({
  type: "aws:ec2/securityGroup:SecurityGroup",
  name: "engine",
  inputs: { egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks }] },
});

export const llmNet023Examples: RuleExamples = {
  rule: "LLM-NET-023",
  pass: [{ name: "the VPC only", resources: [group(["10.0.0.0/16"])], expect: [] }],
  fail: [
    { name: "everywhere", resources: [group(["0.0.0.0/0"])], expect: ["fail engine egress[0].cidrBlocks"] },
    {
      name: "a split rule",
      resources: [
        {
          type: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
          name: "out",
          inputs: { cidrIpv6: "::/0", ipProtocol: "-1", securityGroupId: unknownValue },
        },
      ],
      expect: ["fail out cidrIpv6"],
    },
  ],
  undetermined: [
    {
      name: "an unknown block",
      resources: [group([unknownValue])],
      expect: ["undetermined engine egress[0].cidrBlocks[0]"],
    },
  ],
};
