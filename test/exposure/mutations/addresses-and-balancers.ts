import * as apigateway from "@pulumi/aws/apigatewayv2";
import * as autoscaling from "@pulumi/aws/autoscaling";
import * as cloudfront from "@pulumi/aws/cloudfront";
import * as ec2 from "@pulumi/aws/ec2";
import * as accelerator from "@pulumi/aws/globalaccelerator";
import * as lb from "@pulumi/aws/lb";
import type { Mutation } from "../mutation";

const chat = "aws:autoscaling/group:Group::prod-chat-pool-group";
const template = "aws:ec2/launchTemplate:LaunchTemplate";
const balancer = "aws:lb/loadBalancer:LoadBalancer::prod-gateway-balancer";

/** Public addresses given to hosts. */
export const addresses: readonly Mutation[] = [
  {
    name: "public-address-on-a-launch-template",
    change: (plan) => {
      const [own] = [plan.find(template, "prod-chat-pool-template").inputs.networkInterfaces];
      const [first] = Array.isArray(own) ? (own as readonly Record<string, string>[]) : [];
      plan.set(template, "prod-chat-pool-template", {
        networkInterfaces: [{ ...first, associatePublicIpAddress: "true" }],
      });
    },
    exposes: chat,
    path: ["LaunchTemplate::prod-chat-pool-template", "public address"],
  },
  {
    name: "subnet-that-hands-out-public-addresses",
    change: (plan) => {
      plan.set("aws:ec2/subnet:Subnet", "-subnet-serving-euc1-az2", { mapPublicIpOnLaunch: true });
    },
    exposes: chat,
    path: ["Subnet::prod-network-subnet-serving-euc1-az2", "public addresses"],
  },
  {
    name: "elastic-address-on-a-debug-host",
    add: (prod, opts) => {
      const [subnet] = prod.all(ec2.Subnet, "-subnet-serving-");
      const group = prod.get(ec2.SecurityGroup, "-group-serving");
      if (!subnet) throw new Error("no serving subnet");
      const host = new ec2.Instance(
        "debug-host",
        {
          ami: "ami-0123456789abcdef0",
          instanceType: "t3.micro",
          subnetId: subnet.id,
          vpcSecurityGroupIds: [group.id],
          associatePublicIpAddress: false,
        },
        opts,
      );
      new ec2.Eip("debug-address", { instance: host.id, domain: "vpc" }, opts);
    },
    exposes: "aws:ec2/instance:Instance::debug-host",
    path: ["Eip::debug-address"],
  },
  {
    name: "elastic-address-on-an-interface",
    add: (prod, opts) => {
      const [subnet] = prod.all(ec2.Subnet, "-subnet-gateway-");
      const group = prod.get(ec2.SecurityGroup, "-group-gateway");
      if (!subnet) throw new Error("no gateway subnet");
      const card = new ec2.NetworkInterface("card", { subnetId: subnet.id, securityGroups: [group.id] }, opts);
      const address = new ec2.Eip("card-address", { domain: "vpc" }, opts);
      new ec2.EipAssociation("card-association", { networkInterfaceId: card.id, allocationId: address.id }, opts);
    },
    exposes: "aws:ec2/networkInterface:NetworkInterface::card",
    path: ["EipAssociation::card-association"],
  },
];

/** Balancers and services in front of them. */
export const balancers: readonly Mutation[] = [
  {
    name: "balancer-facing-the-internet",
    change: (plan) => {
      plan.set("aws:lb/loadBalancer:LoadBalancer", "-gateway-balancer", { internal: false });
    },
    exposes: balancer,
    path: ["internet-facing", "LoadBalancer::prod-gateway-balancer"],
  },
  {
    name: "balancer-that-does-not-say-internal",
    change: (plan) => {
      plan.unset("aws:lb/loadBalancer:LoadBalancer", "-gateway-balancer", "internal");
    },
    exposes: "aws:autoscaling/group:Group::prod-gateway-hosts-group",
    path: ["internet-facing", "LoadBalancer::prod-gateway-balancer", "TargetGroup::prod-gateway-targets"],
  },
  {
    name: "second-balancer-straight-to-the-engines",
    add: (prod, opts) => {
      const subnets = prod.all(ec2.Subnet, "-subnet-gateway-").map((subnet) => subnet.id);
      const front = new lb.LoadBalancer("front", { loadBalancerType: "network", subnets }, opts);
      const targets = new lb.TargetGroup(
        "engines",
        { port: 8000, protocol: "TCP", vpcId: prod.get(ec2.Vpc, "-network-vpc").id },
        opts,
      );
      new lb.Listener(
        "front-door",
        {
          loadBalancerArn: front.arn,
          port: 8000,
          protocol: "TCP",
          defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
        },
        opts,
      );
      new autoscaling.Attachment(
        "engines-attached",
        {
          autoscalingGroupName: prod.get(autoscaling.Group, "prod-chat-pool-group").name,
          lbTargetGroupArn: targets.arn,
        },
        opts,
      );
    },
    exposes: chat,
    path: ["internet-facing", "LoadBalancer::front", "Listener::front-door", "TargetGroup::engines"],
  },
  {
    name: "gateway-listener-straight-to-the-engines",
    add: (prod, opts) => {
      const targets = new lb.TargetGroup(
        "bypass",
        { port: 8000, protocol: "TCP", vpcId: prod.get(ec2.Vpc, "-network-vpc").id },
        opts,
      );
      new autoscaling.Attachment(
        "bypass-attached",
        {
          autoscalingGroupName: prod.get(autoscaling.Group, "prod-chat-pool-group").name,
          lbTargetGroupArn: targets.arn,
        },
        opts,
      );
      new lb.Listener(
        "bypass-listener",
        {
          loadBalancerArn: prod.get(lb.LoadBalancer, "-gateway-balancer").arn,
          port: 443,
          protocol: "TCP",
          defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
        },
        opts,
      );
    },
    exposes: chat,
    from: "branches",
    path: ["client network branches", "Listener::bypass-listener", "TargetGroup::bypass"],
  },
  {
    name: "global-accelerator-in-front-of-the-internal-balancer",
    add: (prod, opts) => {
      const global = new accelerator.Accelerator("fast", { enabled: true }, opts);
      const listener = new accelerator.Listener(
        "fast-listener",
        { acceleratorArn: global.arn, protocol: "TCP", portRanges: [{ fromPort: 443, toPort: 443 }] },
        opts,
      );
      new accelerator.EndpointGroup(
        "fast-group",
        {
          listenerArn: listener.arn,
          endpointConfigurations: [{ endpointId: prod.get(lb.LoadBalancer, "-gateway-balancer").arn, weight: 100 }],
        },
        opts,
      );
    },
    exposes: balancer,
    path: ["Accelerator::fast", "EndpointGroup::fast-group"],
  },
  {
    name: "content-distribution-with-a-private-origin",
    add: (prod, opts) => {
      const origin = new cloudfront.VpcOrigin(
        "origin",
        {
          vpcOriginEndpointConfig: {
            name: "gateway",
            arn: prod.get(lb.LoadBalancer, "-gateway-balancer").arn,
            httpPort: 80,
            httpsPort: 443,
            originProtocolPolicy: "https-only",
            originSslProtocols: { items: ["TLSv1.2"], quantity: 1 },
          },
        },
        opts,
      );
      new cloudfront.Distribution(
        "cdn",
        {
          enabled: true,
          origins: [
            { originId: "gateway", domainName: "gateway.example", vpcOriginConfig: { vpcOriginId: origin.id } },
          ],
          defaultCacheBehavior: {
            allowedMethods: ["GET", "HEAD"],
            cachedMethods: ["GET", "HEAD"],
            targetOriginId: "gateway",
            viewerProtocolPolicy: "https-only",
          },
          restrictions: { geoRestriction: { restrictionType: "none" } },
          viewerCertificate: { cloudfrontDefaultCertificate: true },
        },
        opts,
      );
    },
    exposes: balancer,
    path: ["Distribution::cdn", "VpcOrigin::origin"],
  },
  {
    name: "public-api-with-a-private-integration",
    add: (prod, opts) => {
      const api = new apigateway.Api("api", { protocolType: "HTTP" }, opts);
      const subnets = prod.all(ec2.Subnet, "-subnet-gateway-").map((subnet) => subnet.id);
      const link = new apigateway.VpcLink(
        "link",
        { subnetIds: subnets, securityGroupIds: [prod.get(ec2.SecurityGroup, "-group-gateway").id] },
        opts,
      );
      new apigateway.Integration(
        "integration",
        {
          apiId: api.id,
          integrationType: "HTTP_PROXY",
          connectionType: "VPC_LINK",
          connectionId: link.id,
          integrationMethod: "ANY",
          integrationUri: prod.get(lb.Listener, "-gateway-listener").arn,
        },
        opts,
      );
    },
    exposes: balancer,
    path: ["Api::api", "Integration::integration"],
  },
  {
    name: "endpoint-service-open-to-all",
    add: (prod, opts) => {
      new ec2.VpcEndpointService(
        "offer",
        {
          acceptanceRequired: false,
          allowedPrincipals: ["*"],
          networkLoadBalancerArns: [prod.get(lb.LoadBalancer, "-gateway-balancer").arn],
        },
        opts,
      );
    },
    exposes: balancer,
    path: ["VpcEndpointService::offer", "every AWS account"],
  },
  {
    name: "endpoint-service-opened-by-a-second-resource",
    add: (prod, opts) => {
      const service = new ec2.VpcEndpointService(
        "quiet-offer",
        { acceptanceRequired: true, networkLoadBalancerArns: [prod.get(lb.LoadBalancer, "-gateway-balancer").arn] },
        opts,
      );
      new ec2.VpcEndpointServiceAllowedPrinciple(
        "everybody-may",
        { vpcEndpointServiceId: service.id, principalArn: "*" },
        opts,
      );
    },
    exposes: "aws:ec2/vpcEndpointService:VpcEndpointService::quiet-offer",
    path: ["VpcEndpointServiceAllowedPrinciple::everybody-may"],
  },
];
