import type * as pulumi from "@pulumi/pulumi";
import type * as inputs from "@pulumi/aws/types/input";

export interface BucketPolicyFacts {
  readonly bucketArn: pulumi.Input<string>;
  /** The one KMS key that objects may be encrypted with. Absent: S3's own keys. */
  readonly keyArn?: pulumi.Input<string>;
  /** Whose access logs are delivered into this bucket. */
  readonly logsOf?: LogSource;
}

/** One bucket by its ARN, or every bucket of an account: only the account's own number is known at plan time. */
export type LogSource = { readonly bucketArn: pulumi.Input<string> } | { readonly accountId: string };

/**
 * What no identity may do with a bucket, whatever its own rights say. Written as an object and not as a text, so that a plan can read
 * it although the bucket's ARN is not known yet.
 */
export function bucketPolicy({ bucketArn, keyArn, logsOf }: BucketPolicyFacts): inputs.iam.PolicyDocument {
  const objects = joined(bucketArn, "/*");
  const deny = (
    Sid: string,
    Action: string,
    Resource: pulumi.Input<string>[],
    Condition: Record<string, unknown>,
  ): inputs.iam.PolicyStatement => ({
    Sid,
    Effect: "Deny",
    Principal: "*",
    Action,
    Resource,
    Condition,
  });
  return {
    Version: "2012-10-17",
    Statement: [
      deny("OnlyOverTls", "s3:*", [bucketArn, objects], { Bool: { "aws:SecureTransport": "false" } }),
      deny("OnlyTls12OrNewer", "s3:*", [bucketArn, objects], { NumericLessThan: { "s3:TlsVersion": "1.2" } }),
      deny("NoKeysFromCallers", "s3:PutObject", [objects], {
        Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" },
      }),
      ...(keyArn === undefined
        ? []
        : [
            deny("NoOtherEncryption", "s3:PutObject", [objects], {
              StringNotEqualsIfExists: { "s3:x-amz-server-side-encryption": "aws:kms" },
            }),
            deny("NoOtherKey", "s3:PutObject", [objects], {
              StringNotEqualsIfExists: { "s3:x-amz-server-side-encryption-aws-kms-key-id": keyArn },
            }),
          ]),
      ...(logsOf === undefined
        ? []
        : [
            {
              Sid: "AccessLogs",
              Effect: "Allow" as const,
              Principal: { Service: "logging.s3.amazonaws.com" },
              Action: "s3:PutObject",
              Resource: objects,
              Condition:
                "accountId" in logsOf
                  ? { StringEquals: { "aws:SourceAccount": logsOf.accountId } }
                  : { ArnLike: { "aws:SourceArn": logsOf.bucketArn } },
            },
          ]),
    ],
  };
}

/** An ARN with something behind it, known when the ARN is. */
export function joined(arn: pulumi.Input<string>, rest: string): pulumi.Input<string> {
  if (typeof arn === "string") return `${arn}${rest}`;
  if (arn instanceof Promise) return arn.then((text) => `${text}${rest}`);
  return arn.apply((text) => `${text}${rest}`);
}
