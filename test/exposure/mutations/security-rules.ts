import * as ec2 from "@pulumi/aws/ec2";
import * as vpc from "@pulumi/aws/vpc";
import type { Mutation } from "../mutation";

const engine = { ipProtocol: "tcp", fromPort: 8000, toPort: 8000 };
const chat = "aws:autoscaling/group:Group::prod-chat-pool-group";

/** Rules of security groups that let in who must stay out. */
export const securityRules: readonly Mutation[] = [
  {
    name: "rule-from-anywhere",
    add: (prod, opts) => {
      const group = prod.get(ec2.SecurityGroup, "-group-serving");
      new vpc.SecurityGroupIngressRule("debug", { securityGroupId: group.id, cidrIpv4: "0.0.0.0/0", ...engine }, opts);
    },
    exposes: chat,
    path: ["SecurityGroupIngressRule::debug", "0.0.0.0/0", "tcp/8000"],
  },
  {
    name: "rule-in-two-halves",
    add: (prod, opts) => {
      const group = prod.get(ec2.SecurityGroup, "-group-serving");
      for (const [half, cidrIpv4] of Object.entries({ low: "0.0.0.0/1", high: "128.0.0.0/1" }))
        new vpc.SecurityGroupIngressRule(half, { securityGroupId: group.id, cidrIpv4, ...engine }, opts);
    },
    exposes: chat,
    path: ["SecurityGroupIngressRule::low", "SecurityGroupIngressRule::high", "0.0.0.0/1", "128.0.0.0/1"],
  },
  {
    name: "rule-in-many-pieces",
    add: (prod, opts) => {
      const group = prod.get(ec2.SecurityGroup, "-group-observability");
      ["0.0.0.0/3", "32.0.0.0/3", "64.0.0.0/3", "96.0.0.0/3"].forEach((cidrIpv4, index) => {
        new vpc.SecurityGroupIngressRule(
          `piece-${index}`,
          { securityGroupId: group.id, cidrIpv4, ipProtocol: "tcp", fromPort: 3000, toPort: 3000 },
          opts,
        );
      });
    },
    exposes: "aws:autoscaling/group:Group::prod-observability-hosts-group",
    path: ["SecurityGroupIngressRule::piece-0", "SecurityGroupIngressRule::piece-3", "tcp/3000"],
  },
  {
    name: "rule-for-ipv6",
    add: (prod, opts) => {
      const group = prod.get(ec2.SecurityGroup, "-group-serving");
      new vpc.SecurityGroupIngressRule("six", { securityGroupId: group.id, cidrIpv6: "::/0", ...engine }, opts);
    },
    exposes: chat,
    path: ["SecurityGroupIngressRule::six", "::/0"],
  },
  {
    name: "rule-for-ipv6-spelled-otherwise",
    add: (prod, opts) => {
      const group = prod.get(ec2.SecurityGroup, "-group-serving");
      new vpc.SecurityGroupIngressRule(
        "zero",
        { securityGroupId: group.id, cidrIpv6: "0000:0::0/0", ipProtocol: "-1" },
        opts,
      );
    },
    exposes: chat,
    path: ["SecurityGroupIngressRule::zero", "every protocol and port"],
  },
  {
    name: "rule-of-the-old-kind",
    add: (prod, opts) => {
      const group = prod.get(ec2.SecurityGroup, "-group-serving");
      new ec2.SecurityGroupRule(
        "old",
        {
          type: "ingress",
          securityGroupId: group.id,
          cidrBlocks: ["0.0.0.0/0"],
          protocol: "tcp",
          fromPort: 0,
          toPort: 65_535,
        },
        opts,
      );
    },
    exposes: chat,
    path: ["SecurityGroupRule::old", "tcp/any"],
  },
  {
    name: "rule-inside-the-group",
    change: (plan) => {
      plan.set("aws:ec2/securityGroup:SecurityGroup", "-group-serving", {
        ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }],
      });
    },
    exposes: chat,
    path: ["SecurityGroup::prod-network-group-serving", "tcp/22"],
  },
  {
    name: "rule-through-a-prefix-list",
    add: (prod, opts) => {
      const group = prod.get(ec2.SecurityGroup, "-group-serving");
      const list = new ec2.ManagedPrefixList("everybody", { addressFamily: "IPv4", maxEntries: 2 }, opts);
      for (const cidr of ["0.0.0.0/1", "128.0.0.0/1"])
        new ec2.ManagedPrefixListEntry(`entry-${cidr}`, { prefixListId: list.id, cidr }, opts);
      new vpc.SecurityGroupIngressRule("listed", { securityGroupId: group.id, prefixListId: list.id, ...engine }, opts);
    },
    exposes: chat,
    path: ["SecurityGroupIngressRule::listed", "ManagedPrefixList::everybody"],
  },
  {
    name: "rule-for-one-home-office",
    add: (prod, opts) => {
      const group = prod.get(ec2.SecurityGroup, "-group-serving");
      new vpc.SecurityGroupIngressRule(
        "home",
        { securityGroupId: group.id, cidrIpv4: "203.0.113.7/32", ipProtocol: "tcp", fromPort: 22, toPort: 22 },
        opts,
      );
    },
    exposes: chat,
    path: ["SecurityGroupIngressRule::home", "203.0.113.7/32", "tcp/22"],
  },
  {
    name: "rule-for-a-network-nobody-declared",
    add: (prod, opts) => {
      const group = prod.get(ec2.SecurityGroup, "-group-serving");
      new vpc.SecurityGroupIngressRule(
        "all-private",
        { securityGroupId: group.id, cidrIpv4: "10.0.0.0/8", ...engine },
        opts,
      );
    },
    exposes: chat,
    path: ["SecurityGroupIngressRule::all-private", "10.0.0.0/8"],
  },
  {
    name: "rule-for-a-private-endpoint",
    add: (prod, opts) => {
      const group = prod.get(ec2.SecurityGroup, "-group-endpoint-secretsmanager");
      new vpc.SecurityGroupIngressRule(
        "endpoint",
        { securityGroupId: group.id, cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 443, toPort: 443 },
        opts,
      );
    },
    exposes: "aws:ec2/vpcEndpoint:VpcEndpoint::prod-network-endpoint-secretsmanager",
    path: ["SecurityGroupIngressRule::endpoint"],
  },
  {
    name: "rule-for-a-group-that-nothing-carries-yet",
    add: (prod, opts) => {
      const group = prod.get(ec2.SecurityGroup, "-group-management");
      new vpc.SecurityGroupIngressRule(
        "jump",
        { securityGroupId: group.id, cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 22, toPort: 22 },
        opts,
      );
    },
    exposes: "aws:ec2/securityGroup:SecurityGroup::prod-network-group-management",
    path: ["SecurityGroupIngressRule::jump", "tcp/22"],
  },
  {
    name: "rule-of-the-default-group",
    change: (plan) => {
      plan.set("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "-default-group", {
        ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
      });
    },
    exposes: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup::prod-network-default-group",
    path: ["DefaultSecurityGroup::prod-network-default-group", "every protocol and port"],
  },
  {
    name: "rule-for-clients-at-the-engines",
    add: (prod, opts) => {
      const group = prod.get(ec2.SecurityGroup, "-group-serving");
      new vpc.SecurityGroupIngressRule(
        "shortcut",
        { securityGroupId: group.id, cidrIpv4: "10.10.0.0/16", ...engine },
        opts,
      );
    },
    exposes: chat,
    from: "branches",
    path: ["client network branches", "SecurityGroupIngressRule::shortcut", "tcp/8000"],
  },
  {
    name: "rule-for-clients-at-another-port-of-the-gateway",
    add: (prod, opts) => {
      const group = prod.get(ec2.SecurityGroup, "-group-gateway");
      new vpc.SecurityGroupIngressRule(
        "statistics",
        { securityGroupId: group.id, cidrIpv4: "10.20.16.0/20", ipProtocol: "tcp", fromPort: 8404, toPort: 8404 },
        opts,
      );
    },
    exposes: "aws:lb/loadBalancer:LoadBalancer::prod-gateway-balancer",
    from: "batch",
    path: ["client network batch", "SecurityGroupIngressRule::statistics", "tcp/8404"],
  },
  {
    name: "engines-in-the-group-of-the-gateway",
    change: (plan) => {
      const gateway = plan.find("aws:ec2/securityGroup:SecurityGroup", "-group-gateway");
      const template = plan.find("aws:ec2/launchTemplate:LaunchTemplate", "prod-chat-pool-template");
      plan.set(
        "aws:ec2/launchTemplate:LaunchTemplate",
        "prod-chat-pool-template",
        {},
        {
          networkInterfaces: [...(template.propertyDependencies.networkInterfaces ?? []), gateway.urn],
        },
      );
    },
    exposes: chat,
    from: "branches",
    path: ["client network branches", "rule-clients-to-gateway-tcp-443"],
  },
];
