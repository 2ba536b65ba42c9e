import type { PropertyPath } from "../graph/property-value";

/** A kind of endpoint whose subnets, groups and public switch are plain properties. */
export interface EndpointShape {
  readonly types: readonly string[];
  readonly kind: string;
  readonly subnets: readonly PropertyPath[];
  /** A subnet group that stands between, when there is one. */
  readonly subnetGroup?: { readonly path: PropertyPath; readonly types: readonly string[] };
  readonly groups: readonly PropertyPath[];
  /** It is in a VPC only when this is set. @default always */
  readonly placedBy?: PropertyPath;
  /** The property that makes it public, and what its absence means. */
  readonly publicWhen?: { readonly path: PropertyPath; readonly absent: boolean; readonly open?: string };
}

export const endpointShapes: readonly EndpointShape[] = [
  {
    types: ["aws:rds/instance:Instance"],
    kind: "database",
    subnets: [],
    subnetGroup: { path: "dbSubnetGroupName", types: ["aws:rds/subnetGroup:SubnetGroup"] },
    groups: ["vpcSecurityGroupIds"],
    publicWhen: { path: "publiclyAccessible", absent: false },
  },
  {
    types: ["aws:rds/cluster:Cluster", "aws:docdb/cluster:Cluster", "aws:neptune/cluster:Cluster"],
    kind: "database cluster",
    subnets: [],
    subnetGroup: {
      path: "dbSubnetGroupName",
      types: [
        "aws:rds/subnetGroup:SubnetGroup",
        "aws:docdb/subnetGroup:SubnetGroup",
        "aws:neptune/subnetGroup:SubnetGroup",
      ],
    },
    groups: ["vpcSecurityGroupIds"],
    publicWhen: { path: "publiclyAccessible", absent: false },
  },
  {
    types: [
      "aws:elasticache/cluster:Cluster",
      "aws:elasticache/replicationGroup:ReplicationGroup",
      "aws:memorydb/cluster:Cluster",
    ],
    kind: "cache",
    subnets: [],
    subnetGroup: {
      path: "subnetGroupName",
      types: ["aws:elasticache/subnetGroup:SubnetGroup", "aws:memorydb/subnetGroup:SubnetGroup"],
    },
    groups: ["securityGroupIds"],
  },
  {
    types: ["aws:elasticache/serverlessCache:ServerlessCache"],
    kind: "cache",
    subnets: ["subnetIds"],
    groups: ["securityGroupIds"],
  },
  {
    types: ["aws:redshift/cluster:Cluster"],
    kind: "data warehouse",
    subnets: [],
    subnetGroup: { path: "clusterSubnetGroupName", types: ["aws:redshift/subnetGroup:SubnetGroup"] },
    groups: ["vpcSecurityGroupIds"],
    publicWhen: { path: "publiclyAccessible", absent: false },
  },
  {
    types: ["aws:redshiftserverless/workgroup:Workgroup"],
    kind: "data warehouse",
    subnets: ["subnetIds"],
    groups: ["securityGroupIds"],
    publicWhen: { path: "publiclyAccessible", absent: false },
  },
  {
    types: ["aws:msk/cluster:Cluster"],
    kind: "message broker",
    subnets: ["brokerNodeGroupInfo.clientSubnets"],
    groups: ["brokerNodeGroupInfo.securityGroups"],
    publicWhen: {
      path: "brokerNodeGroupInfo.connectivityInfo.publicAccess.type",
      absent: false,
      open: "SERVICE_PROVIDED_EIPS",
    },
  },
  {
    types: ["aws:mq/broker:Broker"],
    kind: "message broker",
    subnets: ["subnetIds"],
    groups: ["securityGroups"],
    publicWhen: { path: "publiclyAccessible", absent: false },
  },
  {
    types: ["aws:dms/replicationInstance:ReplicationInstance"],
    kind: "replication instance",
    subnets: [],
    subnetGroup: { path: "replicationSubnetGroupId", types: ["aws:dms/replicationSubnetGroup:ReplicationSubnetGroup"] },
    groups: ["vpcSecurityGroupIds"],
    publicWhen: { path: "publiclyAccessible", absent: false },
  },
  {
    types: ["aws:efs/mountTarget:MountTarget"],
    kind: "file system mount",
    subnets: ["subnetId"],
    groups: ["securityGroups"],
  },
  {
    types: [
      "aws:fsx/lustreFileSystem:LustreFileSystem",
      "aws:fsx/openZfsFileSystem:OpenZfsFileSystem",
      "aws:fsx/ontapFileSystem:OntapFileSystem",
      "aws:fsx/windowsFileSystem:WindowsFileSystem",
    ],
    kind: "file system",
    subnets: ["subnetIds"],
    groups: ["securityGroupIds"],
  },
  {
    types: ["aws:ecs/service:Service"],
    kind: "container service",
    placedBy: "networkConfiguration",
    subnets: ["networkConfiguration.subnets"],
    groups: ["networkConfiguration.securityGroups"],
    publicWhen: { path: "networkConfiguration.assignPublicIp", absent: false },
  },
  {
    types: ["aws:ec2/networkInterface:NetworkInterface"],
    kind: "network interface",
    subnets: ["subnetId"],
    groups: ["securityGroups"],
  },
  {
    types: ["aws:eks/cluster:Cluster"],
    kind: "Kubernetes API",
    placedBy: "vpcConfig",
    subnets: ["vpcConfig.subnetIds"],
    groups: ["vpcConfig.securityGroupIds"],
  },
  {
    types: ["aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain"],
    kind: "search domain",
    placedBy: "vpcOptions",
    subnets: ["vpcOptions.subnetIds"],
    groups: ["vpcOptions.securityGroupIds"],
  },
  {
    types: ["aws:route53/resolverEndpoint:ResolverEndpoint"],
    kind: "name resolver",
    subnets: ["ipAddresses"],
    groups: ["securityGroupIds"],
  },
  {
    types: ["aws:batch/computeEnvironment:ComputeEnvironment"],
    kind: "batch hosts",
    placedBy: "computeResources",
    subnets: ["computeResources.subnets"],
    groups: ["computeResources.securityGroupIds"],
  },
  {
    types: ["aws:timestreaminfluxdb/dbInstance:DbInstance"],
    kind: "database",
    subnets: ["vpcSubnetIds"],
    groups: ["vpcSecurityGroupIds"],
    publicWhen: { path: "publiclyAccessible", absent: false },
  },
];
