/**
 * Sets of type tokens that name the same kind of resource. Providers rename types and keep the old tokens working, so a rule that
 * compares one token misses the same resource under another name. A test compares these sets with the installed AWS provider.
 */
const balancers = (kind: string): ReadonlySet<string> =>
  new Set(
    ["lb", "alb", "elasticloadbalancingv2", "applicationloadbalancing"].map(
      (module) => `aws:${module}/${lower(kind)}:${kind}`,
    ),
  );

const aws = (...types: readonly string[]): ReadonlySet<string> =>
  new Set(
    types.map((type) => {
      const [module, kind = ""] = type.split("/");
      return `aws:${module ?? ""}/${lower(kind)}:${kind}`;
    }),
  );

const kubernetes = (versions: readonly string[], ...kinds: readonly string[]): ReadonlySet<string> =>
  new Set(
    versions.flatMap((version) =>
      kinds.flatMap((kind) => [`kubernetes:${version}:${kind}`, `kubernetes:${version}:${kind}Patch`]),
    ),
  );

/** What makes pods that end when their work is done. */
const runToAnEnd = kubernetes(["batch/v1", "batch/v1beta1"], "Job", "CronJob");

export const families = {
  stack: new Set(["pulumi:pulumi:Stack"]),

  vpc: aws("ec2/Vpc", "ec2/DefaultVpc"),
  subnet: aws("ec2/Subnet", "ec2/DefaultSubnet"),
  securityGroup: aws("ec2/SecurityGroup"),
  defaultSecurityGroup: aws("ec2/DefaultSecurityGroup"),
  /** The legacy rule resource: one type for both directions. */
  securityGroupRule: aws("ec2/SecurityGroupRule"),
  ingressRule: aws("vpc/SecurityGroupIngressRule"),
  egressRule: aws("vpc/SecurityGroupEgressRule"),
  networkAcl: aws("ec2/NetworkAcl", "ec2/DefaultNetworkAcl"),
  networkAclRule: aws("ec2/NetworkAclRule"),
  route: aws("ec2/Route"),
  routeTable: aws("ec2/RouteTable", "ec2/DefaultRouteTable"),
  routeTableAssociation: aws("ec2/RouteTableAssociation"),
  mainRouteTableAssociation: aws("ec2/MainRouteTableAssociation"),
  internetGateway: aws("ec2/InternetGateway"),
  flowLog: aws("ec2/FlowLog"),
  endpointService: aws("ec2/VpcEndpointService"),
  // The provider spells this token so.
  endpointServicePrincipal: aws("ec2/VpcEndpointServiceAllowedPrinciple"),
  instance: aws("ec2/Instance", "ec2/SpotInstanceRequest"),
  launchTemplate: aws("ec2/LaunchTemplate"),
  launchConfiguration: aws("ec2/LaunchConfiguration"),
  autoScalingGroup: aws("autoscaling/Group"),
  elasticAddress: aws("ec2/Eip"),
  elasticAddressAssociation: aws("ec2/EipAssociation"),
  amiLaunchPermission: aws("ec2/AmiLaunchPermission"),
  snapshotPermission: aws("ec2/SnapshotCreateVolumePermission"),
  volume: aws("ebs/Volume"),
  ebsEncryptionByDefault: aws("ebs/EncryptionByDefault"),

  loadBalancer: balancers("LoadBalancer"),
  classicLoadBalancer: new Set([
    "aws:elb/loadBalancer:LoadBalancer",
    "aws:elasticloadbalancing/loadBalancer:LoadBalancer",
  ]),
  listener: balancers("Listener"),
  listenerRule: balancers("ListenerRule"),
  targetGroup: balancers("TargetGroup"),
  wafAssociation: aws("wafv2/WebAclAssociation", "wafregional/WebAclAssociation"),

  bucket: aws("s3/Bucket", "s3/BucketV2"),
  bucketPublicAccessBlock: aws("s3/BucketPublicAccessBlock"),
  accountPublicAccessBlock: aws("s3/AccountPublicAccessBlock"),
  bucketAcl: aws("s3/BucketAcl", "s3/BucketAclV2"),
  bucketPolicy: aws("s3/BucketPolicy"),
  bucketVersioning: aws("s3/BucketVersioning", "s3/BucketVersioningV2"),
  bucketEncryption: aws("s3/BucketServerSideEncryptionConfiguration", "s3/BucketServerSideEncryptionConfigurationV2"),
  bucketLifecycle: aws("s3/BucketLifecycleConfiguration", "s3/BucketLifecycleConfigurationV2"),
  bucketLogging: aws("s3/BucketLogging", "s3/BucketLoggingV2"),
  bucketObjectLock: aws("s3/BucketObjectLockConfiguration", "s3/BucketObjectLockConfigurationV2"),
  bucketReplication: aws("s3/BucketReplicationConfig"),

  fileSystem: aws("efs/FileSystem"),
  fileSystemPolicy: aws("efs/FileSystemPolicy"),
  database: aws("rds/Instance", "rds/Cluster", "docdb/Cluster", "neptune/Cluster", "redshift/Cluster"),
  databaseInstance: aws(
    "rds/Instance",
    "rds/ClusterInstance",
    "redshift/Cluster",
    "mq/Broker",
    "dms/ReplicationInstance",
  ),
  redis: aws("elasticache/ReplicationGroup"),
  redisUser: aws("elasticache/User"),
  secret: aws("secretsmanager/Secret"),
  parameter: aws("ssm/Parameter"),
  key: aws("kms/Key", "kms/ReplicaKey"),
  logGroup: aws("cloudwatch/LogGroup"),
  topic: aws("sns/Topic"),
  queue: aws("sqs/Queue"),
  containerRegistry: aws("ecr/Repository"),
  certificate: aws("acm/Certificate"),
  backupPlan: aws("backup/Plan"),
  backupSelection: aws("backup/Selection"),
  backupVault: aws("backup/Vault"),
  backupVaultLock: aws("backup/VaultLockConfiguration"),
  restoreTest: aws("backup/RestoreTestingPlan"),
  trail: aws("cloudtrail/Trail"),

  kubernetesCluster: aws("eks/Cluster"),
  accessPolicyAssociation: aws("eks/AccessPolicyAssociation"),

  iamPolicy: aws("iam/Policy", "iam/RolePolicy", "iam/UserPolicy", "iam/GroupPolicy"),
  iamAttachment: aws(
    "iam/RolePolicyAttachment",
    "iam/UserPolicyAttachment",
    "iam/GroupPolicyAttachment",
    "iam/PolicyAttachment",
    "iam/RolePolicyAttachmentsExclusive",
  ),
  iamRole: aws("iam/Role"),
  iamUser: aws("iam/User", "iam/AccessKey", "iam/UserLoginProfile"),
  accessKey: aws("iam/AccessKey"),

  functionUrl: aws("lambda/FunctionUrl"),
  lambdaFunction: aws("lambda/Function"),
  taskDefinition: aws("ecs/TaskDefinition"),
  grafanaWorkspace: aws("grafana/Workspace"),

  service: kubernetes(["core/v1"], "Service"),
  ingress: kubernetes(["networking.k8s.io/v1", "networking.k8s.io/v1beta1", "extensions/v1beta1"], "Ingress"),
  networkPolicy: kubernetes(["networking.k8s.io/v1"], "NetworkPolicy"),
  configMap: kubernetes(["core/v1"], "ConfigMap"),
  kubernetesSecret: kubernetes(["core/v1"], "Secret"),
  role: kubernetes(["rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io/v1beta1"], "Role", "ClusterRole"),
  roleBinding: kubernetes(
    ["rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io/v1beta1"],
    "RoleBinding",
    "ClusterRoleBinding",
  ),
  runToAnEnd,
  podBearing: union(
    kubernetes(["core/v1"], "Pod", "PodTemplate", "ReplicationController"),
    kubernetes(
      ["apps/v1", "apps/v1beta1", "apps/v1beta2", "extensions/v1beta1"],
      "Deployment",
      "StatefulSet",
      "DaemonSet",
      "ReplicaSet",
    ),
    runToAnEnd,
    // Custom resources that embed pod templates, whatever name the program gave the group.
    new Set([
      "kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet",
      "kubernetes:ray.io/v1:RayService",
      "kubernetes:ray.io/v1:RayCluster",
      "kubernetes:serving.kserve.io/v1beta1:InferenceService",
      "kubernetes:argoproj.io/v1alpha1:Rollout",
      "kubernetes:serving.knative.dev/v1:Service",
    ]),
  ),

  dockerContainer: new Set(["docker:index/container:Container"]),
  dockerService: new Set(["docker:index/service:Service"]),

  modelFleet: new Set(["serving:index:ModelFleet"]),
  gateway: new Set(["gateway:index:Gateway"]),
  observability: new Set(["observability:index:Observability"]),
} as const satisfies Record<string, ReadonlySet<string>>;

export function union(...sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((set) => [...set]));
}

function lower(kind: string): string {
  return kind.slice(0, 1).toLowerCase() + kind.slice(1);
}
