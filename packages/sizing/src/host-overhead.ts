import { capability, type GpuRecord } from "@holdfast/catalog";
import { hostOverheads, type HostConstants } from "./time-constants";

/**
 * Time that an engine spends outside of the GPU beyond what a version of 2026 does, s: per step, per step and GPU after the
 * first, per step and running sequence.
 */
export type HostOverhead = Omit<HostConstants, "olderHost">;

/** Engines by what their host side costs. Measured runs fall into three clear classes. */
export type EngineEra = keyof typeof hostOverheads;

/** The class of a vLLM version; texts such as `0.5.x (2024)` and `2023 (not stated)` count too. Unknown: the newest. */
export function engineEra(version: string | undefined): EngineEra {
  const text = version ?? "";
  const year = /^20(\d\d)/.exec(text)?.[1];
  if (year !== undefined) return Number(year) <= 23 ? "first" : Number(year) <= 24 ? "early" : "v1";
  const minor = /^v?0\.(\d+)/.exec(text)?.[1];
  if (minor === undefined) return "current";
  if (Number(minor) < 3) return "first";
  if (Number(minor) < 8) return "early";
  return Number(minor) < 12 ? "v1" : "current";
}

export function hostOverhead(version: string | undefined, gpu: GpuRecord): HostOverhead {
  return onHostOf(gpu, hostOverheads[engineEra(version)]);
}

/**
 * The same on the hosts that a GPU stands in. What an engine does outside of the GPU is the work of one processor core, and hosts of Ampere
 * GPUs have slower ones than those of Hopper (EPYC Rome and Milan before Sapphire Rapids): the steps of a 70B of 2023 on 4 and on 8 GPUs
 * take 45 ms on DGX-A100 and 30 ms on DGX-H100, whatever the batch.
 */
export function onHostOf(gpu: GpuRecord, { step, gpu: each, sequence, olderHost }: HostConstants): HostOverhead {
  const factor = capability(gpu) < 8.9 ? olderHost : 1;
  return { step: step * factor, gpu: each * factor, sequence: sequence * factor };
}
