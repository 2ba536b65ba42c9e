import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const subnet = { type: "aws:ec2/subnet:Subnet", name: "serving" };

export const llmNet007Examples: RuleExamples = {
  rule: "LLM-NET-007",
  pass: [
    { name: "says nothing", resources: [subnet], expect: [] },
    {
      name: "says no",
      resources: [{ ...subnet, inputs: { mapPublicIpOnLaunch: false, assignIpv6AddressOnCreation: false } }],
      expect: [],
    },
  ],
  fail: [
    {
      name: "IPv4",
      resources: [{ ...subnet, inputs: { mapPublicIpOnLaunch: true } }],
      expect: ["fail serving mapPublicIpOnLaunch"],
    },
    {
      name: "IPv6, beside an unknown IPv4 choice",
      resources: [{ ...subnet, inputs: { mapPublicIpOnLaunch: unknownValue, assignIpv6AddressOnCreation: true } }],
      expect: ["fail serving assignIpv6AddressOnCreation", "undetermined serving mapPublicIpOnLaunch"],
    },
    {
      name: "a default subnet that says nothing",
      resources: [{ type: "aws:ec2/defaultSubnet:DefaultSubnet", name: "default" }],
      expect: ["fail default mapPublicIpOnLaunch"],
    },
  ],
  undetermined: [
    {
      name: "an unknown choice",
      resources: [{ ...subnet, inputs: { mapPublicIpOnLaunch: unknownValue } }],
      expect: ["undetermined serving mapPublicIpOnLaunch"],
    },
  ],
};
