import type { WeightFormat } from "@holdfast/catalog";

/**
 * What people use instead of arithmetic, kept beside the planner as a cross-check and for the comparison in the documentation.
 * Sizes in decimal GB, parameters in billions, as the sources state them.
 */

/** GB per billion parameters, from and to. */
export const gigabytesPerBillion = {
  q4: [0.5, 0.6],
  q5: [0.65, 0.75],
  q8: [1.0, 1.1],
  fp16: [2.0, 2.0],
} as const;

/** GB for KV cache and operations that the capacity formula adds. */
export const formulaReserveGb = 2;

/** The capacity formula of the sources: parameters x factor, and 2 GB on top. */
export function capacityFormula(
  billions: number,
  gbPerBillion: number,
): { readonly weightsGb: number; readonly totalGb: number } {
  const weightsGb = billions * gbPerBillion;
  return { weightsGb, totalGb: weightsGb + formulaReserveGb };
}

/** Which of the formula's factors is meant for a format; nothing where the sources have none. */
export function formulaFactor(format: WeightFormat): keyof typeof gigabytesPerBillion | undefined {
  if (format === "bf16" || format === "f16") return "fp16";
  if (format === "fp8" || format === "int8" || format === "q8_0") return "q8";
  if (format.startsWith("q5")) return "q5";
  return /^(awq|gptq|nvfp4|mxfp4|q4)/.test(format) ? "q4" : undefined;
}

/** The formula as a cross-check beside the exact figures, in a sentence. */
export function formulaSentence(parameters: number, format: WeightFormat): string | undefined {
  const factor = formulaFactor(format);
  if (factor === undefined) return undefined;
  const billions = Number((parameters / 1e9).toFixed(1));
  const [from, to] = gigabytesPerBillion[factor];
  const gb = (one: number) => capacityFormula(billions, one).totalGb.toFixed(1);
  const [factors, all] = from === to ? [`${from}`, gb(from)] : [`${from} to ${to}`, `${gb(from)} to ${gb(to)}`];
  return `rule of thumb, for comparison only: ${billions} billion parameters x ${factors} + ${formulaReserveGb} = ${all} GB, whatever the context and the load`;
}

/** The heuristic of several schedulers: weights x 1.2 + 2 GiB, in bytes; it sees neither context nor concurrency. */
export function weightsTimesFactor(weightBytes: number): number {
  return weightBytes * 1.2 + 2 * 2 ** 30;
}

/** Table of the tensor-parallel rule: GB in 16 bit by billions of parameters. */
const sixteenBitGb: Readonly<Record<number, number>> = { 7: 14, 13: 26, 34: 68, 70: 140 };
/** Sizes of tensor parallelism that engines run. */
export const parallelChoices = [1, 2, 4, 8] as const;

/**
 * The sources' rule of thumb for tensor parallelism: int(required / GPU) + 1, with 0.35 of the size for AWQ and GPTQ. It ignores
 * the KV cache, gives 2 for an exact fit, and may give sizes that no engine runs; `choice` is the next one that does.
 */
export function tensorParallelRule(
  billions: number,
  gpuGb: number,
  format: "fp16" | "awq" | "gptq",
): { readonly rule: number; readonly choice: number; readonly perGpuGb: number; readonly totalGb: number } {
  const sixteen = sixteenBitGb[billions] ?? 2 * billions;
  const totalGb = format === "fp16" ? sixteen : sixteen * 0.35;
  const rule = Math.max(1, Math.trunc(totalGb / gpuGb) + 1);
  return { rule, choice: parallelChoices.find((size) => size >= rule) ?? rule, perGpuGb: totalGb / rule, totalGb };
}
