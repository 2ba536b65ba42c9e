import type { Sourced } from "./record";

/** An Amazon EC2 instance type with whole GPUs. Memory in MiB (2^20), local storage in decimal GB, rates in Mb/s. */
export interface InstanceRecord extends Sourced {
  readonly type: string;
  readonly gpu: string;
  readonly gpus: number;
  readonly gpuMiB: number;
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** Sustained network rate, Mb/s; small sizes burst higher. */
  readonly networkMbps: number;
  /** Sustained EBS rate, Mb/s. */
  readonly ebsMbps: number;
  /** Local NVMe, decimal GB; 0 where there is none. */
  readonly localNvmeGb: number;
  readonly efaInterfaces: number;
  readonly note?: string;
}
