import { HoldfastComponent, inputProblems, parseArgs } from "@holdfast/core";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { amiReferenceSchema } from "./ami-reference";
import type { GpuNodePoolArgs } from "./gpu-node-pool-args";
import { planGpuPool } from "./gpu-pool-plan";
import { HostPool } from "./host-pool";
import { hostPoolSchema } from "./host-pool-schema";
import type { ModelLoadTime } from "./model-load-time";

const schema = hostPoolSchema.pick({ instanceType: true, capacity: true, rollout: true, zones: true }).extend({
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
 * Costs: the instances, by the hour. Refuses a type that none of the network's zones offers, and a model that its disks cannot hold.
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
    const planned = planGpuPool({ ...plain, region: args.network.region, networkZones: args.network.zones });
    if (!planned.ok) throw inputProblems("GpuNodePool", planned.problems);
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
        rootVolumeGiB: plan.rootVolumeGiB,
        rootVolumeMiBps: plan.rootVolumeMiBps,
        launchSeconds: plan.launchSeconds,
        healthGraceSeconds: plan.launchSeconds,
        rebalanceZones: false,
        // A reservation has no place for one host more.
        rollout: plain.rollout ?? (reserved ? "stop-first" : "start-first"),
      },
      this.child(),
      plan.instanceStore ? { path: plan.modelPath } : undefined,
    );
    this.groupName = this.pool.groupName;
    this.roleArn = this.pool.roleArn;
    this.modelPath = plan.modelPath;
    this.loadTime = plan.loadTime;
    this.launchSeconds = plan.launchSeconds;
    this.registerOutputs({ groupName: this.groupName, roleArn: this.roleArn, launchSeconds: this.launchSeconds });
  }
}
