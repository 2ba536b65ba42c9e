import type { HostPoolArgs } from "./host-pool-args";

export interface GpuNodePoolArgs extends Omit<
  HostPoolArgs,
  "image" | "launchSeconds" | "healthGraceSeconds" | "dataVolume" | "rebalanceZones"
> {
  /** @default `publicImages.gpuAmazonLinux2023`, the Deep Learning Base AMI with NVIDIA driver */
  readonly image?: HostPoolArgs["image"];
  /** Bytes of weights a host fetches and loads before it can answer; decide the launch time and the health grace. */
  readonly modelBytes: number;
  /** Where models lie: the instance store (RAID 0 over all of its disks), or the root volume where the type has none. @default "/var/lib/holdfast/models" */
  readonly modelPath?: string;
  /** Longest time from start to ready, seconds. @default computed by `modelLoadTime` */
  readonly launchSeconds?: number;
  /** Zones to use. @default those of the network in which AWS offers the type */
  readonly zones?: readonly string[];
  /** @default 200, or more where models lie on the root volume */
  readonly rootVolumeGiB?: number;
  /** @default 600, which image layers and models need */
  readonly rootVolumeMiBps?: number;
}
