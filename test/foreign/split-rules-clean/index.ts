import * as aws from "@pulumi/aws";

const vpc = new aws.ec2.Vpc("main", { cidrBlock: "10.20.0.0/16" });
new aws.ec2.DefaultSecurityGroup("main-default", { vpcId: vpc.id });
new aws.ec2.FlowLog("main-flows", {
  vpcId: vpc.id,
  trafficType: "ALL",
  logDestinationType: "s3",
  logDestination: "arn:aws:s3:::example-flow-logs",
});

const gateway = new aws.ec2.SecurityGroup("gateway", {
  vpcId: vpc.id,
  ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/8"] }],
});

const engines = new aws.ec2.SecurityGroup("engines", { vpcId: vpc.id });
new aws.ec2.SecurityGroupRule("engines-from-gateway", {
  type: "ingress",
  securityGroupId: engines.id,
  protocol: "tcp",
  fromPort: 8000,
  toPort: 8000,
  sourceSecurityGroupId: gateway.id,
});

const tools = new aws.ec2.SecurityGroup("tools", { vpcId: vpc.id });
new aws.vpc.SecurityGroupIngressRule("tools-from-office", {
  securityGroupId: tools.id,
  ipProtocol: "tcp",
  fromPort: 3000,
  toPort: 3000,
  cidrIpv4: "10.8.0.0/16",
});
