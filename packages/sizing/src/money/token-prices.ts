import type { Sourced } from "@holdfast/catalog";

/** Example prices of the sources by model, US dollars per 1,000 tokens, prompt and output alike. Not what anything costs. */
export const examplePricesPer1k: Readonly<Record<string, number>> = {
  "llama-7b": 0.0001,
  "llama-13b": 0.0002,
  "llama-70b": 0.001,
};
const exampleDefault = 0.0001;

/** Cost of a request by the sources' example table. */
export function exampleRequestCost(model: string, promptTokens: number, outputTokens: number): number {
  return ((promptTokens + outputTokens) / 1000) * (examplePricesPer1k[model] ?? exampleDefault);
}

/** US dollars per million output tokens from hardware: price per hour over tokens per hour at the stated share of full load. */
export function usdPerMillionTokens(usdPerHour: number, tokensPerSecond: number, utilisation: number): number {
  return (usdPerHour * 1e6) / (tokensPerSecond * 3600 * utilisation);
}

/** What a hosted model costs, US dollars per million tokens. */
export interface HostedPrice extends Sourced {
  readonly id: string;
  readonly model: string;
  readonly inputUsd: number;
  readonly outputUsd: number;
  readonly unverified?: string;
}

/**
 * Prices of hosted models to compare with. Every figure is dated and none was read from its provider's page for this release, so
 * each says so: give your own offer instead where you have one.
 */
export const hostedPrices: readonly HostedPrice[] = (
  [
    ["hosted-llama-3.1-8b", "llama-3.1-8b-instruct", 0.18, 0.18],
    ["hosted-llama-3.3-70b", "llama-3.3-70b-instruct", 0.72, 0.72],
    ["hosted-llama-3.1-405b", "llama-3.1-405b-instruct", 2.4, 2.4],
    ["hosted-gpt-oss-120b", "gpt-oss-120b", 0.15, 0.6],
    ["hosted-qwen3-32b", "qwen3-32b", 0.15, 0.6],
    ["hosted-deepseek-v3", "deepseek-v3", 0.58, 1.68],
    ["hosted-frontier", "a closed frontier model", 3, 15],
  ] as const
).map(([id, model, inputUsd, outputUsd]) => ({
  id,
  model,
  inputUsd,
  outputUsd,
  source: "order of magnitude of public per-token offers, from memory",
  asOf: "2025-11-30",
  unverified: "not read from the provider's page: replace with your own offer",
}));

/** Dollars per day for a day's tokens at a hosted price. */
export function hostedUsdPerDay(
  price: Pick<HostedPrice, "inputUsd" | "outputUsd">,
  promptTokens: number,
  outputTokens: number,
): number {
  return (promptTokens * price.inputUsd + outputTokens * price.outputUsd) / 1e6;
}
