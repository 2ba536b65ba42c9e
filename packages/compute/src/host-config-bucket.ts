import { HoldfastComponent, inputProblems, parseArgs } from "@holdfast/core";
import { logsKeyPolicy, partitionOf } from "@holdfast/network";
import * as kms from "@pulumi/aws/kms";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ManifestEntry } from "./host-manifest";
import { HostObject } from "./host-object";
import type { SecretReferences } from "./secret-references";

export interface HostConfigBucketArgs {
  /** Region of the provider in use. */
  readonly region: string;
  /** Name and prefix of a bucket that takes the access logs. @default none */
  readonly accessLogs?: { readonly bucketName: pulumi.Input<string>; readonly prefix?: string };
  /** Twelve digits. Give it to make the key's policy readable in a plan. @default read off the key once it exists */
  readonly accountId?: string;
  /** Put on every resource. @default none */
  readonly tags?: Readonly<Record<string, string>>;
  /** Whether the bucket and its key are protected from deletion. @default true */
  readonly protect?: boolean;
}

const schema = z.strictObject({
  region: z.string(),
  accountId: z
    .string()
    .regex(/^\d{12}$/, { error: "must be twelve digits" })
    .optional(),
  tags: z.record(z.string(), z.string()).default({}),
  protect: z.boolean().default(true),
});

/** What Amazon EC2 Auto Scaling must be allowed to start hosts with encrypted volumes (AWS: required KMS key policy for encrypted volumes). */
const volumeOperations = [
  "Encrypt",
  "Decrypt",
  "ReEncryptFrom",
  "ReEncryptTo",
  "GenerateDataKey",
  "GenerateDataKeyWithoutPlaintext",
  "DescribeKey",
  "CreateGrant",
];

/**
 * The bucket from which hosts fetch their files, and the key that encrypts those files, the hosts' volumes and their logs.
 *
 * Private, versioned, encrypted, TLS only. An object is never overwritten: its key holds the hash of its content, and an old version
 * stays for as long as a host might start from an older launch template. Stateful: bucket and key.
 *
 * ```ts
 * const config = new HostConfigBucket("config", { region: "eu-central-1" });
 * ```
 */
export class HostConfigBucket extends HoldfastComponent {
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;
  /** The key that encrypts the files, the hosts' volumes and their logs. */
  readonly keyArn: pulumi.Output<string>;
  /** What must exist before a host that uses this bucket starts. */
  readonly readiness: readonly pulumi.Resource[];
  readonly bucket: s3.Bucket;

  constructor(name: string, args: HostConfigBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    const plain = parseArgs("HostConfigBucket", schema, args);
    // A bucket's name has 63 characters, 15 of them ours.
    if (!/^[a-z0-9][a-z0-9-]{0,47}$/.test(name)) {
      throw inputProblems("HostConfigBucket", [
        { path: "name", reason: `must be at most 48 lower case letters, digits and hyphens, got "${name}"` },
      ]);
    }
    super("compute:index:HostConfigBucket", name, args, opts);

    const key = this.#key(plain.tags, plain.protect);
    const use = this.#keyUse(key, plain.region, plain.accountId);
    this.bucket = this.#bucket(plain.tags, plain.protect);
    const guards = this.#guards(this.bucket, key);
    if (args.accessLogs) this.#accessLogs(this.bucket, args.accessLogs);

    this.bucketName = this.bucket.bucket;
    this.bucketArn = this.bucket.arn;
    this.keyArn = key.arn;
    this.readiness = [...use, ...guards];
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn, keyArn: this.keyArn });
  }

  /** Puts a pool's files into the bucket, as children of the pool. */
  publish(parent: pulumi.Resource, pool: string, manifest: readonly ManifestEntry[]): HostObject[] {
    return manifest.map(
      ({ path, key, sha256, file }) =>
        new HostObject(
          `${pool}-file-${path.slice(1)}`,
          {
            bucket: this.bucketName,
            key,
            content: file.content,
            contentType: "text/plain; charset=utf-8",
            serverSideEncryption: "aws:kms",
            kmsKeyId: this.keyArn,
            bucketKeyEnabled: true,
            sourceHash: sha256,
            metadata: { "holdfast-path": path, "holdfast-reader": file.reader, "holdfast-host": pool },
          },
          // A host that starts from an older launch template, or a refresh that is rolled back, still needs the older file.
          { parent, retainOnDelete: true },
        ),
    );
  }

  /** Puts the list of a pool's secrets beside its files: ARNs, no values. */
  publishReferences(parent: pulumi.Resource, pool: string, references: SecretReferences): HostObject {
    return new HostObject(
      `${pool}-secret-references`,
      {
        bucket: this.bucketName,
        key: pulumi.interpolate`hosts/${pool}/secret-references/${references.sha256}`,
        content: references.text,
        contentType: "text/plain; charset=utf-8",
        serverSideEncryption: "aws:kms",
        kmsKeyId: this.keyArn,
        bucketKeyEnabled: true,
        sourceHash: references.sha256,
      },
      { parent, retainOnDelete: true },
    );
  }

  #key(tags: Readonly<Record<string, string>>, protect: boolean): kms.Key {
    return new kms.Key(
      this.childName("key"),
      {
        description: "Files, volumes and logs of the hosts",
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        tags: { ...tags, Name: this.childName("key") },
      },
      this.stateful(protect),
    );
  }

  /** The account's own number is read off the key's ARN, so it takes no lookup. */
  #keyUse(key: kms.Key, region: string, accountId: string | undefined): pulumi.Resource[] {
    const account = pulumi.output(accountId ?? key.arn.apply((arn) => arn.split(":")[4] ?? ""));
    return [
      new kms.KeyPolicy(
        this.childName("key-policy"),
        { keyId: key.id, policy: account.apply((id) => logsKeyPolicy(id, region)) },
        this.child(),
      ),
      // Without it Auto Scaling starts hosts with encrypted volumes and ends them at once (Client.InternalError).
      new kms.Grant(
        this.childName("volume-grant"),
        {
          keyId: key.arn,
          granteePrincipal: pulumi.interpolate`arn:${partitionOf(region)}:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
          operations: volumeOperations,
        },
        this.child(),
      ),
    ];
  }

  #bucket(tags: Readonly<Record<string, string>>, protect: boolean): s3.Bucket {
    return new s3.Bucket(
      this.childName("bucket"),
      { tags: { ...tags, Name: this.childName("bucket") } },
      this.stateful(protect),
    );
  }

  #guards(bucket: s3.Bucket, key: kms.Key): pulumi.Resource[] {
    const of = { bucket: bucket.bucket };
    const access = new s3.BucketPublicAccessBlock(
      this.childName("public-access"),
      { ...of, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      this.child(),
    );
    const ownership = new s3.BucketOwnershipControls(
      this.childName("ownership"),
      { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } },
      this.child(),
    );
    const versioning = new s3.BucketVersioning(
      this.childName("versioning"),
      { ...of, versioningConfiguration: { status: "Enabled" } },
      this.child(),
    );
    const encryption = new s3.BucketServerSideEncryptionConfiguration(
      this.childName("encryption"),
      {
        ...of,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
            bucketKeyEnabled: true,
            blockedEncryptionTypes: ["SSE-C"],
          },
        ],
      },
      this.child(),
    );
    const policy = new s3.BucketPolicy(
      this.childName("policy"),
      { ...of, policy: tlsOnlyPolicy(bucket.arn) },
      this.child({ dependsOn: [access] }),
    );
    new s3.BucketLifecycleConfiguration(
      this.childName("lifecycle"),
      {
        ...of,
        rules: [
          {
            id: "tidy",
            status: "Enabled",
            filter: {},
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
            noncurrentVersionExpiration: { noncurrentDays: 365 },
          },
        ],
      },
      this.child({ dependsOn: [versioning] }),
    );
    return [access, ownership, versioning, encryption, policy];
  }

  #accessLogs(
    bucket: s3.Bucket,
    { bucketName, prefix }: { readonly bucketName: pulumi.Input<string>; readonly prefix?: string },
  ): void {
    new s3.BucketLogging(
      this.childName("access-logs"),
      { bucket: bucket.bucket, targetBucket: bucketName, targetPrefix: prefix ?? `${this.componentName}/` },
      this.child(),
    );
  }
}

/** Refuses plain HTTP and TLS before 1.2, whoever asks. */
export function tlsOnlyPolicy(bucketArn: pulumi.Input<string>): s3.BucketPolicyArgs["policy"] {
  const everything = [bucketArn, pulumi.interpolate`${bucketArn}/*`];
  const deny = (Sid: string, Condition: Record<string, Record<string, string>>) => ({
    Sid,
    Effect: "Deny" as const,
    Principal: "*",
    Action: "s3:*",
    Resource: everything,
    Condition,
  });
  return {
    Version: "2012-10-17",
    Statement: [
      deny("TlsOnly", { Bool: { "aws:SecureTransport": "false" } }),
      deny("ModernTls", { NumericLessThan: { "s3:TlsVersion": "1.2" } }),
    ],
  };
}
