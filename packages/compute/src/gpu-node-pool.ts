import { HoldfastComponent, inputProblems, parseArgs } from "@holdfast/core";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { amiReferenceSchema } from "./ami-reference";
import type { GpuNodePoolArgs } from "./gpu-node-pool-args";
import { planGpuPool } from "./gpu-pool-plan";
import { HostPool } from "./host-pool";
import { hostPoolSchema, sizeOf } from "./host-pool-schema";
import type { ModelLoadTime } from "./model-load-time";

const shared = {
  segment: true,
  instanceType: true,
  size: true,
  capacity: true,
  rollout: true,
  zones: true,
  clusterPlacement: true,
} as const;
const schema = hostPoolSchema.pick(shared).extend({
  interconnect: z
    .union([z.literal("efa"), z.strictObject({ kind: z.literal("efa"), singleHost: z.boolean().optional() })])
    .optional(),
  image: amiReferenceSchema.optional(),
  modelBytes: z.number().positive(),
  modelPath: z.string().optional(),
  launchSeconds: z.int().min(60).max(7200).optional(),
  rootVolumeGiB: z.int().min(8).max(16_384).optional(),
  rootVolumeMiBps: z.int().min(125).max(1000).optional(),
});

/**
 * GPU hosts of one kind: a `HostPool` whose image has the driver, whose local disks are one file system for models, and whose hosts
 * get the time that the model's size and the slower of network and disk make necessary.
 *
 * ```ts
 * new GpuNodePool("chat", { network, config, segment: "serving", instanceType: "g6e.12xlarge", modelBytes: 70.6e9, size: 2, files, services: ["vllm.service"], drainSeconds: 720 });
 * ```
 *
 * Costs: the instances, by the hour; adapters and placement groups cost nothing. Refuses a type that none of the network's zones offers,
 * a model that its disks cannot hold, and an interconnect that the type, the size or the network cannot have.
 */
export class GpuNodePool extends HoldfastComponent {
  /** The hosts. */
  readonly pool: HostPool;
  readonly groupName: pulumi.Output<string>;
  readonly roleArn: pulumi.Output<string>;
  /** Where models lie on the hosts. */
  readonly modelPath: string;
  /** Time from start to ready, with its arithmetic. Known at plan time. */
  readonly loadTime: ModelLoadTime;
  readonly launchSeconds: number;

  constructor(name: string, args: GpuNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    const plain = parseArgs("GpuNodePool", schema, args);
    const { network } = args;
    const planned = planGpuPool({
      ...plain,
      region: network.region,
      networkZones: network.zones,
      mostHosts: sizeOf(plain.size).max,
      placementGroup: args.placementGroupName !== undefined,
    });
    const efaGroup = plain.interconnect === undefined ? undefined : network.efaSecurityGroupId(plain.segment);
    const problems = planned.ok ? [] : [...planned.problems];
    if (plain.interconnect !== undefined && efaGroup === undefined) {
      problems.push({
        path: "network",
        reason: `has no security group for Elastic Fabric Adapters in ${plain.segment}; add efaNetworkNeeds("${plain.segment}") to its needs (adoptNetwork: efaSecurityGroupIds)`,
      });
    }
    if (!planned.ok || problems.length > 0) throw inputProblems("GpuNodePool", problems);
    const { plan } = planned;
    super(
      "compute:index:GpuNodePool",
      name,
      { instanceType: plan.instance.type, launchSeconds: plan.launchSeconds },
      opts,
    );

    const reserved = plain.capacity.kind === "reservation" || plain.capacity.kind === "capacity-block";
    this.pool = new HostPool(
      name,
      {
        ...args,
        image: plan.image,
        zones: plan.zones,
        clusterPlacement: plan.clusterPlacement,
        rootVolumeGiB: plan.rootVolumeGiB,
        rootVolumeMiBps: plan.rootVolumeMiBps,
        launchSeconds: plan.launchSeconds,
        healthGraceSeconds: plan.launchSeconds,
        rebalanceZones: false,
        // A reservation has no place for one host more.
        rollout: plain.rollout ?? (reserved ? "stop-first" : "start-first"),
      },
      this.child(),
      {
        instanceStorePath: plan.instanceStore ? plan.modelPath : undefined,
        efa: plan.interfaces && efaGroup ? { interfaces: plan.interfaces, securityGroupId: efaGroup } : undefined,
      },
    );
    this.groupName = this.pool.groupName;
    this.roleArn = this.pool.roleArn;
    this.modelPath = plan.modelPath;
    this.loadTime = plan.loadTime;
    this.launchSeconds = plan.launchSeconds;
    this.registerOutputs({ groupName: this.groupName, roleArn: this.roleArn, launchSeconds: this.launchSeconds });
  }
}
