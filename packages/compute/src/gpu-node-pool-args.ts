import type { HostPoolArgs } from "./host-pool-args";
import type { Interconnect } from "./interconnect-plan";

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
  /** Zones to use. @default those of the network in which AWS offers the type; the first of them with `interconnect` or cluster placement */
  readonly zones?: readonly string[];
  /**
   * `efa`: every Elastic Fabric Adapter that the type takes (32 on p5.48xlarge), for hosts that share a model or pass its cache to each
   * other. The image must bring the driver (AWS's Deep Learning images do), the network the group: `efaNetworkNeeds(segment)` among its
   * `needs`. A pool of one host is refused but with `singleHost`: tensor parallelism in a host needs no adapter. @default none
   */
  readonly interconnect?: Interconnect;
  /** @default true with `interconnect` and room for several hosts, but for a capacity block, which AWS places so itself; else false */
  readonly clusterPlacement?: boolean;
  /** @default 200, or more where models lie on the root volume */
  readonly rootVolumeGiB?: number;
  /** @default 600, which image layers and models need */
  readonly rootVolumeMiBps?: number;
}
