import { HoldfastComponent } from "@holdfast/core";
import * as s3 from "@pulumi/aws/s3";
import type * as inputs from "@pulumi/aws/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { bucketPolicy, type LogSource } from "./bucket-policy";

export interface LockedBucketArgs {
  readonly region: string;
  /** KMS key for the objects. Absent: S3's own keys, which is what log delivery can write to. */
  readonly keyArn?: pulumi.Input<string>;
  /** Whose access logs are delivered into this bucket. */
  readonly logsOf?: LogSource;
  /** Days after which current objects go. Absent: never. */
  readonly expireDays?: number;
  /** Days for which overwritten and deleted versions are kept. */
  readonly noncurrentDays: number;
  /** Off: the bucket is deleted with everything in it when it leaves the program. */
  readonly protect: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** A bucket with every door closed: private, versioned, encrypted, reachable over TLS alone. The building block of a store. */
export class LockedBucket extends HoldfastComponent {
  readonly bucket: s3.Bucket;
  /** Set once the bucket keeps versions: replication needs that first. */
  readonly versioning: s3.BucketVersioning;
  private readonly policy: s3.BucketPolicy;
  private readonly region: string;

  constructor(name: string, args: LockedBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storage:index:LockedBucket", name, {}, opts);
    const { region, tags, protect } = args;

    this.bucket = new s3.Bucket(
      this.childName("bucket"),
      { region, forceDestroy: !protect, tags },
      this.stateful(protect),
    );
    const bucket = this.bucket.id;

    const access = new s3.BucketPublicAccessBlock(
      this.childName("public-access"),
      {
        region,
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
        skipDestroy: true,
      },
      this.child(),
    );
    new s3.BucketOwnershipControls(
      this.childName("ownership"),
      { region, bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      this.child(),
    );
    this.versioning = new s3.BucketVersioning(
      this.childName("versioning"),
      { region, bucket, versioningConfiguration: { status: "Enabled" } },
      this.stateful(protect),
    );
    new s3.BucketServerSideEncryptionConfiguration(
      this.childName("encryption"),
      { region, bucket, rules: [encryption(args.keyArn)] },
      this.child(),
    );
    this.policy = new s3.BucketPolicy(
      this.childName("policy"),
      {
        region,
        bucket,
        policy: bucketPolicy({
          bucketArn: this.bucket.arn,
          ...(args.keyArn !== undefined && { keyArn: args.keyArn }),
          ...(args.logsOf !== undefined && { logsOf: args.logsOf }),
        }),
      },
      // S3 refuses two changes of a bucket's access settings at once.
      this.child({ dependsOn: access }),
    );
    new s3.BucketLifecycleConfiguration(
      this.childName("lifecycle"),
      { region, bucket, rules: lifecycle(args.noncurrentDays, args.expireDays) },
      this.child({ dependsOn: this.versioning }),
    );
    this.region = region;
    this.registerOutputs({});
  }

  /** Has the bucket's access logs delivered into another one, which was made with `logsOf` this one. */
  logTo(logs: LockedBucket, prefix: string): void {
    new s3.BucketLogging(
      this.childName("logging"),
      { region: this.region, bucket: this.bucket.id, targetBucket: logs.bucket.id, targetPrefix: prefix },
      this.child({ dependsOn: logs.policy }),
    );
  }
}

function encryption(keyArn?: pulumi.Input<string>): inputs.s3.BucketServerSideEncryptionConfigurationRule {
  return keyArn === undefined
    ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, blockedEncryptionTypes: ["SSE-C"] }
    : {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
        // One key request per bucket and while, not one per object.
        bucketKeyEnabled: true,
        blockedEncryptionTypes: ["SSE-C"],
      };
}

function lifecycle(noncurrentDays: number, expireDays?: number): inputs.s3.BucketLifecycleConfigurationRule[] {
  return [
    {
      id: "abandoned-uploads",
      status: "Enabled",
      filter: {},
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    },
    { id: "old-versions", status: "Enabled", filter: {}, noncurrentVersionExpiration: { noncurrentDays } },
    ...(expireDays === undefined
      ? []
      : [{ id: "expiry", status: "Enabled", filter: {}, expiration: { days: expireDays } }]),
  ];
}
