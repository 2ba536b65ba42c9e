import { compareVersions, usableGiB, type GpuRecord } from "@holdfast/catalog";
import { engineEra } from "./host-overhead";

/** What a version of vLLM does with memory when nothing is said. */
export interface VllmRules {
  /** `--gpu-memory-utilization`. */
  readonly utilisation: number;
  /** CUDA graphs are measured before the KV cache is sized, so they come out of the budget (default since 0.21). */
  readonly graphsCounted: boolean;
  /** Bytes per sequence and word of the vocabulary while sampling: 16- and 32-bit logits, sorted copies and indices. */
  readonly logitBytes: number;
  /** What mixtures of experts take beyond their buffers, GiB. */
  readonly expertsGiB: number;
  /** Whether prompts are cut into chunks; before, a step takes a prompt of `--max-model-len`. */
  readonly chunkedPrefill: boolean;
}

/**
 * Rules of a version. Utilisation: config/cache.py, 0.90 through 0.19 and 0.92 from 0.22. Graphs: the engine's own message
 * "default since v0.21.0". Logits: 15 bytes fitted on 50 logs of 0.19; 34 on logs of 0.6 and 0.7 (vllm pull 10511, issue 13061).
 * Experts: two logs of 0.9 and 0.10.1 (vllm issues 21348, 23278) show 3.2 to 3.8 GiB that 0.10.2 and 0.19 do not.
 */
export function vllmRules(version: string | undefined): VllmRules {
  const era = engineEra(version);
  const number = /^v?0\.\d/.test(version ?? "") ? version : undefined;
  const since = (first: string) => era === "current" && (number === undefined || compareVersions(number, first) >= 0);
  const old = era === "first" || era === "early";
  return {
    utilisation: since("0.22") ? 0.92 : 0.9,
    graphsCounted: since("0.21"),
    logitBytes: old ? 34 : 15,
    expertsGiB: era === "v1" && number !== undefined && compareVersions(number, "0.10.2") < 0 ? 3.4 : 0,
    chunkedPrefill: !old,
  };
}

/** Tokens of a step and sequences that `vllm serve` takes on a GPU when nothing is said (arg_utils.py: large GPUs other than A100 take more). */
export function vllmDefaults(
  gpu: GpuRecord,
  version: string | undefined,
  maxModelLen: number,
): { readonly maxNumBatchedTokens: number; readonly maxNumSeqs: number } {
  if (!vllmRules(version).chunkedPrefill) return { maxNumBatchedTokens: Math.max(2048, maxModelLen), maxNumSeqs: 256 };
  return isLarge(gpu)
    ? { maxNumBatchedTokens: 8192, maxNumSeqs: 1024 }
    : { maxNumBatchedTokens: 2048, maxNumSeqs: 256 };
}

function isLarge(gpu: GpuRecord): boolean {
  return usableGiB(gpu) >= 70 && gpu.gpuClass !== "a100";
}
