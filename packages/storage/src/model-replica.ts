import { HoldfastComponent } from "@holdfast/core";
import * as iam from "@pulumi/aws/iam";
import * as kms from "@pulumi/aws/kms";
import * as s3 from "@pulumi/aws/s3";
import type * as inputs from "@pulumi/aws/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { joined, type LogSource } from "./bucket-policy";
import { LockedBucket } from "./locked-bucket";

export interface ModelReplicaArgs {
  readonly source: LockedBucket;
  readonly sourceRegion: string;
  readonly sourceKeyArn: pulumi.Input<string>;
  readonly region: string;
  readonly noncurrentDays: number;
  readonly accessLogDays: number;
  /** Whose access logs the copy's log bucket takes. @default only the copy's own */
  readonly logSource?: LogSource;
  readonly protect: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** A second copy of every model in another region, with a key and access logs of its own. Deletions do not travel. */
export class ModelReplica extends HoldfastComponent {
  readonly bucket: LockedBucket;
  readonly key: kms.Key;

  constructor(name: string, args: ModelReplicaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storage:index:ModelReplica", name, {}, opts);
    const { region, tags, protect, noncurrentDays } = args;

    this.key = new kms.Key(
      this.childName("key"),
      { region, description: `Replica of models (${name})`, enableKeyRotation: true, deletionWindowInDays: 30, tags },
      this.stateful(protect),
    );
    this.bucket = new LockedBucket(
      this.childName("models"),
      { region, keyArn: this.key.arn, noncurrentDays, protect, tags },
      { parent: this },
    );
    const logs = new LockedBucket(
      this.childName("logs"),
      {
        region,
        logsOf: args.logSource ?? { bucketArn: this.bucket.bucket.arn },
        noncurrentDays,
        expireDays: args.accessLogDays,
        protect,
        tags,
      },
      { parent: this },
    );
    this.bucket.logTo(logs, "models/");

    const role = new iam.Role(
      this.childName("role"),
      { description: "Copies new models to the second region", assumeRolePolicy: assumedBy("s3.amazonaws.com"), tags },
      this.child(),
    );
    const policy = new iam.RolePolicy(
      this.childName("role-policy"),
      {
        role: role.id,
        policy: replicationPolicy({
          sourceArn: args.source.bucket.arn,
          sourceKeyArn: args.sourceKeyArn,
          sourceRegion: args.sourceRegion,
          replicaArn: this.bucket.bucket.arn,
          replicaKeyArn: this.key.arn,
          replicaRegion: region,
        }),
      },
      this.child(),
    );
    new s3.BucketReplicationConfig(
      this.childName("replication"),
      {
        region: args.sourceRegion,
        bucket: args.source.bucket.id,
        role: role.arn,
        rules: [
          {
            id: "models",
            status: "Enabled",
            filter: {},
            priority: 1,
            deleteMarkerReplication: { status: "Disabled" },
            sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
            destination: {
              bucket: this.bucket.bucket.arn,
              storageClass: "STANDARD_IA",
              encryptionConfiguration: { replicaKmsKeyId: this.key.arn },
              metrics: { status: "Enabled", eventThreshold: { minutes: 15 } },
              replicationTime: { status: "Enabled", time: { minutes: 15 } },
            },
          },
        ],
      },
      this.child({ dependsOn: [args.source.versioning, this.bucket.versioning, policy] }),
    );
    this.registerOutputs({});
  }
}

/** A trust policy for one AWS service. */
export function assumedBy(service: string): inputs.iam.PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  };
}

export interface ReplicationFacts {
  readonly sourceArn: pulumi.Input<string>;
  readonly sourceKeyArn: pulumi.Input<string>;
  readonly sourceRegion: string;
  readonly replicaArn: pulumi.Input<string>;
  readonly replicaKeyArn: pulumi.Input<string>;
  readonly replicaRegion: string;
}

/** Exactly what replication does: read versions here, write copies there, use each key through S3 only. No right to delete. */
export function replicationPolicy(facts: ReplicationFacts): inputs.iam.PolicyDocument {
  const { sourceArn, replicaArn } = facts;
  const through = (region: string) => ({ StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } });
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ReadSettings",
        Effect: "Allow",
        Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
        Resource: sourceArn,
      },
      {
        Sid: "ReadVersions",
        Effect: "Allow",
        Action: ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
        Resource: joined(sourceArn, "/*"),
      },
      {
        Sid: "WriteCopies",
        Effect: "Allow",
        Action: ["s3:ReplicateObject", "s3:ReplicateTags"],
        Resource: joined(replicaArn, "/*"),
      },
      {
        Sid: "Decrypt",
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: facts.sourceKeyArn,
        Condition: through(facts.sourceRegion),
      },
      {
        Sid: "Encrypt",
        Effect: "Allow",
        Action: ["kms:Encrypt", "kms:GenerateDataKey"],
        Resource: facts.replicaKeyArn,
        Condition: through(facts.replicaRegion),
      },
    ],
  };
}
