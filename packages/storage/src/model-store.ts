import { HoldfastComponent, parseArgs } from "@holdfast/core";
import * as kms from "@pulumi/aws/kms";
import type * as inputs from "@pulumi/aws/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { joined } from "./bucket-policy";
import { LockedBucket } from "./locked-bucket";
import { ModelBackup, type VaultLock } from "./model-backup";
import { ModelReplica } from "./model-replica";

export interface ModelStoreArgs {
  /** Region of the store, for example `eu-central-1`: the one the fleets run in. */
  readonly region: string;
  /** A copy of every model in a second region. @default none */
  readonly replica?: { readonly region: string };
  /** Daily recovery points in a vault. @default none */
  readonly backup?: {
    /** Days for which a recovery point is kept, 1 to 36,500. */
    readonly retentionDays: number;
    /** Who can still delete recovery points early. @default everybody with the right to */
    readonly lock?: VaultLock;
    /** Restore the newest recovery point once a month into a bucket that AWS Backup makes and removes. Costs a month's restore. @default true */
    readonly restoreTest?: boolean;
  };
  /** Days for which overwritten and deleted versions are kept. @default 90 */
  readonly noncurrentVersionDays?: number;
  /** Days for which the buckets' access logs are kept. @default 400 */
  readonly accessLogDays?: number;
  /**
   * Lets `pulumi destroy` delete the buckets, keys and vault with everything in them. For throw-away environments.
   * @default false: protected, and kept in the cloud when removed from the program
   */
  readonly allowDataLoss?: boolean;
  /** Twelve digits. Give it to let other buckets of the account log into this store's log bucket, and to make its policy readable in a plan. @default only the store's own */
  readonly accountId?: string;
  /** Put on every resource. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be a region such as eu-central-1");

const argsSchema = z
  .strictObject({
    region,
    replica: z.strictObject({ region }).optional(),
    backup: z
      .strictObject({
        retentionDays: z.int().min(1).max(36_500),
        lock: z
          .discriminatedUnion("mode", [
            z.strictObject({ mode: z.literal("governance") }),
            z.strictObject({ mode: z.literal("compliance"), irreversibleAfterDays: z.int().min(3).max(36_500) }),
          ])
          .optional(),
        restoreTest: z.boolean().default(true),
      })
      .optional(),
    noncurrentVersionDays: z.int().min(1).max(3650).default(90),
    accountId: z
      .string()
      .regex(/^\d{12}$/, "must be twelve digits")
      .optional(),
    accessLogDays: z.int().min(1).max(3650).default(400),
    allowDataLoss: z.boolean().default(false),
    tags: z.record(z.string(), z.string()).default({}),
  })
  .refine((args) => args.replica?.region !== args.region, {
    path: ["replica", "region"],
    error: ({ input }) =>
      `must be another region than the store's own, got ${JSON.stringify((input as ModelStoreArgs).region)}`,
    // Told together with everything else that is wrong.
    when: () => true,
  });

/** Private, encrypted, versioned storage for model weights, with a copy in a second region and backups when asked for. */
export class ModelStore extends HoldfastComponent {
  readonly region: string;
  readonly bucketName: pulumi.Output<string>;
  /** Takes the access logs of other buckets of the account too, when `accountId` is given. */
  readonly accessLogBucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;
  /** The key that encrypts the models. */
  readonly keyArn: pulumi.Output<string>;
  readonly replicaBucketArn: pulumi.Output<string> | undefined;
  readonly vaultArn: pulumi.Output<string> | undefined;
  /** What must exist before a host can read a model. */
  readonly readiness: pulumi.Resource[];

  constructor(name: string, args: ModelStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    const plain = parseArgs(`ModelStore "${name}"`, argsSchema, args);
    super("storage:index:ModelStore", name, {}, opts);
    const { region, tags } = plain;
    const shared = { region, noncurrentDays: plain.noncurrentVersionDays, protect: !plain.allowDataLoss, tags };

    const key = new kms.Key(
      this.childName("key"),
      { region, description: `Models (${name})`, enableKeyRotation: true, deletionWindowInDays: 30, tags },
      this.stateful(shared.protect),
    );
    const logSource = plain.accountId === undefined ? undefined : { accountId: plain.accountId };
    const models = new LockedBucket(this.childName("models"), { ...shared, keyArn: key.arn }, { parent: this });
    const logs = new LockedBucket(
      this.childName("logs"),
      { ...shared, logsOf: logSource ?? { bucketArn: models.bucket.arn }, expireDays: plain.accessLogDays },
      { parent: this },
    );
    models.logTo(logs, "models/");
    const replica =
      plain.replica &&
      new ModelReplica(
        this.childName("replica"),
        {
          ...shared,
          source: models,
          sourceRegion: region,
          sourceKeyArn: key.arn,
          region: plain.replica.region,
          accessLogDays: plain.accessLogDays,
          ...(logSource && { logSource }),
        },
        { parent: this },
      );
    const backups =
      plain.backup &&
      new ModelBackup(
        this.childName("backup"),
        {
          region,
          tags,
          protect: shared.protect,
          bucketArn: models.bucket.arn,
          retentionDays: plain.backup.retentionDays,
          restoreTest: plain.backup.restoreTest,
          ...(plain.backup.lock && { lock: plain.backup.lock }),
          dependsOn: [models.versioning],
        },
        { parent: this },
      );

    this.region = region;
    this.accessLogBucketName = logs.bucket.bucket;
    this.bucketName = models.bucket.bucket;
    this.bucketArn = models.bucket.arn;
    this.keyArn = key.arn;
    this.replicaBucketArn = replica?.bucket.bucket.arn;
    this.vaultArn = backups?.vault.arn;
    this.readiness = [models.bucket, models.versioning];
    this.registerOutputs({
      bucketName: this.bucketName,
      bucketArn: this.bucketArn,
      keyArn: this.keyArn,
      replicaBucketArn: this.replicaBucketArn,
      vaultArn: this.vaultArn,
    });
  }

  /** What a host needs to read one model version and nothing else. `prefix` comes from `modelPrefix(model, version)`. */
  readStatements(prefix: string): inputs.iam.PolicyStatement[] {
    return readStatements({ bucketArn: this.bucketArn, keyArn: this.keyArn, region: this.region }, prefix);
  }
}

/** The rights to read what lies under one prefix of a store. */
export function readStatements(
  store: { readonly bucketArn: pulumi.Input<string>; readonly keyArn: pulumi.Input<string>; readonly region: string },
  prefix: string,
): inputs.iam.PolicyStatement[] {
  return [
    { Sid: "ReadModel", Effect: "Allow", Action: "s3:GetObject", Resource: joined(store.bucketArn, `/${prefix}/*`) },
    {
      Sid: "ListModel",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: store.bucketArn,
      Condition: { StringLike: { "s3:prefix": `${prefix}/*` } },
    },
    {
      Sid: "DecryptModel",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: store.keyArn,
      Condition: { StringEquals: { "kms:ViaService": `s3.${store.region}.amazonaws.com` } },
    },
  ];
}
