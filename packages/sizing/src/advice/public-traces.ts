import type { Sourced } from "@holdfast/catalog";

/** How many tokens so many of a hundred requests stay at or below. */
export interface TokenQuantiles {
  readonly p10: number;
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
}

/** The shape of a published trace of requests: a start for who has no traffic of their own yet. Its rate is the sample's, not yours. */
export interface PublicTrace extends Sourced {
  readonly name: string;
  readonly what: string;
  readonly licence: string;
  readonly requests: number;
  readonly prompt: TokenQuantiles;
  readonly output: TokenQuantiles;
  /** Standard deviation over mean of the time between two requests: 1 for independent users. Absent without usable time stamps. */
  readonly variation?: number;
  /** Rate of the busiest minute over the mean. Absent without time stamps. */
  readonly peakFactor?: number;
}

type Seven = readonly [number, number, number, number, number, number, number];
const quantiles = ([p10, p25, p50, p75, p90, p95, p99]: Seven): TokenQuantiles => ({
  p10,
  p25,
  p50,
  p75,
  p90,
  p95,
  p99,
});

export const publicTraces: readonly PublicTrace[] = [
  {
    name: "azure-code",
    what: "code completion in one Azure service, an hour of 2023-11-11",
    licence: "CC-BY-4.0; Patel et al., Splitwise, ISCA 2024",
    requests: 8819,
    prompt: quantiles([147, 578, 1469, 2745, 5186, 7302, 7436]),
    output: quantiles([7, 9, 13, 24, 55, 90, 252]),
    variation: 13.15,
    peakFactor: 4.18,
    source: "Azure/AzurePublicDataset@b469a11 data/AzureLLMInferenceTrace_code.csv",
    asOf: "2023-11-11",
  },
  {
    name: "azure-chat",
    what: "conversations in one Azure service, an hour of 2023-11-11",
    licence: "CC-BY-4.0; Patel et al., Splitwise, ISCA 2024",
    requests: 19_366,
    prompt: quantiles([207, 396, 1020, 1189, 2735, 4083, 4142]),
    output: quantiles([54, 85, 129, 395, 424, 451, 601]),
    variation: 1.09,
    peakFactor: 1.52,
    source: "Azure/AzurePublicDataset@b469a11 data/AzureLLMInferenceTrace_conv.csv",
    asOf: "2023-11-11",
  },
  {
    name: "mooncake-chat",
    what: "long conversations of Kimi, one hour; 37 % of prompt blocks were seen before",
    licence: "Apache-2.0; Qin et al., Mooncake, FAST 2025",
    requests: 12_031,
    prompt: quantiles([964, 2307, 6909, 15_368, 27_367, 39_552, 85_401]),
    output: quantiles([24, 157, 350, 472, 597, 698, 1120]),
    peakFactor: 1.21,
    source: "kvcache-ai/Mooncake@3b5a594 FAST25-release/traces/conversation_trace.jsonl",
    asOf: "2025-02-25",
  },
  {
    name: "sharegpt",
    what: "ShareGPT chats up to 8k tokens, the prompt holds the whole history",
    licence: "Apache-2.0 (repository)",
    requests: 30_731,
    prompt: quantiles([74, 580, 1730, 3735, 5696, 6563, 7434]),
    output: quantiles([84, 228, 415, 628, 834, 920, 998]),
    source: "project-etalon/etalon@d5f18de data/processed_traces/sharegpt_8k_filtered_stats_llama2_tokenizer.csv",
    asOf: "2024-07-09",
  },
  {
    name: "arxiv-summaries",
    what: "summaries of scientific papers up to 4k tokens",
    licence: "MIT (repository)",
    requests: 28_257,
    prompt: quantiles([1242, 1986, 2730, 3370, 3702, 3813, 3933]),
    output: quantiles([78, 115, 167, 242, 372, 736, 3270]),
    source: "microsoft/vidur@7d47513 data/processed_traces",
    asOf: "2024-11-30",
  },
];
