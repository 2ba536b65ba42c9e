import { planProgram } from "@holdfast/testing";
import { describe, expect, it } from "vitest";
import { ModelStore, readStatements, type ModelStoreArgs } from "./model-store";

const args: ModelStoreArgs = {
  region: "eu-central-1",
  replica: { region: "eu-west-1" },
  backup: { retentionDays: 35, lock: { mode: "governance" } },
};

/** `expect.arrayContaining` with a type. */
const containing = (items: readonly unknown[]): unknown => expect.arrayContaining([...items]);

async function planned(given: ModelStoreArgs = args) {
  const plan = await planProgram({
    project: "holdfast",
    stack: "test",
    program: () => {
      new ModelStore("models", given);
    },
  });
  const all = plan.graph.resources.filter((resource) => resource.custom && resource.type.startsWith("aws:"));
  const of = (type: string) => all.filter((resource) => resource.type === type);
  return { all, of, store: plan.graph.resources.find((resource) => resource.type === "storage:index:ModelStore") };
}

describe("ModelStore", () => {
  it("protects and keeps everything that holds data, unless data loss is allowed by name", async () => {
    const holdsData = /:(Bucket|Key|Vault|VaultLockConfiguration|BucketVersioning)$/;
    const { all } = await planned();
    const data = all.filter(({ type }) => holdsData.test(type));
    expect(data.length).toBeGreaterThanOrEqual(9);
    expect(
      data.filter(({ protect, retainOnDelete }) => !protect || retainOnDelete !== true).map(({ name }) => name),
    ).toEqual([]);
    expect(data.filter(({ inputs }) => inputs.forceDestroy === true)).toEqual([]);
    const open = await planned({ ...args, allowDataLoss: true });
    expect(open.all.filter(({ protect }) => protect)).toEqual([]);
  });

  it.each([
    "PublicAccessBlock",
    "OwnershipControls",
    "Versioning",
    "ServerSideEncryptionConfiguration",
    "Policy",
    "LifecycleConfiguration",
  ])("gives each of the four buckets its %s, in the bucket's region", async (kind) => {
    const { of } = await planned();
    const buckets = of("aws:s3/bucket:Bucket");
    const settings = of(`aws:s3/bucket${kind}:Bucket${kind}`);
    expect(buckets).toHaveLength(4);
    expect(settings).toHaveLength(4);
    for (const bucket of buckets) {
      const own = settings.find(({ propertyDependencies }) => propertyDependencies.bucket?.includes(bucket.urn));
      expect(own?.inputs.region).toBe(bucket.inputs.region);
    }
  });

  it("refuses everything but TLS, its own key and its own account's doors, in a policy that a plan can read", async () => {
    const { of } = await planned();
    for (const policy of of("aws:s3/bucketPolicy:BucketPolicy")) {
      expect(policy.inputs.policy).toMatchObject({
        Statement: containing([
          expect.objectContaining({
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          }),
          expect.objectContaining({
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
          }),
        ]),
      });
    }
    for (const block of of("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")) {
      expect(block.inputs).toMatchObject({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
    }
  });

  it("encrypts models with rotating keys and lets logs be delivered with S3's own", async () => {
    const { of } = await planned();
    const keys = of("aws:kms/key:Key");
    expect(keys.map(({ name, inputs }) => [name, inputs.region, inputs.enableKeyRotation])).toEqual([
      ["models-key", "eu-central-1", true],
      ["models-replica-key", "eu-west-1", true],
      ["models-backup-key", "eu-central-1", true],
    ]);
    const algorithms = of("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration").map(
      ({ name, inputs }) => [
        name,
        (inputs.rules as { applyServerSideEncryptionByDefault: { sseAlgorithm: string } }[])[0]
          ?.applyServerSideEncryptionByDefault.sseAlgorithm,
      ],
    );
    expect(Object.fromEntries(algorithms)).toEqual({
      "models-models-encryption": "aws:kms",
      "models-logs-encryption": "AES256",
      "models-replica-models-encryption": "aws:kms",
      "models-replica-logs-encryption": "AES256",
    });
  });

  it("logs access to both model buckets, each in its own region", async () => {
    const { of } = await planned();
    const logging = of("aws:s3/bucketLogging:BucketLogging");
    expect(logging.map(({ inputs }) => inputs.region).sort()).toEqual(["eu-central-1", "eu-west-1"]);
    for (const one of logging) {
      const target = one.propertyDependencies.targetBucket?.[0];
      const policy = of("aws:s3/bucketPolicy:BucketPolicy").find(
        ({ propertyDependencies }) => target !== undefined && propertyDependencies.bucket?.includes(target),
      );
      expect(policy?.inputs.policy).toMatchObject({
        Statement: containing([
          expect.objectContaining({
            Effect: "Allow",
            Principal: { Service: "logging.s3.amazonaws.com" },
            Action: "s3:PutObject",
          }),
        ]),
      });
    }
  });

  it("replicates without deletions, after both buckets keep versions, with a role that cannot delete or read anything else", async () => {
    const { of } = await planned();
    const [replication] = of("aws:s3/bucketReplicationConfig:BucketReplicationConfig");
    expect(replication?.inputs.region).toBe("eu-central-1");
    expect(replication?.inputs.rules).toMatchObject([
      {
        status: "Enabled",
        deleteMarkerReplication: { status: "Disabled" },
        sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
      },
    ]);
    const versioning = of("aws:s3/bucketVersioning:BucketVersioning").filter(({ name }) => !name.includes("logs"));
    expect(versioning).toHaveLength(2);
    for (const { urn } of versioning) expect(replication?.dependencies).toContain(urn);
    const policy = of("aws:iam/rolePolicy:RolePolicy").find(({ name }) => name === "models-replica-role-policy");
    const statements = (policy?.inputs.policy as { Statement: { Action: string | string[]; Resource: unknown }[] })
      .Statement;
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => /\*|Delete|PutObject|kms:(Create|Put|Schedule)/.test(action))).toEqual([]);
    expect(statements.filter(({ Resource }) => Resource === "*")).toEqual([]);
  });

  it("locks the vault so that the lock can be taken off, and for ever only when that is asked for in words", async () => {
    const lock = async (given: NonNullable<ModelStoreArgs["backup"]>) =>
      (await planned({ ...args, backup: given })).of("aws:backup/vaultLockConfiguration:VaultLockConfiguration");
    expect((await lock({ retentionDays: 35 })).length).toBe(0);
    const [governance] = await lock({ retentionDays: 35, lock: { mode: "governance" } });
    expect(governance?.inputs).toMatchObject({ minRetentionDays: 35 });
    expect(governance?.inputs).not.toHaveProperty("changeableForDays");
    const [compliance] = await lock({ retentionDays: 35, lock: { mode: "compliance", irreversibleAfterDays: 30 } });
    expect(compliance?.inputs).toMatchObject({ changeableForDays: 30 });
  });

  it("backs up the model bucket daily for the days asked for, and proves once a month that it can be restored", async () => {
    const { of } = await planned();
    expect(of("aws:backup/plan:Plan")[0]?.inputs.rules).toMatchObject([
      { schedule: "cron(0 3 * * ? *)", lifecycle: { deleteAfter: 35 } },
    ]);
    const bucket = of("aws:s3/bucket:Bucket").find(({ name }) => name === "models-models-bucket");
    expect(of("aws:backup/selection:Selection")[0]?.propertyDependencies.resources).toEqual([bucket?.urn]);
    expect(of("aws:backup/restoreTestingPlan:RestoreTestingPlan")[0]?.inputs.name).toMatch(/^[a-zA-Z0-9_]{1,50}$/);
    const without = await planned({ ...args, backup: { retentionDays: 35, restoreTest: false } });
    expect(without.of("aws:backup/restoreTestingPlan:RestoreTestingPlan")).toEqual([]);
  });

  it("is small when little is asked for", async () => {
    const { of } = await planned({ region: "eu-central-1" });
    expect(of("aws:s3/bucket:Bucket")).toHaveLength(2);
    expect(of("aws:backup/vault:Vault")).toEqual([]);
    expect(of("aws:iam/role:Role")).toEqual([]);
  });

  it("names every problem before anything is registered", () => {
    expect(
      () =>
        new ModelStore("models", {
          region: "eu-central-1",
          replica: { region: "eu-central-1" },
          backup: { retentionDays: 0, lock: { mode: "compliance", irreversibleAfterDays: 1 } },
        } as unknown as ModelStoreArgs),
    ).toThrow(/3 problems.*retentionDays.*irreversibleAfterDays.*replica\.region/s);
    expect(() => new ModelStore("models", { region: "eu-central-1", replica: { region: "eu-central-1" } })).toThrow(
      /replica\.region: must be another region than the store's own, got "eu-central-1"/,
    );
    expect(() => new ModelStore("models", { region: "Frankfurt" })).toThrow(
      /region: must be a region such as eu-central-1/,
    );
  });
});

describe("readStatements", () => {
  it("gives one version of one model, and the key through S3 alone", () => {
    const statements = readStatements(
      { bucketArn: "arn:aws:s3:::m", keyArn: "arn:aws:kms:eu-central-1:1:key/k", region: "eu-central-1" },
      "models/a/1",
    );
    expect(statements.map(({ Action, Resource, Condition }) => [Action, Resource, Condition])).toEqual([
      ["s3:GetObject", "arn:aws:s3:::m/models/a/1/*", undefined],
      ["s3:ListBucket", "arn:aws:s3:::m", { StringLike: { "s3:prefix": "models/a/1/*" } }],
      [
        "kms:Decrypt",
        "arn:aws:kms:eu-central-1:1:key/k",
        { StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" } },
      ],
    ]);
  });
});
