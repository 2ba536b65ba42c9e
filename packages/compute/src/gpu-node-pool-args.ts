import type { HostPoolArgs } from "./host-pool-args";

/** How GPU instances are bought. */
export type GpuCapacity =
  | { readonly kind: "on-demand" }
  /** Interrupted by AWS with two minutes' notice: for batch only. */
  | { readonly kind: "spot" }
  /** An on-demand capacity reservation. */
  | { readonly kind: "reservation"; readonly reservationId: string }
  /** A capacity block bought elsewhere: buying one is an irreversible charge, so no component does it. */
  | { readonly kind: "capacity-block"; readonly reservationId: string };

export interface GpuNodePoolArgs extends Omit<
  HostPoolArgs,
  "image" | "launchSeconds" | "healthGraceSeconds" | "dataVolume"
> {
  /** @default the Deep Learning Base AMI with NVIDIA driver, Amazon Linux 2023 */
  readonly image?: HostPoolArgs["image"];
  /** Bytes of weights a host loads before it can answer; decides the launch time and the health grace. */
  readonly modelBytes: number;
  /** @default { kind: "on-demand" } */
  readonly capacity?: GpuCapacity;
  /** Where the instance store is mounted (RAID 0 over all of its disks), or a directory on the root volume where the type has none. @default "/var/lib/holdfast/models" */
  readonly modelPath?: string;
  /** Overrides the launch time computed from `modelBytes`, seconds. @default computed */
  readonly launchSeconds?: number;
}
