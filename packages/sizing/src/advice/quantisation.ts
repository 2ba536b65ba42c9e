import type { WeightFormat } from "@holdfast/catalog";

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
