import { unknownValue } from "../../graph/property-value";
import { ref, type RuleExamples } from "../../rule/rule-example";

const stack = { type: "pulumi:pulumi:Stack", name: "example" };
const vpc = { type: "aws:ec2/vpc:Vpc", name: "main", inputs: { cidrBlock: "10.0.0.0/16" } };
const subnet = {
  type: "aws:ec2/subnet:Subnet",
  name: "serving",
  inputs: { vpcId: ref("main"), cidrBlock: "10.0.0.0/24" },
};
const group = { type: "aws:ec2/securityGroup:SecurityGroup", name: "engine", inputs: { vpcId: ref("main") } };
const host = {
  type: "aws:ec2/instance:Instance",
  name: "host",
  inputs: { subnetId: ref("serving"), vpcSecurityGroupIds: [ref("engine")], associatePublicIpAddress: false },
};
const url = (authorizationType: string) => ({
  type: "aws:lambda/functionUrl:FunctionUrl",
  name: "url",
  inputs: { functionName: "f", authorizationType },
});

export const llmNet024Examples: RuleExamples = {
  rule: "LLM-NET-024",
  pass: [{ name: "a private host", resources: [stack, vpc, subnet, group, host], expect: [] }],
  fail: [{ name: "a function URL for everyone", resources: [stack, url("NONE")], expect: ["fail url"] }],
  undetermined: [
    {
      name: "a function URL whose callers are unknown",
      resources: [stack, url(unknownValue)],
      expect: ["undetermined url"],
    },
  ],
};
