/** A statement of an IAM policy, in the words of AWS. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal: "*" | Readonly<Record<string, string | readonly string[]>>;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** The AWS partition of a region. */
export function partitionOf(region: string): "aws" | "aws-cn" | "aws-us-gov" {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** The name under which CloudWatch Logs of a region calls other services. */
export function logsPrincipal(region: string): string {
  return `logs.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}

/**
 * Services whose resources always belong to somebody's account, so that an endpoint can be limited to resources of the own one.
 * Systems Manager and Amazon EC2 also hand out resources of AWS itself (documents, public parameters, images) and are limited by the
 * caller alone.
 */
const ownResourcesOnly: readonly string[] = [
  "s3",
  "secretsmanager",
  "logs",
  "autoscaling",
  "servicediscovery",
  "ecr.api",
  "ecr.dkr",
  "kms",
  "monitoring",
  "sns",
  "sts",
];

/**
 * The policy of a private endpoint: only identities of the own account pass, and with most services only to resources of the own
 * account. So a key pair brought in from elsewhere cannot carry data out, and the hosts' roles cannot be used on foreign buckets.
 */
export function endpointPolicy(service: string, accountId: string, region: string, buckets: readonly string[]): string {
  const account = {
    "aws:PrincipalAccount": accountId,
    ...(ownResourcesOnly.includes(service) ? { "aws:ResourceAccount": accountId } : {}),
  };
  const statements: PolicyStatement[] = [
    {
      Sid: "OwnAccount",
      Effect: "Allow",
      Principal: "*",
      Action: "*",
      Resource: "*",
      Condition: { StringEquals: account },
    },
  ];
  if (service === "s3" && buckets.length > 0) {
    statements.push({
      Sid: "ReadNamedBuckets",
      Effect: "Allow",
      Principal: "*",
      Action: "s3:GetObject",
      Resource: [...buckets].sort().map((bucket) => `arn:${partitionOf(region)}:s3:::${bucket}/*`),
    });
  }
  return policyText(statements);
}

/** The AWS bucket from which Amazon ECR serves the layers of private images. */
export function imageLayerBucket(region: string): string {
  return `prod-${region}-starport-layer-bucket`;
}

/**
 * The policy of a key that encrypts CloudWatch log groups: the account's identities by their own policies, and the log service for
 * log groups of this account and region.
 */
export function logsKeyPolicy(accountId: string, region: string): string {
  const partition = partitionOf(region);
  return policyText([
    {
      Sid: "AccountByIdentityPolicies",
      Effect: "Allow",
      Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
      Action: "kms:*",
      Resource: "*",
    },
    {
      Sid: "LogGroupsOfThisAccount",
      Effect: "Allow",
      Principal: { Service: logsPrincipal(region) },
      Action: [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:DescribeKey",
      ],
      Resource: "*",
      Condition: {
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:${partition}:logs:${region}:${accountId}:log-group:*` },
      },
    },
  ]);
}

/** The trust policy of a role that one AWS service may take. */
export function trustService(service: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });
}

export function policyText(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
