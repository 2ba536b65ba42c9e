import { ref, type RuleExamples } from "../../rule/rule-example";

const group = { type: "aws:ec2/securityGroup:SecurityGroup", name: "engine" };
const inline = [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/8"] }];
const split = {
  type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  name: "in",
  inputs: { securityGroupId: ref("engine"), ipProtocol: "-1", cidrIpv4: "10.0.0.0/8" },
};

export const llmNet003Examples: RuleExamples = {
  rule: "LLM-NET-003",
  pass: [
    { name: "only split rules", resources: [group, split], expect: [] },
    { name: "only inline rules", resources: [{ ...group, inputs: { ingress: inline } }], expect: [] },
    { name: "ingress split, egress inline", resources: [{ ...group, inputs: { egress: inline } }, split], expect: [] },
  ],
  fail: [
    {
      name: "both for ingress",
      resources: [{ ...group, inputs: { ingress: inline } }, split],
      expect: ["fail engine ingress"],
    },
    {
      name: "both for egress, in the legacy type",
      resources: [
        { ...group, inputs: { egress: inline } },
        {
          type: "aws:ec2/securityGroupRule:SecurityGroupRule",
          name: "out",
          inputs: {
            type: "egress",
            securityGroupId: ref("engine"),
            protocol: "-1",
            fromPort: 0,
            toPort: 0,
            self: true,
          },
        },
      ],
      expect: ["fail engine egress"],
    },
  ],
};
