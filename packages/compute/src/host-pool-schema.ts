import { artefactReaders, type Problem } from "@holdfast/core";
import { logRetentionDays, placedSegments } from "@holdfast/network";
import { z } from "zod";
import { amiReferenceSchema } from "./ami-reference";
import { hostFileProblems, hostManifest } from "./host-manifest";
import type { HostPoolArgs } from "./host-pool-args";
import { privateImage } from "./host-statements";
import { secretsProblem } from "./secret-references";
import { renderUserData } from "./user-data";
import type { HostFile } from "@holdfast/core";

const unit = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9:_.@-]*\.(service|socket|timer|path|target|mount)$/, {
  error: "must be a systemd unit with its type, such as haproxy.service",
});
const userGroup = z.string().regex(/^[a-z_][a-z0-9_-]*:[a-z_][a-z0-9_-]*$/, { error: "must be user:group" });
const directory = z
  .string()
  .regex(/^(\/[A-Za-z0-9_][A-Za-z0-9._-]*)+$/, { error: "must be an absolute path of plain characters" });
const reservationId = z
  .string()
  .regex(/^cr-[0-9a-f]{8,17}$/, { error: "must be a capacity reservation id such as cr-0123456789abcdef0" });

export const capacitySchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("on-demand") }),
  z.strictObject({ kind: z.literal("spot") }),
  z.strictObject({ kind: z.literal("reservation"), reservationId }),
  z.strictObject({ kind: z.literal("capacity-block"), reservationId }),
]);

/** Instance tags that metadata may show take these characters only (EC2: tags in instance metadata). */
const tagKey = z.string().regex(/^[A-Za-z0-9+\-=.,_:@]{1,128}$/, {
  error: "keys of tags on hosts must be letters, digits or + - = . , _ : @",
});

/** The plain part of a pool's arguments. */
export const hostPoolSchema = z.strictObject({
  segment: z.enum(placedSegments),
  image: amiReferenceSchema,
  instanceType: z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, { error: "must be an instance type such as c7i.xlarge" }),
  size: z.union([
    z.int().min(0).max(500),
    z
      .strictObject({
        min: z.int().min(0).max(500),
        max: z.int().min(0).max(500),
        desired: z.int().min(0).max(500).optional(),
      })
      .refine(({ min, max, desired = min }) => min <= desired && desired <= max, {
        error: "must have min <= desired <= max",
      }),
  ]),
  files: z.array(
    z.strictObject({
      path: z.string(),
      content: z.string(),
      reader: z.enum(artefactReaders),
      mode: z.string().optional(),
      owner: z.string().optional(),
    }),
  ),
  services: z.array(unit),
  containerImages: z
    .array(
      z.string().regex(privateImage, {
        error:
          "must be a private ECR image by digest (<account>.dkr.ecr.<region>.amazonaws.com/<name>@sha256:<64 hex>)",
      }),
    )
    .default([]),
  capacity: capacitySchema.default({ kind: "on-demand" }),
  zones: z.array(z.string()).min(1).optional(),
  clusterPlacement: z.boolean().optional(),
  rootVolumeGiB: z.int().min(8).max(16_384).default(50),
  rootVolumeMiBps: z.int().min(125).max(1000).default(125),
  dataVolume: z
    .strictObject({ sizeGiB: z.int().min(1).max(16_384), mountPath: directory, owner: userGroup.default("root:root") })
    .optional(),
  drainSeconds: z.int().min(30).max(7200),
  launchSeconds: z.int().min(60).max(7200).default(900),
  readyCommand: z.string().default(""),
  health: z.enum(["instance", "balancer"]).optional(),
  healthGraceSeconds: z.int().min(0).max(7200).default(60),
  rollout: z.enum(["start-first", "stop-first"]).optional(),
  logRetentionDays: z
    .number()
    .refine((days) => logRetentionDays.includes(days), { error: `must be one of ${logRetentionDays.join(", ")}` })
    .default(365),
  rebalanceZones: z.boolean().default(true),
  protect: z.boolean().default(true),
  tags: z.record(tagKey, z.string().max(256)).default({}),
});
export type HostPoolPlan = z.output<typeof hostPoolSchema>;

/** What is wrong across fields, and in the arguments that hold cloud values. `own` are the files that the pool adds itself. */
export function hostPoolProblems(
  name: string,
  args: HostPoolArgs,
  plan: HostPoolPlan,
  own: readonly HostFile[],
): Problem[] {
  const { network, secrets = [], parameters = {}, statements = [], targetGroupArns = [] } = args;
  const problems: Problem[] = [];
  const bad = (path: string, reason: string) => problems.push({ path, reason });

  // The name is part of object keys, tags and ARN patterns, and an IAM role's name has 64 characters, 13 of them ours.
  if (!/^[A-Za-z][A-Za-z0-9-]{0,50}$/.test(name)) {
    bad("name", `must be at most 51 letters, digits and hyphens, a letter first, got "${name}"`);
  }
  const reserved = [
    ...own.map((file) => file.path),
    "/etc/holdfast/pool",
    "/etc/holdfast/manifest",
    "/usr/local/lib/holdfast/bootstrap",
    "/usr/local/lib/holdfast/instance-data",
  ];
  problems.push(...hostFileProblems(args.files, reserved));
  if (problems.length === 0) {
    try {
      renderUserData({ pool: name, manifest: hostManifest(name, [...args.files, ...own]) });
    } catch (error) {
      bad("files", error instanceof Error ? error.message : String(error));
    }
  }
  plan.services.forEach((service, index) => {
    if (plan.services.indexOf(service) !== index)
      bad(`services[${index}]`, `"${service}" is there twice; start each unit once`);
  });
  plan.zones?.forEach((zone, index) => {
    if (!network.zones.includes(zone))
      bad(`zones[${index}]`, `"${zone}" is not a zone of the network; allowed: ${network.zones.join(", ")}`);
  });
  plan.containerImages.forEach((image, index) => {
    const region = privateImage.exec(image)?.[2];
    if (region !== network.region) {
      bad(
        `containerImages[${index}]`,
        `is in ${region ?? "no region"}, and hosts in ${network.region} have no way there; replicate the repository to ${network.region}`,
      );
    }
  });
  secrets.forEach(({ name: secret, owner = "root:root", arn }, index) => {
    if (typeof arn === "string" && !/^arn:\S+$/.test(arn))
      bad(`secrets[${index}].arn`, `must be the ARN of a Secrets Manager secret, got "${arn}"`);
    if (!/^[a-z0-9][a-z0-9.-]{0,63}$/.test(secret))
      bad(
        `secrets[${index}].name`,
        `must be a file name of lower case letters, digits, dots and hyphens, got "${secret}"`,
      );
    if (secrets.findIndex((other) => other.name === secret) !== index)
      bad(`secrets[${index}].name`, `"${secret}" is there twice; names must be unique`);
    if (!userGroup.safeParse(owner).success) bad(`secrets[${index}].owner`, `must be user:group, got "${owner}"`);
  });
  for (const key of Object.keys(parameters)) {
    if (!/^[A-Z][A-Z0-9_]{0,63}$/.test(key))
      bad(`parameters.${key}`, `names must be capitals, digits and underscores such as MODEL_BUCKET, got "${key}"`);
  }
  for (const key of Object.keys(plan.tags)) {
    if (key.startsWith("holdfast:") || key.startsWith("aws:") || key === "Name")
      bad(`tags.${key}`, `"${key}" is set by the pool or by AWS; use another key`);
  }
  const tagCount = Object.keys(plan.tags).length + Object.keys(parameters).length + 10;
  if (tagCount > 50)
    bad("parameters", `parameters and tags together make ${tagCount} instance tags, and EC2 takes 50; put fewer in`);
  const tooMany = secretsProblem(secrets);
  if (tooMany !== undefined) bad("secrets", tooMany);
  statements.forEach((statement, index) => {
    const actions =
      typeof statement.Action === "string"
        ? [statement.Action]
        : Array.isArray(statement.Action)
          ? statement.Action
          : [];
    for (const action of actions) {
      if (typeof action === "string" && /^(\*|[a-z0-9-]+:\*)$/.test(action)) {
        bad(`statements[${index}].Action`, `must name actions, got "${action}"; a host gets what it needs and no more`);
      }
    }
  });
  const bounds = sizeOf(plan.size);
  if (plan.dataVolume && (bounds.min !== 1 || bounds.max !== 1)) {
    bad(
      "size",
      `must be 1 with a data volume, got ${bounds.min} to ${bounds.max}; the volume is on one host at a time`,
    );
  }
  if (plan.dataVolume && plan.zones && plan.zones.length !== 1)
    bad("zones", `must be one zone with a data volume, got ${plan.zones.length}`);
  if (plan.dataVolume && plan.rollout === "start-first")
    bad("rollout", 'must be "stop-first" with a data volume, got "start-first"; two hosts cannot hold it at once');
  problems.push(...placementProblems(args, plan));
  if (plan.health === "balancer" && targetGroupArns.length === 0)
    bad("health", '"balancer" needs targetGroupArns; give them or use "instance"');
  return problems;
}

/** Whether the hosts are in a cluster placement group. */
export function inPlacementGroup({ placementGroupName }: HostPoolArgs, { clusterPlacement }: HostPoolPlan): boolean {
  return clusterPlacement ?? placementGroupName !== undefined;
}

function placementProblems(args: HostPoolArgs, plan: HostPoolPlan): Problem[] {
  const problems: Problem[] = [];
  if (!inPlacementGroup(args, plan)) {
    if (args.placementGroupName !== undefined)
      problems.push({ path: "clusterPlacement", reason: "must not be false with placementGroupName; leave one out" });
    return problems;
  }
  // "You cannot specify multiple Availability Zones and a cluster placement group" (EC2 Auto Scaling API, CreateAutoScalingGroup).
  if (plan.zones && plan.zones.length > 1) {
    problems.push({
      path: "zones",
      reason: `must be one zone with cluster placement, got ${plan.zones.join(", ")}; a cluster placement group is in one zone`,
    });
  }
  // "automatically placed close together inside Amazon EC2 UltraClusters" (EC2 API, CapacityBlock).
  if (plan.capacity.kind === "capacity-block") {
    problems.push({
      path: args.placementGroupName === undefined ? "clusterPlacement" : "placementGroupName",
      reason: "is not for a capacity block, whose hosts AWS places close together itself; leave it out",
    });
  }
  return problems;
}

/** The three numbers of a size. */
export function sizeOf(size: HostPoolPlan["size"]): {
  readonly min: number;
  readonly max: number;
  readonly desired: number;
} {
  return typeof size === "number"
    ? { min: size, max: size, desired: size }
    : { min: size.min, max: size.max, desired: size.desired ?? size.min };
}
