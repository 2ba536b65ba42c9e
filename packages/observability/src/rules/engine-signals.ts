import type { EngineKind } from "@holdfast/core";
import { compareVersions } from "../catalogue/metric-catalogue";
import type { ObservedFleet } from "../observability-spec";

/** What engines tell of themselves, under names of ours. A signal an engine does not have is absent, never made up. */
export interface EngineSignals {
  /** Gauges: sequences being worked on, and waiting. */
  readonly running: string;
  readonly waiting: string;
  /** Counters of tokens. */
  readonly promptTokens: string;
  readonly generationTokens: string;
  /** Gauge, 0 to 1. */
  readonly kvUsage?: string;
  /** Counters. */
  readonly preemptions?: string;
  readonly finished?: string;
  readonly rejections?: string;
  readonly prefixQueries?: string;
  readonly prefixHits?: string;
  /** Histograms, seconds. */
  readonly ttft?: string;
  readonly itl?: string;
  readonly tpot?: string;
  readonly e2e?: string;
  readonly queueTime?: string;
  readonly prefill?: string;
  readonly decode?: string;
  /** Histograms, tokens. */
  readonly promptLength?: string;
  readonly outputLength?: string;
}
export type EngineSignal = keyof EngineSignals;

const vllm: EngineSignals = {
  running: "vllm:num_requests_running",
  waiting: "vllm:num_requests_waiting",
  promptTokens: "vllm:prompt_tokens_total",
  generationTokens: "vllm:generation_tokens_total",
  kvUsage: "vllm:kv_cache_usage_perc",
  preemptions: "vllm:num_preemptions_total",
  finished: "vllm:request_success_total",
  prefixQueries: "vllm:prefix_cache_queries_total",
  prefixHits: "vllm:prefix_cache_hits_total",
  ttft: "vllm:time_to_first_token_seconds",
  itl: "vllm:inter_token_latency_seconds",
  tpot: "vllm:request_time_per_output_token_seconds",
  e2e: "vllm:e2e_request_latency_seconds",
  queueTime: "vllm:request_queue_time_seconds",
  prefill: "vllm:request_prefill_time_seconds",
  decode: "vllm:request_decode_time_seconds",
  promptLength: "vllm:request_prompt_tokens",
  outputLength: "vllm:request_generation_tokens",
};

/** llama.cpp has no request, error, latency or KV metric: those come from the gateway or not at all. */
const llamacpp: EngineSignals = {
  running: "llamacpp:requests_processing",
  waiting: "llamacpp:requests_deferred",
  promptTokens: "llamacpp:prompt_tokens_total",
  generationTokens: "llamacpp:tokens_predicted_total",
};

/** The signals of one engine, or nothing for engines without metrics of their own in the catalogue. */
export function engineSignals(kind: EngineKind, version: string): EngineSignals | undefined {
  if (kind === "llamacpp") return llamacpp;
  if (kind !== "vllm") return undefined;
  return compareVersions(version, "0.32.0") >= 0 ? { ...vllm, rejections: "vllm:admission_rejections_total" } : vllm;
}

const ofGeneration: ReadonlySet<string> = new Set(["ttft", "itl", "tpot", "prefill", "decode"]);

/** The signals of one fleet that a rule may count on. Embedding and reranking models write no tokens one after another. */
export function fleetSignals(fleet: ObservedFleet): EngineSignals | undefined {
  const signals = engineSignals(fleet.engine, fleet.engineVersion);
  if (signals === undefined || fleet.task === "generate") return signals;
  const { running, waiting, promptTokens, generationTokens, ...others } = signals;
  const kept = Object.entries(others).filter(([signal]) => !ofGeneration.has(signal));
  return { running, waiting, promptTokens, generationTokens, ...Object.fromEntries(kept) };
}

/** Every metric name that carries a signal among the fleets, in a stable order. */
export function signalNames(fleets: readonly ObservedFleet[], signal: EngineSignal): string[] {
  const names = fleets.flatMap((fleet) => fleetSignals(fleet)?.[signal] ?? []);
  return [...new Set(names)].sort();
}

/** An expression over a signal, joined with `or` where engines of several kinds have it; nothing where none has. */
export function overSignal(
  fleets: readonly ObservedFleet[],
  signal: EngineSignal,
  expression: (metric: string) => string,
): string | undefined {
  const names = signalNames(fleets, signal);
  return names.length === 0 ? undefined : names.map(expression).join(" or ");
}
