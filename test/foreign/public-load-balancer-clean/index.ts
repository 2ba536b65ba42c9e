import * as aws from "@pulumi/aws";

const vpc = new aws.ec2.Vpc("llm-vpc", { cidrBlock: "10.0.0.0/16" });
new aws.ec2.DefaultSecurityGroup("llm-vpc-default", { vpcId: vpc.id });
new aws.ec2.FlowLog("llm-vpc-flows", {
  vpcId: vpc.id,
  trafficType: "ALL",
  logDestinationType: "s3",
  logDestination: "arn:aws:s3:::example-flow-logs",
});
const subnets = ["us-east-1a", "us-east-1b"].map(
  (availabilityZone, i) =>
    new aws.ec2.Subnet(`private-${i}`, { vpcId: vpc.id, cidrBlock: `10.0.${i}.0/24`, availabilityZone }),
);

const albSg = new aws.ec2.SecurityGroup("alb-sg", {
  vpcId: vpc.id,
  ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/8"] }],
  egress: [{ protocol: "tcp", fromPort: 8443, toPort: 8443, cidrBlocks: ["10.0.0.0/16"] }],
});

const alb = new aws.lb.LoadBalancer("llm-alb", {
  loadBalancerType: "application",
  internal: true,
  securityGroups: [albSg.id],
  subnets: subnets.map((subnet) => subnet.id),
  dropInvalidHeaderFields: true,
  enableDeletionProtection: true,
  accessLogs: { bucket: "example-alb-logs", enabled: true },
});
const gateways = new aws.lb.TargetGroup("gateways", { vpcId: vpc.id, port: 8443, protocol: "HTTPS", targetType: "ip" });
new aws.lb.Listener("llm-listener", {
  loadBalancerArn: alb.arn,
  port: 443,
  protocol: "HTTPS",
  sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
  certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
  defaultActions: [{ type: "forward", targetGroupArn: gateways.arn }],
});
new aws.lb.TargetGroupAttachment("gateway-1", { targetGroupArn: gateways.arn, targetId: "10.0.1.15", port: 8443 });

export const endpoint = alb.dnsName;
