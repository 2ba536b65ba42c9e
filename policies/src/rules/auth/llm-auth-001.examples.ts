import { unknownValue } from "../../graph/property-value";
import { ref, type ExampleResource, type ExampleValue, type RuleExamples } from "../../rule/rule-example";
import { container, deployment, fleet, host } from "../engine-examples";

const group = { type: "aws:ec2/securityGroup:SecurityGroup", name: "serving" };
const template: ExampleResource = {
  ...host("vllm serve /x --port 8000"),
  inputs: { ...host("vllm serve /x --port 8000").inputs, vpcSecurityGroupIds: [ref("serving")] },
};
const rule = (inputs: Readonly<Record<string, ExampleValue>>) => ({
  type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  name: "in",
  inputs: { securityGroupId: ref("serving"), ipProtocol: "tcp", fromPort: 8000, toPort: 8000, ...inputs },
});
const published = (ports: ExampleValue) => ({
  ...container(["--model", "/x"]),
  inputs: { ...container(["--model", "/x"]).inputs, ports },
});
const service = (type: string) => ({
  type: "kubernetes:core/v1:Service",
  name: "service",
  inputs: { spec: { type, selector: { app: "engine" } } },
});

export const llmAuth001Examples: RuleExamples = {
  rule: "LLM-AUTH-001",
  pass: [
    {
      name: "the gateway's group",
      resources: [group, { ...group, name: "gateway" }, template, rule({ referencedSecurityGroupId: ref("gateway") })],
      expect: [],
    },
    {
      name: "addresses on another port",
      resources: [group, template, rule({ cidrIpv4: "10.0.0.0/8", fromPort: 9100, toPort: 9100 })],
      expect: [],
    },
    { name: "a container on loopback", resources: [published([{ internal: 8000, ip: "127.0.0.1" }])], expect: [] },
    { name: "a pod behind ClusterIP", resources: [deployment(["--model", "/x"]), service("ClusterIP")], expect: [] },
  ],
  fail: [
    {
      name: "addresses on the engine's port",
      resources: [group, template, rule({ cidrIpv4: "10.0.0.0/8" })],
      expect: ["fail in cidrIpv4"],
    },
    {
      name: "addresses in a range, for our own fleet",
      resources: [
        group,
        fleet(["serve", "/x", "--port", "8000"]),
        {
          type: "aws:ec2/launchTemplate:LaunchTemplate",
          name: "pool",
          parent: "chat",
          inputs: { networkInterfaces: [{ securityGroups: [ref("serving")] }] },
        },
        rule({ cidrIpv4: "10.40.0.0/16", fromPort: 7000, toPort: 9000 }),
      ],
      expect: ["fail in cidrIpv4"],
    },
    {
      name: "a container on every interface",
      resources: [published([{ internal: 8000, external: 8000 }])],
      expect: ["fail engine ports[0]"],
    },
    {
      name: "a service with a port on every node",
      resources: [deployment(["--model", "/x"]), service("NodePort")],
      expect: ["fail service spec.type"],
    },
  ],
  undetermined: [
    {
      name: "an unknown address",
      resources: [group, template, rule({ cidrIpv4: unknownValue })],
      expect: ["undetermined in cidrIpv4"],
    },
  ],
};
