import { unknownValue } from "../../graph/property-value";
import { ref, type RuleExamples } from "../../rule/rule-example";

const group = { type: "aws:ec2/securityGroup:SecurityGroup", name: "engine" };
const open = (cidrBlocks: string[], more = {}) => ({
  ...group,
  inputs: { ingress: [{ protocol: "tcp", fromPort: 8000, toPort: 8000, cidrBlocks, ...more }] },
});

export const llmNet001Examples: RuleExamples = {
  rule: "LLM-NET-001",
  pass: [
    {
      name: "the gateway's group is named",
      resources: [
        group,
        { ...group, name: "gateway" },
        {
          type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
          name: "in",
          inputs: {
            securityGroupId: ref("engine"),
            referencedSecurityGroupId: ref("gateway"),
            ipProtocol: "tcp",
            fromPort: 8000,
            toPort: 8000,
          },
        },
      ],
      expect: [],
    },
    {
      name: "all traffic of a group's own members, as Elastic Fabric Adapters need it",
      resources: [
        group,
        {
          type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
          name: "in",
          inputs: { securityGroupId: ref("engine"), referencedSecurityGroupId: ref("engine"), ipProtocol: "-1" },
        },
      ],
      expect: [],
    },
    { name: "a private network", resources: [open(["10.0.0.0/8", "192.168.0.0/16"])], expect: [] },
    {
      name: "an approved public port",
      resources: [
        { ...group, inputs: { ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }] } },
      ],
      config: { publicPorts: [443] },
      expect: [],
    },
    {
      name: "egress to anywhere is another rule's matter",
      resources: [
        {
          type: "aws:ec2/securityGroupRule:SecurityGroupRule",
          name: "out",
          inputs: { type: "egress", protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] },
        },
        open(["10.1.0.0/16"]),
      ],
      expect: [],
    },
    {
      name: "a trusted prefix list",
      resources: [
        {
          ...group,
          inputs: { ingress: [{ protocol: "tcp", fromPort: 8000, toPort: 8000, prefixListIds: ["pl-12"] }] },
        },
      ],
      config: { trustedPrefixLists: ["pl-12"] },
      expect: [],
    },
  ],
  fail: [
    {
      name: "inline, an engine port",
      resources: [open(["0.0.0.0/0"])],
      expect: ["fail engine ingress[0].cidrBlocks[0]"],
    },
    {
      name: "all traffic, by address and not by group",
      resources: [
        group,
        {
          type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
          name: "in",
          inputs: { securityGroupId: ref("engine"), cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" },
        },
      ],
      expect: ["fail in cidrIpv4"],
    },
    {
      name: "another spelling of all of IPv6",
      resources: [open([], { ipv6CidrBlocks: ["0::/0"] })],
      expect: ["fail engine ingress[0].ipv6CidrBlocks[0]"],
    },
    {
      name: "two halves",
      resources: [open(["0.0.0.0/1", "128.0.0.0/1"])],
      expect: ["fail engine ingress[0].cidrBlocks"],
    },
    {
      name: "all that IPv6 routes",
      resources: [open([], { ipv6CidrBlocks: ["2000::/3"] })],
      expect: ["fail engine ingress[0].ipv6CidrBlocks[0]"],
    },
    {
      name: "the split rule type",
      resources: [
        {
          type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
          name: "in",
          inputs: {
            securityGroupId: unknownValue,
            cidrIpv4: "0.0.0.0/0",
            ipProtocol: "tcp",
            fromPort: 11434,
            toPort: 11434,
          },
        },
      ],
      expect: ["fail in cidrIpv4"],
    },
    {
      name: "the legacy rule type, beside an unknown group id",
      resources: [
        {
          type: "aws:ec2/securityGroupRule:SecurityGroupRule",
          name: "in",
          inputs: {
            type: "ingress",
            securityGroupId: unknownValue,
            protocol: "-1",
            fromPort: 0,
            toPort: 0,
            cidrBlocks: ["0.0.0.0/0"],
            ipv6CidrBlocks: ["::/0"],
          },
        },
      ],
      expect: ["fail in cidrBlocks[0]", "fail in ipv6CidrBlocks[0]"],
    },
    {
      name: "the default group",
      resources: [
        {
          type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
          name: "default",
          inputs: { ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }] },
        },
      ],
      expect: ["fail default ingress[0].cidrBlocks[0]"],
    },
    {
      name: "self beside an open block hides nothing",
      resources: [open(["0.0.0.0/0"], { self: true })],
      expect: ["fail engine ingress[0].cidrBlocks[0]"],
    },
    {
      name: "an unknown block hides no certain one",
      resources: [open([unknownValue, "0.0.0.0/0"])],
      expect: ["fail engine ingress[0].cidrBlocks[1]", "undetermined engine ingress[0].cidrBlocks[0]"],
    },
    {
      name: "a range around the approved port",
      resources: [
        {
          ...group,
          inputs: { ingress: [{ protocol: "tcp", fromPort: 443, toPort: 8443, cidrBlocks: ["0.0.0.0/0"] }] },
        },
      ],
      config: { publicPorts: [443] },
      expect: ["fail engine ingress[0].cidrBlocks[0]"],
    },
  ],
  undetermined: [
    {
      name: "an address from elsewhere",
      resources: [open([unknownValue])],
      expect: ["undetermined engine ingress[0].cidrBlocks[0]"],
    },
    {
      name: "the whole list",
      resources: [{ ...group, inputs: { ingress: unknownValue } }],
      expect: ["undetermined engine ingress"],
    },
    {
      name: "a prefix list",
      resources: [
        {
          type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
          name: "in",
          inputs: { securityGroupId: unknownValue, prefixListId: "pl-1", ipProtocol: "-1" },
        },
      ],
      expect: ["undetermined in prefixListId"],
    },
  ],
};
