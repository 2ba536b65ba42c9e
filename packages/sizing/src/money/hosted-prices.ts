import type { Sourced } from "@holdfast/catalog";

/** What a hosted model costs, US dollars per million tokens. */
export interface HostedPrice extends Sourced {
  /** `provider/model`. */
  readonly id: string;
  /** Catalogue id of the model, or the name of a closed one. */
  readonly model: string;
  readonly inputUsd: number;
  readonly outputUsd: number;
  /** A closed model of another maker: not the same answers, only what people compare with. */
  readonly closed?: boolean;
  readonly unverified?: string;
}

/**
 * Read from genai-prices 0.2.3 (MIT), a table of provider price pages kept in the open; its newest entry is the date below. The pages
 * themselves were not opened for this release, so each price says so.
 */
const table = {
  source: "genai-prices 0.2.3 (Pydantic, MIT), collected from the provider's price page",
  asOf: "2026-11-09",
  unverified: "from a collected table, not from the provider's page: put your own offer in its place before you decide",
} as const;

type Row = readonly [provider: string, model: string, inputUsd: number, outputUsd: number];

/** List prices of standard service, without batch, cache or volume discounts. `bedrock` is Amazon's, beside one's own instances. */
const rows: readonly Row[] = [
  ["bedrock", "deepseek-r1", 1.35, 5.4],
  ["bedrock", "gemma-3-12b-it", 0.09, 0.29],
  ["bedrock", "gemma-3-27b-it", 0.23, 0.38],
  ["bedrock", "gemma-3-4b-it", 0.04, 0.08],
  ["bedrock", "gpt-oss-120b", 0.15, 0.6],
  ["bedrock", "gpt-oss-20b", 0.07, 0.3],
  ["bedrock", "llama-3-8b-instruct", 0.3, 0.6],
  ["bedrock", "llama-3.1-70b-instruct", 0.72, 0.72],
  ["bedrock", "llama-3.1-8b-instruct", 0.22, 0.22],
  ["bedrock", "llama-3.2-11b-vision-instruct", 0.16, 0.16],
  ["bedrock", "llama-3.3-70b-instruct", 0.72, 0.72],
  ["bedrock", "llama-4-maverick", 0.24, 0.97],
  ["bedrock", "llama-4-scout", 0.17, 0.66],
  ["bedrock", "mistral-7b-instruct-v0.2", 0.15, 0.2],
  ["bedrock", "mixtral-8x7b-instruct-v0.1", 0.45, 0.7],
  ["bedrock", "qwen3-32b", 0.15, 0.6],
  ["bedrock", "qwen3-coder-480b-a35b-instruct", 0.45, 1.8],
  ["bedrock", "qwen3-vl-235b-a22b-instruct", 0.53, 2.66],
  ["cerebras", "gpt-oss-120b", 0.35, 0.75],
  ["cerebras", "llama-3.3-70b-instruct", 0.85, 1.2],
  ["deepseek", "deepseek-v3.2", 0.2288, 0.3432],
  ["fireworks", "deepseek-v3", 0.9, 0.9],
  ["fireworks", "deepseek-v3.2", 0.56, 1.68],
  ["fireworks", "deepseek-v4-flash", 0.14, 0.28],
  ["fireworks", "deepseek-v4-pro", 1.74, 3.48],
  ["fireworks", "gemma-3-27b-it", 0.1, 0.1],
  ["fireworks", "glm-5.1", 1.4, 4.4],
  ["fireworks", "glm-5.2", 1.4, 4.4],
  ["fireworks", "gpt-oss-120b", 0.15, 0.6],
  ["fireworks", "gpt-oss-20b", 0.07, 0.3],
  ["fireworks", "kimi-k2.5", 0.6, 3],
  ["fireworks", "kimi-k2.6", 0.95, 4],
  ["fireworks", "kimi-k3", 3, 15],
  ["fireworks", "llama-3.1-8b-instruct", 0.2, 0.2],
  ["fireworks", "minimax-m2.7", 0.3, 1.2],
  ["fireworks", "minimax-m3", 0.3, 1.2],
  ["fireworks", "qwen3-235b-a22b-instruct-2507", 0.22, 0.88],
  ["groq", "gpt-oss-120b", 0.15, 0.6],
  ["groq", "gpt-oss-20b", 0.075, 0.3],
  ["groq", "llama-3.1-8b-instruct", 0.05, 0.08],
  ["groq", "llama-3.3-70b-instruct", 0.59, 0.79],
  ["groq", "llama-4-maverick", 0.2, 0.6],
  ["groq", "llama-4-scout", 0.11, 0.34],
  ["groq", "qwen3-32b", 0.29, 0.59],
  ["moonshot", "kimi-k2-instruct", 0.57, 2.3],
  ["moonshot", "kimi-k2.6", 0.95, 4],
  ["novita", "deepseek-v3", 0.89, 0.89],
  ["novita", "gemma-2-9b-it", 0.08, 0.08],
  ["novita", "gemma-3-12b-it", 0.05, 0.1],
  ["novita", "gemma-3-27b-it", 0.119, 0.2],
  ["novita", "gemma-4-26b-a4b", 0.13, 0.4],
  ["novita", "gemma-4-31b-it", 0.14, 0.4],
  ["novita", "gpt-oss-120b", 0.05, 0.25],
  ["novita", "llama-3.1-70b-instruct", 0.34, 0.39],
  ["novita", "llama-3.1-8b-instruct", 0.02, 0.05],
  ["novita", "llama-3.2-11b-vision-instruct", 0.06, 0.06],
  ["novita", "llama-3.3-70b-instruct", 0.135, 0.4],
  ["novita", "llama-4-scout", 0.18, 0.59],
  ["novita", "minimax-m2.5", 0.3, 1.2],
  ["novita", "nemotron-3-nano-30b-a3b", 0.05, 0.2],
  ["novita", "qwen2.5-72b-instruct", 0.38, 0.4],
  ["novita", "qwen3-vl-30b-a3b-instruct", 0.2, 0.7],
  ["novita", "qwen3.5-122b-a10b", 0.4, 3.2],
  ["novita", "qwen3.5-27b", 0.3, 2.4],
  ["novita", "qwen3.5-35b-a3b", 0.25, 2],
  ["novita", "qwen3.5-397b-a17b", 0.6, 3.6],
  ["novita", "qwen3.6-27b", 0.6, 3.6],
  ["novita", "qwen3.6-35b-a3b", 0.248, 1.485],
  ["novita", "step-3.7-flash", 0.2, 1.15],
  ["together", "codellama-13b-instruct", 0.225, 0.225],
  ["together", "codellama-34b-instruct", 0.776, 0.776],
  ["together", "codellama-7b-instruct", 0.2, 0.2],
  ["together", "deepseek-coder-33b-instruct", 0.8, 0.8],
  ["together", "glm-5.2", 1.4, 4.4],
  ["together", "gpt-oss-120b", 0.15, 0.6],
  ["together", "kimi-k3", 3, 15],
  ["together", "llama-3.1-405b-instruct", 3.5, 3.5],
  ["together", "llama-3.1-70b-instruct", 0.88, 0.88],
  ["together", "llama-3.1-8b-instruct", 0.18, 0.18],
  ["together", "llama-3.3-70b-instruct", 0.88, 0.88],
  ["together", "llama-4-maverick", 0.27, 0.85],
  ["together", "llama-4-scout", 0.18, 0.59],
  ["together", "minimax-m3", 0.3, 1.2],
  ["together", "mixtral-8x22b-instruct-v0.1", 2.4, 2.4],
  ["together", "mixtral-8x7b-instruct-v0.1", 0.9, 0.9],
  ["zai", "glm-5", 1, 3.2],
  ["zai", "glm-5.1", 1.4, 4.4],
  ["zai", "glm-5.2", 1.4, 4.4],
];

/** Closed models that people weigh self-hosting against: one large, one small, of different makers. */
const closedRows: readonly Row[] = [
  ["anthropic", "claude-sonnet-5-5", 2, 10],
  ["google", "gemini-3.1-flash-lite", 0.25, 1.5],
];

export const hostedPrices: readonly HostedPrice[] = [
  ...rows.map((row) => priceOf(row)),
  ...closedRows.map((row) => ({ ...priceOf(row), closed: true })),
];

function priceOf([provider, model, inputUsd, outputUsd]: Row): HostedPrice {
  return { id: `${provider}/${model}`, model, inputUsd, outputUsd, ...table };
}

/** Dollars for so many tokens at a hosted price. */
export function hostedUsd(
  price: Pick<HostedPrice, "inputUsd" | "outputUsd">,
  promptTokens: number,
  outputTokens: number,
): number {
  return (promptTokens * price.inputUsd + outputTokens * price.outputUsd) / 1e6;
}

/** The same model as others host it, the cheapest for this mix of tokens first, then the closed ones. */
export function hostedOffersFor(
  model: string,
  promptPerOutput: number,
  offers: readonly HostedPrice[] = hostedPrices,
): HostedPrice[] {
  const perOutput = (offer: HostedPrice) => hostedUsd(offer, promptPerOutput, 1);
  return offers
    .filter((offer) => offer.model === model || offer.closed === true)
    .sort((a, b) => Number(a.closed ?? false) - Number(b.closed ?? false) || perOutput(a) - perOutput(b));
}
