import { unknownValue } from "../../graph/property-value";
import { ref, type RuleExamples } from "../../rule/rule-example";

const group = { type: "aws:ec2/securityGroup:SecurityGroup", name: "engine" };
const rule = (name: string, cidrIpv4: string) => ({
  type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  name,
  inputs: { securityGroupId: ref("engine"), cidrIpv4, ipProtocol: "tcp", fromPort: 443, toPort: 443 },
});

export const llmNet002Examples: RuleExamples = {
  rule: "LLM-NET-002",
  pass: [
    {
      name: "private ranges do not count",
      resources: [group, rule("a", "10.0.0.0/8"), rule("b", "172.16.0.0/12"), rule("c", "100.64.0.0/10")],
      expect: [],
    },
    { name: "two offices", resources: [group, rule("a", "8.8.8.0/24"), rule("b", "9.9.9.0/24")], expect: [] },
    {
      name: "a wider bound",
      resources: [group, rule("a", "16.0.0.0/6")],
      config: { widestPublicPrefixV4: 6 },
      expect: [],
    },
  ],
  fail: [
    {
      name: "halves in two split rules",
      resources: [group, rule("low", "0.0.0.0/1"), rule("high", "128.0.0.0/1")],
      expect: ["fail engine ingress"],
    },
    {
      name: "one half inline, one in a legacy rule, joined by an unknown id",
      resources: [
        { ...group, inputs: { ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/1"] }] } },
        {
          type: "aws:ec2/securityGroupRule:SecurityGroupRule",
          name: "high",
          inputs: {
            type: "ingress",
            securityGroupId: ref("engine"),
            protocol: "-1",
            fromPort: 0,
            toPort: 0,
            cidrBlocks: ["128.0.0.0/1"],
          },
        },
      ],
      expect: ["fail engine ingress"],
    },
    {
      name: "much of IPv6",
      resources: [
        { ...group, inputs: { ingress: [{ protocol: "tcp", fromPort: 1, toPort: 2, ipv6CidrBlocks: ["2600::/12"] }] } },
      ],
      expect: ["fail engine ingress"],
    },
  ],
  undetermined: [
    { name: "an unknown block", resources: [group, rule("a", unknownValue)], expect: ["undetermined a cidrIpv4"] },
  ],
};
