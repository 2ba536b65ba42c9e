import * as aws from "@pulumi/aws";

const vpcId = "vpc-0123456789abcdef0";
const subnets = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];

const albSg = new aws.ec2.SecurityGroup("alb-sg", {
  vpcId,
  ingress: [{ protocol: "tcp", fromPort: 8000, toPort: 8000, cidrBlocks: ["0.0.0.0/0"] }],
  egress: [{ protocol: "tcp", fromPort: 8000, toPort: 8000, cidrBlocks: ["10.0.0.0/16"] }],
});

const alb = new aws.lb.LoadBalancer("llm-alb", {
  loadBalancerType: "application",
  internal: false,
  securityGroups: [albSg.id],
  subnets,
});
const engines = new aws.lb.TargetGroup("engines", { vpcId, port: 8000, protocol: "HTTP", targetType: "ip" });
new aws.lb.Listener("llm-listener", {
  loadBalancerArn: alb.arn,
  port: 8000,
  protocol: "HTTP",
  defaultActions: [{ type: "forward", targetGroupArn: engines.arn }],
});
new aws.lb.TargetGroupAttachment("engine-1", { targetGroupArn: engines.arn, targetId: "10.0.1.15", port: 8000 });

export const endpoint = alb.dnsName;
