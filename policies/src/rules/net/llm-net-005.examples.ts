import { unknownValue } from "../../graph/property-value";
import { ref, type RuleExamples } from "../../rule/rule-example";

const acl = (...ingress: Readonly<Record<string, string | number>>[]) => ({
  type: "aws:ec2/networkAcl:NetworkAcl",
  name: "acl",
  inputs: { ingress },
});
const entry = (ruleNo: number, action: string, cidrBlock: string, fromPort: number, toPort: number) => ({
  ruleNo,
  action,
  cidrBlock,
  protocol: "tcp",
  fromPort,
  toPort,
});

export const llmNet005Examples: RuleExamples = {
  rule: "LLM-NET-005",
  pass: [
    { name: "the VPC only", resources: [acl(entry(100, "allow", "10.0.0.0/16", 0, 65_535))], expect: [] },
    {
      name: "an allow behind a deny",
      resources: [acl(entry(200, "allow", "0.0.0.0/0", 8000, 8000), entry(100, "deny", "0.0.0.0/0", 8000, 8000))],
      expect: [],
    },
    {
      name: "return traffic on high ports",
      resources: [acl(entry(100, "allow", "0.0.0.0/0", 32_768, 65_535))],
      expect: [],
    },
    {
      name: "no entries at all",
      resources: [{ type: "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl", name: "acl" }],
      expect: [],
    },
  ],
  fail: [
    {
      name: "an engine port",
      resources: [acl(entry(100, "allow", "0.0.0.0/0", 8000, 8000))],
      expect: ["fail acl ingress[0].cidrBlock"],
    },
    {
      name: "a deny behind the allow",
      resources: [acl(entry(100, "allow", "0.0.0.0/0", 0, 65_535), entry(200, "deny", "0.0.0.0/0", 22, 22))],
      expect: ["fail acl ingress[0].cidrBlock"],
    },
    {
      name: "two halves",
      resources: [acl(entry(100, "allow", "0.0.0.0/1", 22, 22), entry(101, "allow", "128.0.0.0/1", 22, 22))],
      expect: ["fail acl ingress[0].cidrBlock"],
    },
    {
      name: "a split rule for every protocol over IPv6",
      resources: [
        acl(),
        {
          type: "aws:ec2/networkAclRule:NetworkAclRule",
          name: "in",
          inputs: {
            networkAclId: ref("acl"),
            ruleNumber: 100,
            ruleAction: "allow",
            protocol: "-1",
            ipv6CidrBlock: "::/0",
          },
        },
      ],
      expect: ["fail in ipv6CidrBlock"],
    },
  ],
  undetermined: [
    {
      name: "an unknown block",
      resources: [acl(entry(100, "allow", unknownValue, 22, 22))],
      expect: ["undetermined acl ingress[0].cidrBlock"],
    },
  ],
};
