import type { WeightFormat } from "./model";
import type { Sourced } from "./record";

const levels = {
  source: "requirements table V-02 (seed 002); bits from llama.cpp tools/quantize/README, Llama-3.1-8B mix",
  asOf: "2026-11-20",
};
const quality = { source: "requirements table V-03 (seed 002), approximate", asOf: "2026-11-20" };

/** One level of GGUF. Bits are of the whole file's mix on Llama-3.1-8B; a file's own header wins. */
export interface GgufLevel extends Sourced {
  readonly level: string;
  /** Known to the planner by this format; absent where only F16's bits are fixed. */
  readonly format: WeightFormat;
  readonly bits: number;
  readonly qualityLoss: string;
  readonly use: string;
  readonly recommended: "yes" | "no" | "only if necessary" | "if memory allows";
}

/** The twelve levels of GGUF that people choose from, smallest first. */
export const ggufLevels: readonly GgufLevel[] = (
  [
    ["Q2_K", "q2_k", 3.16, "significant", "extreme size limits only", "no"],
    ["Q3_K_S", "q3_k_s", 3.64, "high", "size-constrained", "no"],
    ["Q3_K_M", "q3_k_m", 4.0, "medium-high", "small models (below 7B)", "only if necessary"],
    ["Q4_0", "q4_0", 4.5, "medium", "legacy", "no"],
    ["Q4_K_S", "q4_k_s", 4.67, "low-medium", "good balance", "yes"],
    ["Q4_K_M", "q4_k_m", 4.894, "low", "recommended default, best quality for size", "yes"],
    ["Q5_0", "q5_0", 5.5, "low", "higher quality than Q4", "yes"],
    ["Q5_K_S", "q5_k_s", 5.57, "very low", "high quality", "yes"],
    ["Q5_K_M", "q5_k_m", 5.7, "minimal", "production", "yes"],
    ["Q6_K", "q6_k", 6.56, "negligible", "near F16", "yes"],
    ["Q8_0", "q8_0", 8.5, "almost none", "size matters, speed does not", "if memory allows"],
    ["F16", "f16", 16, "none", "reference", "if memory allows"],
  ] as const
).map(([level, format, bits, qualityLoss, use, recommended]) => ({
  level,
  format,
  bits,
  qualityLoss,
  use,
  recommended,
  ...levels,
}));

/** How good a format is, roughly: a source's figures, not a measurement of any model. */
export interface FormatQuality extends Sourced {
  readonly format: WeightFormat;
  /** Rise of perplexity over F16. */
  readonly perplexityIncrease: number;
  /** Percent of F16. */
  readonly quality: number;
  /** Percent of F16's size. */
  readonly size: number;
}

/** Eight formats, best first. */
export const formatQualities: readonly FormatQuality[] = (
  [
    ["f16", 0, 100, 100],
    ["q8_0", 0.01, 99, 50],
    ["q6_k", 0.02, 98, 38],
    ["q5_k_m", 0.05, 95, 31],
    ["awq", 0.08, 92, 25],
    ["q4_k_m", 0.1, 90, 25],
    ["gptq", 0.12, 88, 25],
    ["q3_k_m", 0.25, 75, 19],
  ] as const
).map(([format, perplexityIncrease, percent, size]) => ({
  format,
  perplexityIncrease,
  quality: percent,
  size,
  ...quality,
}));

/** How a model is quantised by GPTQ. */
export interface GptqPreset {
  readonly bits: 2 | 3 | 4 | 8;
  readonly groupSize: 32 | 64 | 128 | -1;
  readonly orderByActivation: boolean;
}

export const gptqBits: readonly number[] = [2, 3, 4, 8];
export const gptqGroupSizes: readonly number[] = [32, 64, 128, -1];
export const gptqPresets: Readonly<Record<"production" | "development" | "smallest", GptqPreset>> = {
  production: { bits: 4, groupSize: 128, orderByActivation: true },
  development: { bits: 4, groupSize: 128, orderByActivation: false },
  smallest: { bits: 3, groupSize: 128, orderByActivation: true },
};

/** AWQ has one: it is better and faster than GPTQ at four bits, needs calibration data, and fewer models are published with it. */
export const awqPreset = { bits: 4, groupSize: 128 } as const;

/** Methods that other guides name and that are not offered, with the reason. */
export const refusedMethods: Readonly<Record<string, string>> = {
  squeezellm:
    "vLLM removed SqueezeLLM (vllm#8220); use fp8, awq, gptq, nvfp4 or mxfp4 where the GPU and the engine version allow",
};

/** Bits and group size of a GPTQ model as its publisher states them, or why they cannot be. */
export function gptqProblem(bits: number, groupSize: number): string | undefined {
  if (!gptqBits.includes(bits)) return `GPTQ has ${gptqBits.join(", ")} bits, got ${bits}`;
  if (!gptqGroupSizes.includes(groupSize))
    return `GPTQ has groups of ${gptqGroupSizes.join(", ")} (-1: none), got ${groupSize}`;
  return undefined;
}
