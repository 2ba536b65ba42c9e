import { createHash } from "node:crypto";
import { PrivateNetwork } from "@holdfast/network";
import { evaluatePolicies, type PlannedResource, type PropertyValue, type ResourceGraph } from "@holdfast/policies";
import { planProgram } from "@holdfast/testing";
import { describe, expect, it } from "vitest";
import { publicImages } from "./ami-reference";
import { GpuNodePool } from "./gpu-node-pool";
import type { GpuNodePoolArgs } from "./gpu-node-pool-args";
import { HostConfigBucket } from "./host-config-bucket";
import { HostPool } from "./host-pool";
import type { HostPoolArgs } from "./host-pool-args";

const digest = `sha256:${"a".repeat(64)}`;
const image = `111122223333.dkr.ecr.eu-central-1.amazonaws.com/web@${digest}`;
const secretArn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:tls-AbCdEf";

type Extra<A> = Partial<Omit<A, "network" | "config">>;

/** One pool in a network with its bucket, under the offline engine as on a first preview. */
async function plan(make: (network: PrivateNetwork, config: HostConfigBucket) => void): Promise<ResourceGraph> {
  const { graph } = await planProgram({
    project: "test",
    stack: "test",
    program: () => {
      const network = new PrivateNetwork("llm", {
        region: "eu-central-1",
        cidr: "10.40.0.0/16",
        zones: ["euc1-az1", "euc1-az2", "euc1-az3"],
        accountId: "111122223333",
      });
      make(network, new HostConfigBucket("config", { region: "eu-central-1", accountId: "111122223333" }));
    },
  });
  return graph;
}

const hosts = (change: Extra<HostPoolArgs> = {}) =>
  plan((network, config) => {
    new HostPool("edge", {
      network,
      config,
      segment: "gateway",
      image: publicImages.amazonLinux2023,
      instanceType: "c7i.large",
      size: 2,
      files: [{ path: "/etc/web/web.conf", content: "listen 443\n", reader: "text", owner: "web:web" }],
      services: ["web.service"],
      secrets: [{ name: "tls.pem", arn: secretArn, owner: "web:web" }],
      parameters: { BUCKET: config.bucketName },
      drainSeconds: 120,
      tags: { owner: "ml@example.com" },
      ...change,
    });
  });

const gpus = (change: Extra<GpuNodePoolArgs> = {}) =>
  plan((network, config) => {
    new GpuNodePool("chat", {
      network,
      config,
      segment: "serving",
      instanceType: "g6e.12xlarge",
      modelBytes: 70e9,
      size: 2,
      files: [],
      services: ["vllm.service"],
      drainSeconds: 660,
      ...change,
    });
  });

const refusal = (planned: Promise<unknown>) =>
  planned.then(
    () => "no error",
    (error: unknown) => String(error),
  );
const named = (graph: ResourceGraph, name: string, type?: string): PlannedResource => {
  const found = graph.resources.find(
    (resource) => resource.name === name && (type === undefined || resource.type === type),
  );
  if (!found) throw new Error(`the plan has no ${name}`);
  return found;
};
/** A property inside the inputs, for example `ebs.0.size`. */
const at = (resource: PlannedResource, path: string): PropertyValue | undefined =>
  path.split(".").reduce<PropertyValue | undefined>((value, key) => {
    if (typeof value !== "object" || value === null) return undefined;
    return (value as Readonly<Record<string, PropertyValue>>)[key];
  }, resource.inputs);
const list = (value: PropertyValue | undefined): readonly PropertyValue[] =>
  Array.isArray(value) ? (value as readonly PropertyValue[]) : [];
const userData = (graph: ResourceGraph, name: string) => {
  const text = at(named(graph, name), "userData");
  if (typeof text !== "string") throw new Error("no user data");
  return Buffer.from(text, "base64").toString();
};
const statement = (graph: ResourceGraph, role: string, sid: string) =>
  list(at(named(graph, role), "policy.Statement")).find(
    (one) => (one as Readonly<Record<string, PropertyValue>>).Sid === sid,
  ) as Readonly<Record<string, PropertyValue>> | undefined;

describe("HostPool", () => {
  it("starts hosts that show nothing and take nothing from outside", async () => {
    const template = named(await hosts(), "edge-template");
    expect(at(template, "metadataOptions")).toEqual({
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
      instanceMetadataTags: "enabled",
    });
    expect(at(template, "networkInterfaces.0.associatePublicIpAddress")).toBe("false");
    expect(list(at(template, "networkInterfaces")).length).toBe(1);
    expect(at(template, "blockDeviceMappings.0.ebs.encrypted")).toBe("true");
    expect(at(template, "blockDeviceMappings.0.ebs.kmsKeyId")).toBeDefined();
    expect(at(template, "keyName")).toBeUndefined();
    expect(at(template, "imageId")).toBe(
      "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
    );
  });

  it("uses the security group and the subnets of its segment", async () => {
    const graph = await hosts();
    const groups = graph.references(
      named(graph, "edge-template"),
      "networkInterfaces",
      "aws:ec2/securityGroup:SecurityGroup",
    ).resources;
    expect(groups.map((group) => group.name)).toEqual(["llm-group-gateway"]);
    const subnets = graph.references(
      named(graph, "edge-group"),
      "vpcZoneIdentifiers",
      "aws:ec2/subnet:Subnet",
    ).resources;
    expect(subnets.map((subnet) => subnet.name)).toEqual([1, 2, 3].map((zone) => `llm-subnet-gateway-euc1-az${zone}`));
  });

  it("publishes each file under its hash, named for who reads it, and names the hash in user data", async () => {
    const graph = await hosts();
    const object = named(graph, "edge-file-etc/web/web.conf");
    const hash = createHash("sha256").update("listen 443\n").digest("hex");
    expect(at(object, "metadata")).toEqual({
      "holdfast-path": "/etc/web/web.conf",
      "holdfast-reader": "text",
      "holdfast-host": "edge",
    });
    expect(at(object, "key")).toBe(`hosts/edge/etc/web/web.conf/${hash}`);
    expect(userData(graph, "edge-template")).toContain(`${hash} 0644 web:web /etc/web/web.conf`);
    expect(at(object, "serverSideEncryption")).toBe("aws:kms");
    expect(object.retainOnDelete).toBe(true);
    const files = graph.resources.filter(({ name }) => name.startsWith("edge-file-"));
    const lines = userData(graph, "edge-template").match(/^ {6}[0-9a-f]{64} 0[0-7]{3} \S+ \S+$/gm) ?? [];
    expect(lines.length).toBe(files.length);
  });

  it("rolls its hosts when a file changes, and renames nothing", async () => {
    const [before, after] = [
      await hosts(),
      await hosts({
        files: [{ path: "/etc/web/web.conf", content: "listen 8443\n", reader: "text", owner: "web:web" }],
      }),
    ];
    expect(userData(after, "edge-template")).not.toBe(userData(before, "edge-template"));
    expect(after.resources.map((resource) => resource.urn).sort()).toEqual(
      before.resources.map((resource) => resource.urn).sort(),
    );
    const version = at(named(before, "edge-group"), "launchTemplate.version");
    expect(version).toBeDefined();
    expect(version).not.toBe("$Latest");
  });

  it("brings what only the cloud knows as tags, and no secret", async () => {
    const graph = await hosts();
    const template = named(graph, "edge-template");
    const [specification] = list(at(template, "tagSpecifications"));
    const tags = (specification as { tags: Readonly<Record<string, PropertyValue>> }).tags;
    expect(Object.keys(tags).sort()).toEqual([
      "Name",
      "holdfast:config-bucket",
      "holdfast:log-group",
      "holdfast:param:BUCKET",
      "holdfast:pool",
      "holdfast:secret-references",
      "owner",
    ]);
    expect(userData(graph, "edge-template")).not.toContain(secretArn);
    const references = named(graph, "edge-secret-references");
    expect(at(references, "content")).toBe(`${secretArn} tls.pem\n`);
    const sha256 = createHash("sha256").update(`${secretArn} tls.pem\n`).digest("hex");
    expect(tags["holdfast:secret-references"]).toBe(sha256);
    expect(at(references, "key")).toBe(`hosts/edge/secret-references/${sha256}`);
    expect(references.retainOnDelete).toBe(true);
    for (const key of Object.keys(tags)) expect(key).toMatch(/^[A-Za-z0-9+\-=.,_:@]+$/);
  });

  it("has both hooks from its first host on, and as resources of their own", async () => {
    const graph = await hosts();
    const hooks = list(at(named(graph, "edge-group"), "initialLifecycleHooks"));
    expect(hooks).toEqual([
      {
        name: "holdfast-launch",
        lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
        heartbeatTimeout: 900,
        defaultResult: "ABANDON",
      },
      {
        name: "holdfast-drain",
        lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
        heartbeatTimeout: 180,
        defaultResult: "CONTINUE",
      },
    ]);
    for (const [resource, hook] of [
      ["edge-launch-hook", hooks[0]],
      ["edge-drain-hook", hooks[1]],
    ] as const) {
      expect(named(graph, resource).inputs).toMatchObject(hook as Record<string, PropertyValue>);
    }
  });

  it.each([
    { size: 2, rollout: undefined, bounds: [100, 150] },
    { size: 1, rollout: "start-first", bounds: [100, 200] },
    { size: 3, rollout: "stop-first", bounds: [66, 100] },
    { size: 1, rollout: "stop-first", bounds: [0, 100] },
  ] as const)("replaces one host of $size at a time ($rollout)", async ({ size, rollout, bounds }) => {
    const group = named(await hosts({ size, ...(rollout ? { rollout } : {}) }), "edge-group");
    const [minHealthyPercentage, maxHealthyPercentage] = bounds;
    expect(at(group, "instanceMaintenancePolicy")).toEqual({ minHealthyPercentage, maxHealthyPercentage });
    expect(at(group, "instanceRefresh.preferences")).toEqual({
      minHealthyPercentage,
      maxHealthyPercentage,
      autoRollback: false,
      instanceWarmup: "0",
    });
  });

  it("leaves the number of hosts to whoever scales the pool, and only then", async () => {
    const fixed = named(await hosts({ size: 2 }), "edge-group");
    const scaled = named(await hosts({ size: { min: 1, max: 4, desired: 2 } }), "edge-group");
    expect([at(fixed, "minSize"), at(fixed, "maxSize"), at(fixed, "desiredCapacity")]).toEqual([2, 2, 2]);
    expect([at(scaled, "minSize"), at(scaled, "maxSize"), at(scaled, "desiredCapacity")]).toEqual([1, 4, 2]);
    expect(fixed.ignoreChanges).toEqual(["initialLifecycleHooks"]);
    expect(scaled.ignoreChanges).toEqual(["initialLifecycleHooks", "desiredCapacity"]);
  });

  it("may read its own files and secrets and answer its own group, by name", async () => {
    const graph = await hosts({ containerImages: [image] });
    expect(statement(graph, "edge-permissions", "OwnSecrets")).toMatchObject({
      Action: "secretsmanager:GetSecretValue",
      Resource: [secretArn],
    });
    expect(statement(graph, "edge-permissions", "AnswerOwnGroup")).toMatchObject({
      Resource: "arn:aws:autoscaling:eu-central-1:*:autoScalingGroup:*:autoScalingGroupName/edge-group-*",
      Condition: { StringEquals: { "aws:ResourceTag/holdfast:pool": "edge" } },
    });
    expect(statement(graph, "edge-permissions", "OwnImages")).toMatchObject({
      Resource: ["arn:aws:ecr:eu-central-1:111122223333:repository/web"],
    });
    const actions = list(at(named(graph, "edge-permissions"), "policy.Statement")).flatMap((one) => {
      const { Action } = one as { Action: string | string[] };
      return typeof Action === "string" ? [Action] : Action;
    });
    expect(actions.filter((action) => action.includes("*"))).toEqual([]);
    const policies = graph.resources.filter((resource) => resource.type.includes("RolePolicyAttachment"));
    expect(policies).toEqual([]);
  });

  it("names a secret that several files hold once, and a key that several secrets share", async () => {
    const keyArn = "arn:aws:kms:eu-central-1:111122223333:key/secrets";
    const secrets = ["tls.pem", "copy.pem"].map((name) => ({ name, arn: secretArn, keyArn }));
    const graph = await hosts({ secrets: [...secrets, { name: "other", arn: `${secretArn}x`, keyArn }] });
    expect(statement(graph, "edge-permissions", "OwnSecrets")).toMatchObject({
      Resource: [secretArn, `${secretArn}x`],
    });
    expect(statement(graph, "edge-permissions", "DecryptSecrets")).toMatchObject({ Resource: [keyArn] });
    const list = at(named(graph, "edge-secret-references"), "content");
    expect(list).toBe(`${secretArn} copy.pem tls.pem\n${secretArn}x other\n`);
  });

  it("waits for what a host needs at its first boot", async () => {
    const graph = await hosts();
    const before = named(graph, "edge-group").dependencies.map((urn) => urn.split("::").at(-1));
    for (const name of [
      "edge-file-etc/web/web.conf",
      "edge-permissions",
      "llm-endpoint-secretsmanager",
      "config-volume-grant",
      "config-policy",
    ]) {
      expect(before).toContain(name);
    }
  });

  it("keeps a data volume when its host is replaced", async () => {
    const graph = await hosts({
      size: 1,
      dataVolume: { sizeGiB: 100, mountPath: "/var/lib/prometheus", owner: "prometheus:prometheus" },
    });
    const volume = named(graph, "edge-data");
    expect([volume.protect, volume.retainOnDelete, at(volume, "encrypted"), at(volume, "size")]).toEqual([
      true,
      true,
      true,
      100,
    ]);
    const subnets = graph.references(
      named(graph, "edge-group"),
      "vpcZoneIdentifiers",
      "aws:ec2/subnet:Subnet",
    ).resources;
    expect(subnets.map((subnet) => subnet.name)).toEqual(["llm-subnet-gateway-euc1-az1"]);
    expect(at(named(graph, "edge-group"), "instanceMaintenancePolicy.minHealthyPercentage")).toBe(0);
    expect(named(graph, "edge-file-etc/systemd/system/holdfast-data-volume.service").inputs.content).toContain(
      "ExecStart=/usr/local/lib/holdfast/data-volume /var/lib/prometheus prometheus:prometheus",
    );
    expect(statement(graph, "edge-permissions", "OwnVolume")).toBeDefined();
  });

  it("takes the balancer's word for health when it has one", async () => {
    const arn = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/edge/0123456789abcdef";
    const group = named(await hosts({ targetGroupArns: [arn] }), "edge-group");
    expect([at(group, "healthCheckType"), at(group, "targetGroupArns.0")]).toEqual(["ELB", arn]);
    expect(at(named(await hosts(), "edge-group"), "healthCheckType")).toBe("EC2");
  });

  it("rejects everything that is wrong, at once", async () => {
    const text = await refusal(
      hosts({
        size: 2,
        files: [
          { path: "etc/a", content: "", reader: "text" },
          { path: "/run/a", content: "", reader: "text", mode: "0666" },
          { path: "/etc/holdfast/units", content: "", reader: "text" },
          { path: "/etc/b", content: "", reader: "text", owner: "root" },
        ],
        services: ["web.service", "web.service"],
        parameters: { bucket: "x" },
        secrets: [{ name: "../tls", arn: secretArn }],
        statements: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
        zones: ["euc1-az9"],
        dataVolume: { sizeGiB: 10, mountPath: "/data" },
        containerImages: [`111122223333.dkr.ecr.us-east-1.amazonaws.com/web@${digest}`],
        tags: { "holdfast:pool": "mine" },
      }),
    );
    for (const line of [
      'files[0].path: must be an absolute path of plain characters, got "etc/a"',
      'files[1].path: must not be under /run/, got "/run/a"',
      'files[1].mode: must not let everybody write, got "0666"',
      'files[2].path: "/etc/holdfast/units" belongs to the pool itself; use another path',
      'files[3].owner: must be user:group, got "root"',
      'services[1]: "web.service" is there twice; start each unit once',
      'parameters.bucket: names must be capitals, digits and underscores such as MODEL_BUCKET, got "bucket"',
      'secrets[0].name: must be a file name of lower case letters, digits, dots and hyphens, got "../tls"',
      'statements[0].Action: must name actions, got "s3:*"',
      'zones[0]: "euc1-az9" is not a zone of the network; allowed: euc1-az1, euc1-az2, euc1-az3',
      "size: must be 1 with a data volume, got 2 to 2; the volume is on one host at a time",
      "containerImages[0]: is in us-east-1, and hosts in eu-central-1 have no way there; replicate the repository to eu-central-1",
      'tags.holdfast:pool: "holdfast:pool" is set by the pool or by AWS; use another key',
    ]) {
      expect(text).toContain(line);
    }
  });

  it("has the time to drain its hosts before it is deleted", async () => {
    const graph = await hosts({ drainSeconds: 660 });
    expect(named(graph, "edge-group").customTimeouts).toMatchObject({ delete: "27m" });
  });

  it("rejects a name that AWS could not take", async () => {
    const long = "a".repeat(52);
    const made = plan((network, config) => {
      new HostPool(long, {
        network,
        config,
        segment: "gateway",
        image: publicImages.amazonLinux2023,
        instanceType: "c7i.large",
        size: 1,
        files: [],
        services: [],
        drainSeconds: 60,
      });
    });
    expect(await refusal(made)).toContain(
      `name: must be at most 51 letters, digits and hyphens, a letter first, got "${long}"`,
    );
    const bucket = plan(() => {
      new HostConfigBucket("Config", { region: "eu-central-1" });
    });
    expect(await refusal(bucket)).toContain(
      'name: must be at most 48 lower case letters, digits and hyphens, got "Config"',
    );
  });

  it("rejects more files than user data can list, with the count", async () => {
    const files = Array.from({ length: 200 }, (_, index) => ({
      path: `/etc/many/${index}`,
      content: `${index}`,
      reader: "text" as const,
    }));
    expect(await refusal(hosts({ files }))).toMatch(
      /files: the user data of edge has \d+ bytes and EC2 takes 16384; 212 files are listed in it/,
    );
  });

  it("rejects an image by tag", async () => {
    expect(
      await refusal(hosts({ containerImages: ["111122223333.dkr.ecr.eu-central-1.amazonaws.com/web:latest"] })),
    ).toContain("containerImages[0]: must be a private ECR image by digest");
  });
});

describe("GpuNodePool", () => {
  it("gives a host the time that its model needs", async () => {
    const graph = await gpus();
    const group = named(graph, "chat-group");
    const [launch] = list(at(group, "initialLifecycleHooks"));
    expect((launch as { heartbeatTimeout: number }).heartbeatTimeout).toBe(924);
    expect(at(group, "healthCheckGracePeriod")).toBe(924);
    expect(named(graph, "chat", "compute:index:GpuNodePool").outputs?.launchSeconds).toBe(924);
    expect(at(group, "suspendedProcesses")).toEqual(["AZRebalance"]);
  });

  it("makes the local disks one file system for models, where there are any", async () => {
    expect(
      named(await gpus(), "chat-file-etc/systemd/system/holdfast-instance-store.service").inputs.content,
    ).toContain("ExecStart=/usr/local/lib/holdfast/instance-store /var/lib/holdfast/models");
  });

  it("uses the zones that offer the type", async () => {
    const graph = await gpus({ instanceType: "p4de.24xlarge" });
    const subnets = graph.references(
      named(graph, "chat-group"),
      "vpcZoneIdentifiers",
      "aws:ec2/subnet:Subnet",
    ).resources;
    expect(subnets.map((subnet) => subnet.name)).toEqual([
      "llm-subnet-serving-euc1-az1",
      "llm-subnet-serving-euc1-az2",
    ]);
  });

  it("buys as told", async () => {
    const spot = await gpus({ capacity: { kind: "spot" } });
    expect(at(named(spot, "chat-group"), "mixedInstancesPolicy.instancesDistribution.spotAllocationStrategy")).toBe(
      "price-capacity-optimized",
    );
    expect(at(named(spot, "chat-group"), "launchTemplate")).toBeUndefined();
    const block = await gpus({ capacity: { kind: "capacity-block", reservationId: "cr-0123456789abcdef0" } });
    expect(at(named(block, "chat-template"), "instanceMarketOptions.marketType")).toBe("capacity-block");
    expect(
      at(
        named(block, "chat-template"),
        "capacityReservationSpecification.capacityReservationTarget.capacityReservationId",
      ),
    ).toBe("cr-0123456789abcdef0");
    expect(at(named(block, "chat-group"), "instanceMaintenancePolicy.maxHealthyPercentage")).toBe(100);
  });

  it.each<[string, Extra<GpuNodePoolArgs>, string]>([
    [
      "a misspelt type",
      { instanceType: "g6e.12xlrage" },
      'instanceType: "g6e.12xlrage" is not a GPU instance type of the catalogue; did you mean "g6e.12xlarge"?',
    ],
    [
      "a type that the region has not",
      { instanceType: "p5.48xlarge" },
      "instanceType: p5.48xlarge is not offered in euc1-az1, euc1-az2, euc1-az3; choose another type for eu-central-1",
    ],
    [
      "a part of a GPU",
      { instanceType: "g6f.4xlarge" },
      "instanceType: g6f.4xlarge is not for plans: it has a part of an L4 (NVIDIA vGPU)",
    ],
    [
      "a host that is sold by the rack",
      { instanceType: "p6e-gb200.36xlarge" },
      "instanceType: p6e-gb200.36xlarge is not for plans: it is sold only as an UltraServer",
    ],
    [
      "a model that the disks cannot hold",
      { instanceType: "g5.xlarge", modelBytes: 400e9 },
      "modelBytes: 400.0 GB of weights need 1.1 times their size on disk, and g5.xlarge has 250 GB; choose a larger type",
    ],
  ])("rejects %s", async (_what, change, reason) => {
    expect(await refusal(gpus(change))).toContain(reason);
  });
});

describe("HostConfigBucket", () => {
  it("is private, versioned, encrypted, TLS only and kept", async () => {
    const graph = await hosts();
    expect([named(graph, "config-bucket").protect, named(graph, "config-key").protect]).toEqual([true, true]);
    expect(named(graph, "config-public-access").inputs).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(at(named(graph, "config-versioning"), "versioningConfiguration.status")).toBe("Enabled");
    expect(at(named(graph, "config-encryption"), "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm")).toBe(
      "aws:kms",
    );
    expect(at(named(graph, "config-key"), "enableKeyRotation")).toBe(true);
    expect(
      list(at(named(graph, "config-policy"), "policy.Statement")).map((one) => (one as { Effect: string }).Effect),
    ).toEqual(["Deny", "Deny"]);
  });

  it("lets Auto Scaling start hosts with volumes under its key", async () => {
    const grant = named(await hosts(), "config-volume-grant");
    expect(at(grant, "granteePrincipal")).toBe(
      "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
    );
    expect(list(at(grant, "operations"))).toContain("CreateGrant");
  });
});

describe("the pack", () => {
  it("finds nothing to refuse in hosts, GPU hosts and their bucket", async () => {
    const { blocking } = evaluatePolicies(await gpus());
    expect(blocking).toEqual([]);
    expect(evaluatePolicies(await hosts({ containerImages: [image] })).blocking).toEqual([]);
  });
});
