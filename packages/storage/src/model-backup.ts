import { HoldfastComponent } from "@holdfast/core";
import * as backup from "@pulumi/aws/backup";
import * as iam from "@pulumi/aws/iam";
import * as kms from "@pulumi/aws/kms";
import type * as pulumi from "@pulumi/pulumi";
import { assumedBy } from "./model-replica";

/** Who can still delete recovery points before their time. */
export type VaultLock =
  /** Nobody without the right to remove the lock, which an administrator can be given. */
  | { readonly mode: "governance" }
  /** Nobody at all, AWS included, from `irreversibleAfterDays` days after deployment. The lock can never be removed then. */
  | { readonly mode: "compliance"; readonly irreversibleAfterDays: number };

export interface ModelBackupArgs {
  readonly region: string;
  readonly bucketArn: pulumi.Input<string>;
  readonly retentionDays: number;
  readonly lock?: VaultLock;
  readonly restoreTest: boolean;
  readonly protect: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** The bucket must keep versions before the first backup. */
  readonly dependsOn: pulumi.Input<pulumi.Resource>[];
}

/** Daily recovery points of the model bucket in a vault with its own key, and a monthly proof that they can be restored. */
export class ModelBackup extends HoldfastComponent {
  readonly vault: backup.Vault;

  constructor(name: string, args: ModelBackupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storage:index:ModelBackup", name, {}, opts);
    const { region, retentionDays, lock, protect, tags } = args;

    const key = new kms.Key(
      this.childName("key"),
      { region, description: `Backups of models (${name})`, enableKeyRotation: true, deletionWindowInDays: 30, tags },
      this.stateful(protect),
    );
    this.vault = new backup.Vault(
      this.childName("vault"),
      { region, kmsKeyArn: key.arn, forceDestroy: !protect, tags },
      this.stateful(protect),
    );
    if (lock) {
      new backup.VaultLockConfiguration(
        this.childName("vault-lock"),
        {
          region,
          backupVaultName: this.vault.name,
          minRetentionDays: retentionDays,
          // With this set the lock becomes irreversible after that many days; without it the lock can be removed.
          ...(lock.mode === "compliance" && { changeableForDays: lock.irreversibleAfterDays }),
        },
        this.stateful(protect),
      );
    }

    const role = new iam.Role(
      this.childName("role"),
      { description: "Backs up and restores models", assumeRolePolicy: assumedBy("backup.amazonaws.com"), tags },
      this.child(),
    );
    const rights = ["AWSBackupServiceRolePolicyForS3Backup", "AWSBackupServiceRolePolicyForS3Restore"].map(
      (policy, index) =>
        new iam.RolePolicyAttachment(
          this.childName(index === 0 ? "role-backup" : "role-restore"),
          { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
          this.child(),
        ),
    );
    const plan = new backup.Plan(
      this.childName("plan"),
      {
        region,
        rules: [
          {
            ruleName: "daily",
            targetVaultName: this.vault.name,
            schedule: "cron(0 3 * * ? *)",
            startWindow: 60,
            completionWindow: 720,
            lifecycle: { deleteAfter: retentionDays },
          },
        ],
        tags,
      },
      this.child(),
    );
    new backup.Selection(
      this.childName("selection"),
      { region, planId: plan.id, iamRoleArn: role.arn, resources: [args.bucketArn] },
      this.child({ dependsOn: [...rights, ...args.dependsOn] }),
    );
    if (args.restoreTest) this.testRestores(args, role, rights);
    this.registerOutputs({});
  }

  private testRestores({ region, bucketArn, tags }: ModelBackupArgs, role: iam.Role, rights: pulumi.Resource[]): void {
    // AWS takes letters, digits and underscores here.
    const name = this.childName("restore_test")
      .replace(/[^a-zA-Z0-9]/g, "_")
      .slice(0, 50);
    const plan = new backup.RestoreTestingPlan(
      this.childName("restore-test"),
      {
        region,
        name,
        scheduleExpression: "cron(0 5 1 * ? *)",
        recoveryPointSelection: {
          algorithm: "LATEST_WITHIN_WINDOW",
          includeVaults: [this.vault.arn],
          recoveryPointTypes: ["SNAPSHOT"],
          selectionWindowDays: 7,
        },
        tags,
      },
      this.child(),
    );
    new backup.RestoreTestingSelection(
      this.childName("restore-test-selection"),
      {
        region,
        name: `${name}_models`.slice(-50),
        restoreTestingPlanName: plan.name,
        protectedResourceType: "S3",
        protectedResourceArns: [bucketArn],
        iamRoleArn: role.arn,
      },
      this.child({ dependsOn: rights }),
    );
  }
}
