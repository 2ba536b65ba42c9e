import type { ResourceGraph } from "@holdfast/policies";
import { GraphBuilder, type Ref } from "./graph-builder";

/** Resources of one cell: a private network with its hosts, a balancer, buckets, keys and secrets, and as much that is no endpoint. */
export const resourcesPerCell = 151;
const zones = [0, 1, 2];
const segments = ["gateway", "serving", "storage", "observability"];

/**
 * A clean program of about so many resources, all ids unknown as at preview: the measure of how the proof grows. Cells stand
 * for fleets and environments; they share nothing but the program.
 */
export function largeGraph(resources: number): ResourceGraph {
  const builder = new GraphBuilder();
  for (let cell = 0; cell < Math.max(1, Math.round(resources / resourcesPerCell)); cell++) addCell(builder, `c${cell}`);
  return builder.graph();
}

function addCell(builder: GraphBuilder, cell: string): void {
  const network = builder.add("network:index:PrivateNetwork", cell, {
    clients: [{ name: "apps", cidr: "172.16.0.0/16" }],
  });
  const vpc = builder.add("aws:ec2/vpc:Vpc", `${cell}-vpc`, { cidrBlock: "10.0.0.0/16" }, network);
  builder.add(
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    `${cell}-default-group`,
    { vpcId: vpc, ingress: [], egress: [] },
    network,
  );
  const subnets = new Map(
    segments.map((segment, at) => [
      segment,
      zones.map((zone) =>
        addSubnet(builder, `${cell}-${segment}-${zone}`, network, vpc, `10.0.${at * 8 + zone}.0/24`, segment),
      ),
    ]),
  );
  for (const segment of segments)
    builder.add(
      "aws:ec2/networkAcl:NetworkAcl",
      `${cell}-acl-${segment}`,
      {
        vpcId: vpc,
        subnetIds: subnets.get(segment) ?? [],
        ingress: [{ ruleNo: 100, action: "allow", protocol: "-1", cidrBlock: "10.0.0.0/16", fromPort: 0, toPort: 0 }],
      },
      network,
    );
  const groups = new Map(
    segments.map((segment) => [
      segment,
      builder.add("aws:ec2/securityGroup:SecurityGroup", `${cell}-group-${segment}`, { vpcId: vpc }, network),
    ]),
  );
  addRules(builder, cell, network, groups);
  for (const pool of ["chat", "code", "embeddings"])
    addPool(builder, `${cell}-${pool}`, subnets.get("serving") ?? [], groups.get("serving"), []);
  addGateway(builder, cell, vpc, subnets.get("gateway") ?? [], groups.get("gateway"));
  for (const service of ["ssm", "logs", "kms", "sts"])
    builder.add(
      "aws:ec2/vpcEndpoint:VpcEndpoint",
      `${cell}-endpoint-${service}`,
      {
        vpcId: vpc,
        vpcEndpointType: "Interface",
        subnetIds: subnets.get("storage") ?? [],
        securityGroupIds: [groups.get("storage") ?? vpc],
      },
      network,
    );
  for (const bucket of ["models", "logs", "replica"]) addBucket(builder, `${cell}-${bucket}`);
  for (let index = 0; index < 20; index++)
    builder.add("aws:s3/bucketObjectv2:BucketObjectv2", `${cell}-file-${index}`, {
      key: `${index}`,
      content: "x".repeat(200),
    });
}

function addSubnet(
  builder: GraphBuilder,
  name: string,
  network: Ref,
  vpc: Ref,
  cidrBlock: string,
  segment: string,
): Ref {
  const subnet = builder.add(
    "aws:ec2/subnet:Subnet",
    `${name}-subnet`,
    { vpcId: vpc, cidrBlock, mapPublicIpOnLaunch: false, tags: { "holdfast:segment": segment } },
    network,
  );
  const table = builder.add("aws:ec2/routeTable:RouteTable", `${name}-routes`, { vpcId: vpc }, network);
  builder.add(
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    `${name}-association`,
    { subnetId: subnet, routeTableId: table },
    network,
  );
  return subnet;
}

function addRules(builder: GraphBuilder, cell: string, network: Ref, groups: ReadonlyMap<string, Ref>): void {
  for (const from of segments)
    for (const to of segments)
      for (const port of [443, 9100]) {
        const securityGroupId = groups.get(to) ?? network;
        const referencedSecurityGroupId = groups.get(from) ?? network;
        builder.add(
          "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
          `${cell}-${from}-${to}-${port}`,
          { securityGroupId, referencedSecurityGroupId, ipProtocol: "tcp", fromPort: port, toPort: port },
          network,
        );
      }
  builder.add(
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    `${cell}-clients`,
    {
      securityGroupId: groups.get("gateway") ?? network,
      cidrIpv4: "172.16.0.0/16",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    },
    network,
  );
}

function addPool(
  builder: GraphBuilder,
  name: string,
  subnets: readonly Ref[],
  group: Ref | undefined,
  targets: readonly Ref[],
  parent?: Ref,
): void {
  const role = builder.add(
    "aws:iam/role:Role",
    `${name}-role`,
    {
      assumeRolePolicy: JSON.stringify({
        Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
    },
    parent,
  );
  builder.add("aws:iam/instanceProfile:InstanceProfile", `${name}-profile`, { role }, parent);
  const template = builder.add(
    "aws:ec2/launchTemplate:LaunchTemplate",
    `${name}-template`,
    { networkInterfaces: [{ associatePublicIpAddress: "false", securityGroups: group === undefined ? [] : [group] }] },
    parent,
  );
  builder.add(
    "aws:autoscaling/group:Group",
    `${name}-group`,
    { vpcZoneIdentifiers: subnets, launchTemplate: { id: template }, targetGroupArns: targets },
    parent,
  );
}

function addGateway(
  builder: GraphBuilder,
  cell: string,
  vpc: Ref,
  subnets: readonly Ref[],
  group: Ref | undefined,
): void {
  const gateway = builder.add("gateway:index:Gateway", `${cell}-gateway`);
  const balancer = builder.add(
    "aws:lb/loadBalancer:LoadBalancer",
    `${cell}-balancer`,
    { internal: true, loadBalancerType: "network", subnets, securityGroups: group === undefined ? [] : [group] },
    gateway,
  );
  const targets = builder.add("aws:lb/targetGroup:TargetGroup", `${cell}-targets`, { vpcId: vpc }, gateway);
  builder.add(
    "aws:lb/listener:Listener",
    `${cell}-listener`,
    { loadBalancerArn: balancer, port: 443, defaultActions: [{ type: "forward", targetGroupArn: targets }] },
    gateway,
  );
  addPool(builder, `${cell}-edge`, subnets, group, [targets], gateway);
}

function addBucket(builder: GraphBuilder, name: string): void {
  const key = builder.add("aws:kms/key:Key", `${name}-key`, { enableKeyRotation: true });
  const bucket = builder.add("aws:s3/bucket:Bucket", `${name}-bucket`);
  builder.add("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", `${name}-block`, {
    bucket,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  builder.add("aws:s3/bucketPolicy:BucketPolicy", `${name}-policy`, {
    bucket,
    policy: {
      Statement: [
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [bucket],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    },
  });
  builder.add("aws:secretsmanager/secret:Secret", `${name}-secret`, { kmsKeyId: key });
}
