import * as aws from "@pulumi/aws";

const logBucketArn = "arn:aws:s3:::example-flow-logs";

const vpc = new aws.ec2.Vpc("llm-vpc", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true });
new aws.ec2.DefaultSecurityGroup("llm-vpc-default", { vpcId: vpc.id });
new aws.ec2.FlowLog("llm-vpc-flows", {
  vpcId: vpc.id,
  trafficType: "ALL",
  logDestinationType: "s3",
  logDestination: logBucketArn,
});
const subnet = new aws.ec2.Subnet("llm-subnet", {
  vpcId: vpc.id,
  cidrBlock: "10.0.1.0/24",
  availabilityZone: "us-east-1a",
});

const gateway = new aws.ec2.SecurityGroup("gateway-sg", {
  vpcId: vpc.id,
  ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.8.0.0/16"] }],
});
const group = new aws.ec2.SecurityGroup("llm-sg", {
  vpcId: vpc.id,
  description: "vLLM",
  ingress: [{ protocol: "tcp", fromPort: 8000, toPort: 8000, securityGroups: [gateway.id] }],
  egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/16"] }],
});

new aws.ec2.Instance("llm", {
  ami: "ami-0c7217cdde317cfec",
  instanceType: "g5.2xlarge",
  subnetId: subnet.id,
  associatePublicIpAddress: false,
  vpcSecurityGroupIds: [group.id],
  metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
  rootBlockDevice: { encrypted: true, volumeSize: 200 },
  userData: `#!/bin/bash
export VLLM_API_KEY=$(aws secretsmanager get-secret-value --secret-id llm/engine-key --query SecretString --output text)
docker run --rm --gpus all -e VLLM_API_KEY -e VLLM_NO_USAGE_STATS=1 -e DO_NOT_TRACK=1 -e HF_HUB_OFFLINE=1 \\
  -v /models:/models:ro -v /run/tls:/tls:ro -p 10.0.1.10:8000:8000 \\
  123456789012.dkr.ecr.us-east-1.amazonaws.com/vllm-openai:v0.32.0@sha256:3c3e5053e0eac3292073904723428fac6f969d8c950f141fde943a176c6e29fd \\
  --model /models/llama-3.1-8b-instruct --load-format safetensors --max-model-len 8192 --max-num-seqs 64 \\
  --allowed-origins '["https://llm.example.internal"]' --disable-fastapi-docs \\
  --ssl-certfile /tls/engine.pem --ssl-keyfile /tls/engine.pem
`,
});
