import * as aws from "@pulumi/aws";

const vpc = new aws.ec2.Vpc("llm-vpc", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true });
const igw = new aws.ec2.InternetGateway("llm-igw", { vpcId: vpc.id });
const subnet = new aws.ec2.Subnet("llm-subnet", {
  vpcId: vpc.id,
  cidrBlock: "10.0.1.0/24",
  availabilityZone: "us-east-1a",
  mapPublicIpOnLaunch: true,
});
const routes = new aws.ec2.RouteTable("llm-routes", {
  vpcId: vpc.id,
  routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: igw.id }],
});
new aws.ec2.RouteTableAssociation("llm-routes", { subnetId: subnet.id, routeTableId: routes.id });

const group = new aws.ec2.SecurityGroup("llm-sg", {
  vpcId: vpc.id,
  description: "vLLM",
  ingress: [
    { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] },
    { protocol: "tcp", fromPort: 8000, toPort: 8000, cidrBlocks: ["0.0.0.0/0"] },
  ],
  egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
});

const server = new aws.ec2.Instance("llm", {
  ami: "ami-0c7217cdde317cfec",
  instanceType: "g5.2xlarge",
  subnetId: subnet.id,
  vpcSecurityGroupIds: [group.id],
  keyName: "my-key",
  userData: `#!/bin/bash
pip install vllm
vllm serve meta-llama/Llama-3.1-8B-Instruct --host 0.0.0.0 --port 8000
`,
});

export const url = server.publicIp.apply((ip) => `http://${ip}:8000/v1`);
