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
