import * as apprunner from "@pulumi/aws/apprunner";
import * as backup from "@pulumi/aws/backup";
import * as ec2 from "@pulumi/aws/ec2";
import * as ecr from "@pulumi/aws/ecr";
import * as eks from "@pulumi/aws/eks";
import * as iam from "@pulumi/aws/iam";
import * as kms from "@pulumi/aws/kms";
import * as lambda from "@pulumi/aws/lambda";
import * as opensearch from "@pulumi/aws/opensearch";
import * as rds from "@pulumi/aws/rds";
import * as s3 from "@pulumi/aws/s3";
import * as secretsmanager from "@pulumi/aws/secretsmanager";
import * as sns from "@pulumi/aws/sns";
import * as sqs from "@pulumi/aws/sqs";
import * as vpclattice from "@pulumi/aws/vpclattice";
import * as pulumi from "@pulumi/pulumi";
import type { Mutation } from "../mutation";

const models = "aws:s3/bucket:Bucket::prod-models-models-bucket";
const block = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";

/** A resource of a provider whose package the project does not have: made by its token. */
class Planned extends pulumi.CustomResource {}

/** A policy that allows everybody; `Condition` where it only looks limited. */
function openTo(Action: string, rest: Record<string, unknown> = { Principal: "*" }): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Sid: "Share", Effect: "Allow", Action, Resource: "*", ...rest }],
  });
}

/** Services of AWS that answer on the internet and are guarded by settings and policies. */
export const services: readonly Mutation[] = [
  {
    name: "bucket-policy-for-everybody",
    add: (prod, opts) => {
      new s3.BucketPolicy(
        "share",
        { bucket: prod.get(s3.Bucket, "prod-models-models-bucket").id, policy: openTo("s3:GetObject") },
        opts,
      );
    },
    exposes: models,
    path: ["BucketPolicy::share", 'statement "Share" allows s3:GetObject to everybody'],
  },
  {
    name: "bucket-policy-for-every-account",
    add: (prod, opts) => {
      const bucket = prod.get(s3.Bucket, "prod-models-models-bucket");
      new s3.BucketPolicy(
        "every-account",
        {
          bucket: bucket.id,
          policy: {
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Principal: { AWS: ["111122223333", "*"] },
                Action: ["s3:GetObject"],
                Resource: [pulumi.interpolate`${bucket.arn}/*`],
              },
            ],
          },
        },
        opts,
      );
    },
    exposes: models,
    path: ["BucketPolicy::every-account"],
  },
  {
    name: "bucket-policy-limited-to-everywhere",
    add: (prod, opts) => {
      new s3.BucketPolicy(
        "limited",
        {
          bucket: prod.get(s3.Bucket, "prod-config-bucket").id,
          policy: openTo("s3:GetObject", {
            Principal: "*",
            Condition: { IpAddress: { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"] } },
          }),
        },
        opts,
      );
    },
    exposes: "aws:s3/bucket:Bucket::prod-config-bucket",
    path: ["BucketPolicy::limited"],
  },
  {
    name: "public-access-block-turned-off",
    change: (plan) => {
      plan.set(block, "prod-models-models-public-access", { blockPublicPolicy: false, restrictPublicBuckets: false });
    },
    exposes: models,
    path: ["BucketPublicAccessBlock::prod-models-models-public-access", "blockPublicPolicy"],
  },
  {
    name: "public-access-block-with-parts-left-out",
    change: (plan) => {
      plan.unset(block, "prod-models-models-public-access", "ignorePublicAcls");
    },
    exposes: models,
    path: ["BucketPublicAccessBlock::prod-models-models-public-access", "ignorePublicAcls"],
  },
  {
    name: "public-access-list",
    add: (prod, opts) => {
      new s3.BucketAcl(
        "readable",
        { bucket: prod.get(s3.Bucket, "prod-models-replica-models-bucket").id, acl: "public-read" },
        opts,
      );
    },
    exposes: "aws:s3/bucket:Bucket::prod-models-replica-models-bucket",
    path: ["BucketAcl::readable", "public-read"],
  },
  {
    name: "access-point-for-everybody",
    add: (prod, opts) => {
      new s3.AccessPoint(
        "point",
        { bucket: prod.get(s3.Bucket, "prod-models-models-bucket").id, policy: openTo("s3:*") },
        opts,
      );
    },
    exposes: "aws:s3/accessPoint:AccessPoint::point",
    path: ["AccessPoint::point", "to everybody"],
  },
  {
    name: "key-for-every-account",
    add: (prod, opts) => {
      new kms.KeyPolicy(
        "decrypt",
        { keyId: prod.get(kms.Key, "prod-models-key").id, policy: openTo("kms:Decrypt", { Principal: { AWS: "*" } }) },
        opts,
      );
    },
    exposes: "aws:kms/key:Key::prod-models-key",
    path: ["KeyPolicy::decrypt", "kms:Decrypt"],
  },
  {
    name: "secret-for-every-account",
    add: (prod, opts) => {
      new secretsmanager.SecretPolicy(
        "read-keys",
        {
          secretArn: prod.get(secretsmanager.Secret, "-gateway-api-keys").arn,
          policy: openTo("secretsmanager:GetSecretValue"),
        },
        opts,
      );
    },
    exposes: "aws:secretsmanager/secret:Secret::prod-secrets-gateway-api-keys",
    path: ["SecretPolicy::read-keys"],
  },
  {
    name: "backup-vault-for-everybody-with-a-wide-condition",
    add: (prod, opts) => {
      new backup.VaultPolicy(
        "copy-out",
        {
          backupVaultName: prod.get(backup.Vault, "-backup-vault").name,
          policy: openTo("backup:CopyFromBackupVault", {
            Principal: "*",
            Condition: { StringLike: { "aws:PrincipalOrgID": "*" } },
          }),
        },
        opts,
      );
    },
    exposes: "aws:backup/vault:Vault::prod-models-backup-vault",
    path: ["VaultPolicy::copy-out"],
  },
  {
    name: "role-that-everybody-may-take",
    add: (_prod, opts) => {
      new iam.Role("anyone", { assumeRolePolicy: openTo("sts:AssumeRole", { Principal: { AWS: "*" } }) }, opts);
    },
    exposes: "aws:iam/role:Role::anyone",
    path: ["Role::anyone", "sts:AssumeRole"],
  },
  {
    name: "function-url",
    add: (_prod, opts) => {
      const code = new lambda.Function(
        "code",
        {
          role: "arn:aws:iam::111122223333:role/code",
          packageType: "Image",
          imageUri: "111122223333.dkr.ecr.eu-central-1.amazonaws.com/code:1",
        },
        opts,
      );
      new lambda.FunctionUrl("url", { functionName: code.name, authorizationType: "NONE" }, opts);
    },
    exposes: "aws:lambda/functionUrl:FunctionUrl::url",
    path: ["FunctionUrl::url", "NONE"],
  },
  {
    name: "function-that-everybody-may-call",
    add: (_prod, opts) => {
      new lambda.Permission("call", { action: "lambda:InvokeFunction", function: "code", principal: "*" }, opts);
    },
    exposes: "aws:lambda/permission:Permission::call",
    path: ["Permission::call"],
  },
  {
    name: "queue-and-topic-for-everybody",
    add: (_prod, opts) => {
      const queue = new sqs.Queue("prompts", {}, opts);
      new sqs.QueuePolicy("prompts-policy", { queueUrl: queue.url, policy: openTo("sqs:ReceiveMessage") }, opts);
      new sns.Topic("alerts", { policy: openTo("sns:Subscribe") }, opts);
    },
    exposes: "aws:sqs/queue:Queue::prompts",
    path: ["QueuePolicy::prompts-policy"],
  },
  {
    name: "images-for-everybody",
    add: (_prod, opts) => {
      const repository = new ecr.Repository("engines", {}, opts);
      new ecr.RepositoryPolicy("pull", { repository: repository.name, policy: openTo("ecr:BatchGetImage") }, opts);
    },
    exposes: "aws:ecr/repository:Repository::engines",
    path: ["RepositoryPolicy::pull"],
  },
  {
    name: "machine-image-shared-with-all",
    add: (_prod, opts) => {
      new ec2.AmiLaunchPermission("image", { imageId: "ami-0123456789abcdef0", group: "all" }, opts);
    },
    exposes: "aws:ec2/amiLaunchPermission:AmiLaunchPermission::image",
    path: ["AmiLaunchPermission::image"],
  },
  {
    name: "public-database",
    add: (prod, opts) => {
      const subnets = prod.all(ec2.Subnet, "-subnet-storage-").map((subnet) => subnet.id);
      const group = new rds.SubnetGroup("places", { subnetIds: subnets }, opts);
      new rds.Instance(
        "database",
        {
          instanceClass: "db.t3.micro",
          dbSubnetGroupName: group.name,
          vpcSecurityGroupIds: [prod.get(ec2.SecurityGroup, "-group-storage").id],
          publiclyAccessible: true,
          skipFinalSnapshot: true,
        },
        opts,
      );
    },
    exposes: "aws:rds/instance:Instance::database",
    path: ["Instance::database", "publiclyAccessible"],
  },
  {
    name: "kubernetes-api-left-as-it-comes",
    add: (prod, opts) => {
      const subnets = prod.all(ec2.Subnet, "-subnet-serving-").map((subnet) => subnet.id);
      new eks.Cluster(
        "cluster",
        {
          roleArn: "arn:aws:iam::111122223333:role/cluster",
          vpcConfig: { subnetIds: subnets, endpointPrivateAccess: true },
        },
        opts,
      );
    },
    exposes: "aws:eks/cluster:Cluster::cluster",
    path: ["Cluster::cluster", "public endpoint"],
  },
  {
    name: "search-domain-outside-the-network",
    add: (_prod, opts) => {
      new opensearch.Domain("logs", {}, opts);
    },
    exposes: "aws:opensearch/domain:Domain::logs",
    path: ["Domain::logs", "in no VPC"],
  },
  {
    name: "app-runner-service",
    add: (_prod, opts) => {
      new apprunner.Service(
        "demo",
        {
          serviceName: "demo",
          sourceConfiguration: {
            imageRepository: { imageIdentifier: "public.ecr.aws/x/y:1", imageRepositoryType: "ECR_PUBLIC" },
          },
        },
        opts,
      );
    },
    exposes: "aws:apprunner/service:Service::demo",
    path: ["Service::demo", "isPubliclyAccessible"],
  },
  {
    name: "lattice-service-without-authentication",
    add: (_prod, opts) => {
      new vpclattice.Service("mesh", { authType: "NONE" }, opts);
    },
    exposes: "aws:vpclattice/service:Service::mesh",
    path: ["Service::mesh", "authType is NONE"],
  },
];

/** Containers next to the platform. */
export const containers: readonly Mutation[] = [
  {
    name: "container-published-on-every-address",
    add: (_prod, opts) => {
      new Planned(
        "docker:index/container:Container",
        "ollama",
        { image: "ollama", ports: [{ internal: 11434, external: 11434 }] },
        opts,
      );
    },
    exposes: "docker:index/container:Container::ollama",
    path: ["Container::ollama", "11434 on every address"],
  },
  {
    name: "kubernetes-service-with-a-load-balancer",
    add: (_prod, opts) => {
      new Planned(
        "kubernetes:core/v1:Service",
        "vllm",
        { spec: { type: "LoadBalancer", ports: [{ port: 8000 }] } },
        opts,
      );
    },
    exposes: "kubernetes:core/v1:Service::vllm",
    path: ["Service::vllm", "public load balancer"],
  },
  {
    name: "kubernetes-service-on-node-ports",
    add: (_prod, opts) => {
      new Planned("kubernetes:core/v1:Service", "node", { spec: { type: "NodePort", ports: [{ port: 8000 }] } }, opts);
    },
    exposes: "kubernetes:core/v1:Service::node",
    path: ["Service::node", "NodePort"],
  },
  {
    name: "kubernetes-ingress-facing-the-internet",
    add: (_prod, opts) => {
      new Planned(
        "kubernetes:networking.k8s.io/v1:Ingress",
        "web",
        {
          metadata: { annotations: { "alb.ingress.kubernetes.io/scheme": "internet-facing" } },
          spec: { ingressClassName: "alb" },
        },
        opts,
      );
    },
    exposes: "kubernetes:networking.k8s.io/v1:Ingress::web",
    path: ["Ingress::web", "alb.ingress.kubernetes.io/scheme"],
  },
];
