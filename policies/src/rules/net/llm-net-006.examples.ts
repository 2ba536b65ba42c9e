import { unknownValue } from "../../graph/property-value";
import { ref, type RuleExamples } from "../../rule/rule-example";

const template = (associatePublicIpAddress: string) => ({
  type: "aws:ec2/launchTemplate:LaunchTemplate",
  name: "pool",
  inputs: { networkInterfaces: [{ associatePublicIpAddress }] },
});
/** A first interface, and Elastic Fabric Adapters. */
const adapters = (...further: readonly string[]) => ({
  ...template("false"),
  inputs: {
    networkInterfaces: ["false", ...further].map((associatePublicIpAddress, index) => ({
      associatePublicIpAddress,
      ...(index > 0
        ? { networkCardIndex: index - 1, deviceIndex: index === 1 ? 1 : 0, interfaceType: "efa-only" }
        : {}),
    })),
  },
});
const instance = { type: "aws:ec2/instance:Instance", name: "host" };

export const llmNet006Examples: RuleExamples = {
  rule: "LLM-NET-006",
  pass: [
    { name: "a template that says no, as a text", resources: [template("false")], expect: [] },
    { name: "a template with Elastic Fabric Adapters", resources: [adapters("false", "false")], expect: [] },
    { name: "an instance that leaves it to the subnet", resources: [instance], expect: [] },
    {
      name: "an elastic address for a NAT gateway",
      resources: [{ type: "aws:ec2/eip:Eip", name: "nat", inputs: { domain: "vpc" } }, instance],
      expect: [],
    },
  ],
  fail: [
    {
      name: "a template that says yes",
      resources: [template("true")],
      expect: ["fail pool networkInterfaces[0].associatePublicIpAddress"],
    },
    {
      name: "a template in which a further interface says yes",
      resources: [adapters("false", "true")],
      expect: ["fail pool networkInterfaces[2].associatePublicIpAddress"],
    },
    {
      name: "an instance",
      resources: [{ ...instance, inputs: { associatePublicIpAddress: true } }],
      expect: ["fail host associatePublicIpAddress"],
    },
    {
      name: "a launch configuration",
      resources: [
        {
          type: "aws:ec2/launchConfiguration:LaunchConfiguration",
          name: "old",
          inputs: { associatePublicIpAddress: true },
        },
      ],
      expect: ["fail old associatePublicIpAddress"],
    },
    {
      name: "an elastic address bound to a host whose id is unknown",
      resources: [instance, { type: "aws:ec2/eip:Eip", name: "address", inputs: { instance: ref("host") } }],
      expect: ["fail address instance"],
    },
    {
      name: "an association",
      resources: [
        instance,
        {
          type: "aws:ec2/eipAssociation:EipAssociation",
          name: "bind",
          inputs: { instanceId: ref("host"), allocationId: unknownValue },
        },
      ],
      expect: ["fail bind instanceId"],
    },
  ],
  undetermined: [
    {
      name: "an unknown choice",
      resources: [template(unknownValue)],
      expect: ["undetermined pool networkInterfaces[0].associatePublicIpAddress"],
    },
  ],
};
