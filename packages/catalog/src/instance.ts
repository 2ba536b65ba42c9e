import type { Sourced } from "./record";

/** An Amazon EC2 instance type with GPUs. Memory in MiB (2^20), local storage in decimal GB, rates in Mb/s. */
export interface InstanceRecord extends Sourced {
  readonly type: string;
  readonly gpu: string;
  readonly gpus: number;
  /**
   * Part of one GPU that the type has, where it has no whole one (`GpuPartitionSize` of DescribeInstanceTypes): an eighth is 0.125.
   * `gpus` is 1 then, and `gpuMiB` the memory of the part. @default 1
   */
  readonly gpuShare?: number;
  readonly gpuMiB: number;
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** Sustained network rate over all network cards, Mb/s; small sizes burst higher. `hostNetworkMbps` is what one address gets of it. */
  readonly networkMbps: number;
  /** Most that EBS gives, Mb/s (`MaximumBandwidthInMbps`). Small sizes hold it for half an hour a day only. */
  readonly ebsMbps: number;
  /** Local NVMe, decimal GB; 0 where there is none. */
  readonly localNvmeGb: number;
  /** Most Elastic Fabric Adapters that EC2 attaches, one on a network card (`MaximumEfaInterfaces`); 0 where the type has none. */
  readonly efaInterfaces: number;
  /**
   * Network cards (`MaximumNetworkCards`). Where there are more than `efaInterfaces`, the first takes no EFA (p6-b300). All from
   * `zz_generated.vpclimits.go` of aws/karpenter-provider-aws (2026-08-06), which agrees with the answers of DescribeInstanceTypes
   * that moto 5.2.1 keeps; the card without EFA: aws/aws-parallelcluster issue 7143 (2025-12-06).
   */
  readonly networkCards: number;
  /**
   * What the first card carries, Mb/s (`PeakBandwidthInGbps` of DescribeInstanceTypes, in the answers that moto 5.2.1 keeps). Absent
   * where there is one card, and where EC2's answer is not known.
   */
  readonly firstCardMbps?: number;
  /**
   * Why no plan uses the type; absent on those that plans choose from. The record is for who looks the type up: `plannableInstances`
   * leaves it out, and who names the type in a plan is told this.
   */
  readonly notPlanned?: string;
  /** What in this record no source states. */
  readonly unverified?: readonly string[];
  readonly note?: string;
}

/** The number of GPUs as people say it: `8`, or `1/8` where the type has a part of one. */
export function gpuCount({ gpus, gpuShare = 1 }: Pick<InstanceRecord, "gpus" | "gpuShare">): string {
  return gpuShare === 1 ? String(gpus) : `1/${Math.round(1 / gpuShare)}`;
}

/** What a host with one address sends and receives, Mb/s: that of its first network card. EFA between hosts uses all of them. */
export function hostNetworkMbps({
  networkMbps,
  firstCardMbps,
}: Pick<InstanceRecord, "networkMbps" | "firstCardMbps">): number {
  return firstCardMbps ?? networkMbps;
}
