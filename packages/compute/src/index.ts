export type { AmiId, AmiParameter, AmiReference } from "./ami-reference";
export type { GpuCapacity, GpuNodePoolArgs } from "./gpu-node-pool-args";
export { HostConfigBucket, type HostConfigBucketArgs } from "./host-config-bucket";
export type { DataVolume, HostPoolArgs, PoolSize } from "./host-pool-args";
export type { HostSecret } from "./host-secret";
