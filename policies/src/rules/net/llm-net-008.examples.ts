import { unknownValue } from "../../graph/property-value";
import { ref, type RuleExamples } from "../../rule/rule-example";

const vpc = { type: "aws:ec2/vpc:Vpc", name: "main" };
const subnet = { type: "aws:ec2/subnet:Subnet", name: "serving", inputs: { vpcId: ref("main") } };
const pool = { type: "aws:autoscaling/group:Group", name: "pool", inputs: { vpcZoneIdentifiers: [ref("serving")] } };
const table = { type: "aws:ec2/routeTable:RouteTable", name: "table", inputs: { vpcId: ref("main") } };
const association = {
  type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  name: "association",
  inputs: { subnetId: ref("serving"), routeTableId: ref("table") },
};
const internet = { type: "aws:ec2/internetGateway:InternetGateway", name: "igw" };
const route = (destinationCidrBlock: string) => ({
  type: "aws:ec2/route:Route",
  name: "out",
  inputs: { routeTableId: ref("table"), destinationCidrBlock, gatewayId: ref("igw") },
});

export const llmNet008Examples: RuleExamples = {
  rule: "LLM-NET-008",
  pass: [
    { name: "no routes", resources: [vpc, subnet, pool, table, association], expect: [] },
    {
      name: "a route for private addresses through a virtual private gateway",
      resources: [
        vpc,
        subnet,
        pool,
        table,
        association,
        { type: "aws:ec2/vpnGateway:VpnGateway", name: "vpn" },
        {
          type: "aws:ec2/route:Route",
          name: "office",
          inputs: { routeTableId: ref("table"), destinationCidrBlock: "0.0.0.0/0", gatewayId: ref("vpn") },
        },
      ],
      expect: [],
    },
    {
      name: "another table leads out, but not for hosts",
      resources: [
        vpc,
        subnet,
        pool,
        table,
        association,
        internet,
        {
          ...table,
          name: "edge",
          inputs: { vpcId: ref("main"), routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: ref("igw") }] },
        },
      ],
      expect: [],
    },
  ],
  fail: [
    {
      name: "a split route",
      resources: [vpc, subnet, pool, table, association, internet, route("0.0.0.0/0")],
      expect: ["fail serving routeTable"],
    },
    {
      name: "only a part of the public addresses",
      resources: [vpc, subnet, pool, table, association, internet, route("52.0.0.0/8")],
      expect: ["fail serving routeTable"],
    },
    {
      name: "an inline route over IPv6",
      resources: [
        vpc,
        subnet,
        pool,
        internet,
        { ...table, inputs: { vpcId: ref("main"), routes: [{ ipv6CidrBlock: "::/0", gatewayId: ref("igw") }] } },
        association,
      ],
      expect: ["fail serving routeTable"],
    },
    {
      name: "no association, and the main table leads out",
      resources: [
        vpc,
        subnet,
        { type: "aws:ec2/instance:Instance", name: "host", inputs: { subnetId: ref("serving") } },
        internet,
        {
          type: "aws:ec2/defaultRouteTable:DefaultRouteTable",
          name: "table",
          inputs: { defaultRouteTableId: ref("main"), routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-123" }] },
        },
      ],
      expect: ["fail serving routeTable"],
    },
  ],
  undetermined: [
    {
      name: "a gateway from elsewhere",
      resources: [
        vpc,
        subnet,
        pool,
        table,
        association,
        {
          type: "aws:ec2/route:Route",
          name: "out",
          inputs: { routeTableId: ref("table"), destinationCidrBlock: "0.0.0.0/0", gatewayId: unknownValue },
        },
      ],
      expect: ["undetermined serving routeTable"],
    },
  ],
};
