import type { EngineRecord, GpuRecord, ModelRecord, WeightFormat } from "@holdfast/catalog";
import { keptQuality, openFormats } from "../format-quality";
import { memoryNeed } from "./memory-need";

/** A level of quantisation with the reason for it. */
export interface QuantisationAdvice {
  readonly format: WeightFormat;
  readonly reason: string;
  /** Memory over what 16 bit needs. */
  readonly ratio: number;
}

const steps: readonly (readonly [number, WeightFormat, WeightFormat, string, string])[] = [
  [1.2, "f16", "f16", "16 bit fits with room", "16 bit fits with room"],
  [0.9, "q8_0", "q8_0", "almost no loss", "almost no loss"],
  [0.6, "q6_k", "q6_k", "near 16 bit", "near 16 bit"],
  [0.5, "q5_k_m", "q5_k_s", "minimal loss", "very low loss"],
  [0.4, "q4_k_m", "q4_k_s", "recommended default", "good balance"],
  [0.3, "q4_k_m", "q4_k_m", "minimum for production", "the least that is worth having"],
  [0, "q3_k_m", "q3_k_m", "below the minimum for production: choose a smaller model", "only if necessary"],
];

/**
 * Level of quantisation by memory (GB) against what 16 bit needs (2 GB per billion parameters). The planner then checks weights
 * and KV cache to the byte: this is where to start.
 */
export function quantisationFor(billions: number, memoryGb: number, production: boolean): QuantisationAdvice {
  const ratio = memoryGb / (2 * billions);
  const step = steps.find(([least]) => ratio >= least) ?? steps[steps.length - 1];
  if (step === undefined) throw new RangeError("no steps");
  const [, forProduction, other, reason, otherReason] = step;
  return { format: production ? forProduction : other, reason: production ? reason : otherReason, ratio };
}

const words: Readonly<Record<string, { readonly format: WeightFormat; readonly warning?: string }>> = {
  maximum: { format: "q8_0" },
  high: { format: "q5_k_m" },
  balanced: { format: "q4_k_m" },
  fast: { format: "q4_0", warning: "Q4_0 is a legacy level: Q4_K_S is as small and better" },
  q2_k: { format: "q2_k", warning: "Q2_K loses too much for most uses" },
};

/** A level by a word for quality. An unknown word is refused rather than taken for the worst level. */
export function quantisationByWord(
  word: string,
):
  | { readonly ok: true; readonly format: WeightFormat; readonly warning?: string }
  | { readonly ok: false; readonly reason: string } {
  const found = words[word.toLowerCase()];
  return found === undefined
    ? { ok: false, reason: `unknown quality "${word}"; known: maximum, high, balanced, fast, or q2_k by name` }
    : { ok: true, ...found };
}

/** How much of the published weights' quality has to be left, percent. A word stands for that of its level. */
const leastQuality = { maximum: 99, high: 95, balanced: 90, fast: 85 } as const;
export type QualityNeed = keyof typeof leastQuality | number;

export interface QuantisationQuestion {
  readonly model: ModelRecord;
  /** GPU memory of one replica, decimal GB as on the label. */
  readonly memoryGb: number;
  /** Tokens of context that must fit beside the weights. @default 4096 */
  readonly contextTokens?: number;
  /** Percent of the published quality, or a word. @default "balanced", 90 % */
  readonly quality?: QualityNeed;
  /** @default "vllm" */
  readonly engine?: EngineRecord["kind"];
  /** With 4-bit arithmetic NVFP4 is worth offering; without a word on the GPU it is not. */
  readonly gpu?: GpuRecord;
}

/** A format that was looked at, and why it was not taken. */
export interface ConsideredFormat {
  readonly format: WeightFormat;
  /** Percent of the published quality, approximate. */
  readonly quality: number;
  readonly bytes: number;
  readonly why: string;
}

export type FormatAdvice =
  | {
      readonly ok: true;
      readonly format: WeightFormat;
      readonly quality: number;
      readonly bytes: number;
      readonly why: string;
      readonly passedOver: readonly ConsideredFormat[];
    }
  | { readonly ok: false; readonly passedOver: readonly ConsideredFormat[] };

/** The format of best quality that fits the memory and keeps the quality that is needed; at equal quality the smaller one. */
export function formatByNeed(question: QuantisationQuestion): FormatAdvice {
  const { model, memoryGb, contextTokens = 4096, quality = "balanced", engine = "vllm" } = question;
  const least = typeof quality === "number" ? quality : leastQuality[quality];
  const worthwhile = (format: WeightFormat) =>
    format !== "nvfp4" || model.nativeFormat === "nvfp4" || question.gpu?.rates.fp4 !== undefined;
  const looked = openFormats(model, engine)
    .filter(worthwhile)
    .map((format) => {
      const kept = keptQuality(model, format);
      const need = memoryNeed(model, format, memoryGb, contextTokens);
      return { format, quality: kept.percent, source: kept.source, need };
    })
    .sort((a, b) => b.quality - a.quality || a.need.weights - b.need.weights);
  const taken = looked.find(({ quality: kept, need }) => kept >= least && need.fits);
  const passedOver = looked
    .filter((one) => one !== taken)
    .map(({ format, quality: kept, source, need }) => ({
      format,
      quality: kept,
      bytes: need.weights,
      why:
        kept < least
          ? `keeps about ${kept} % (${source}), ${least} % are needed`
          : need.fits
            ? `fits too, ${kept} % of the quality (${source})`
            : need.sentence,
    }));
  if (taken === undefined) return { ok: false, passedOver };
  const why = `${taken.need.sentence}; about ${taken.quality} % of the published quality (${taken.source}), ${least} % are needed`;
  return { ok: true, format: taken.format, quality: taken.quality, bytes: taken.need.weights, why, passedOver };
}
