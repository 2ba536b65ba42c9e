import type { Sourced } from "./record";

/** Dense rates in 10^12 operations per second, without sparsity; absent where the format has no native rate. */
export interface TensorRates {
  readonly bf16?: number;
  readonly fp16?: number;
  readonly fp8?: number;
  readonly fp4?: number;
  readonly int8?: number;
}

export interface GpuRecord extends Sourced {
  /** Stable id, for example `a100-80`. */
  readonly id: string;
  /** What people call this class of GPU; several ids may share one (`a100-40` and `a100-80` are `a100`). */
  readonly gpuClass: string;
  readonly name: string;
  readonly aliases: readonly string[];
  /** Compute capability, or the architecture name on AMD. vLLM needs 8.0 for bf16; 8.9 has native FP8, 10.0 native FP4. */
  readonly computeCapability: string;
  /** Memory that the vendor's tool or the EC2 API reports, MiB. */
  readonly reportedMiB: number;
  /** Memory that CUDA reports to the engine, GiB. Absent: plan with reported - 0.7 GiB (rule of thumb). */
  readonly cudaGiB?: number;
  /** Memory bandwidth, bytes per second. */
  readonly bandwidth: number;
  readonly rates: TensorRates;
  /** Thermal design power, W. */
  readonly watts: number;
  /** Bytes per second, one way, from one GPU to its peers. */
  readonly linkBandwidth: number;
  readonly link: string;
  /** Purchase price, US dollars, from and to. */
  readonly purchaseUsd?: { readonly from: number; readonly to: number; readonly source: string; readonly asOf: string };
  readonly unverified: readonly string[];
  readonly note?: string;
}

/** Memory that the engine can see, GiB: CUDA's own figure where known, else reported - 0.7 (rule of thumb). */
export function usableGiB(gpu: GpuRecord): number {
  return gpu.cudaGiB ?? gpu.reportedMiB / 1024 - 0.7;
}

/** Compute capability as a number; 9.4 for CDNA 3 (gfx942), which has native FP8. */
export function capability(gpu: GpuRecord): number {
  return gpu.computeCapability.startsWith("gfx") ? 9.4 : Number(gpu.computeCapability);
}
