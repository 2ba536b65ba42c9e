import type { WeightFormat } from "@holdfast/catalog";
import type { KvFormat } from "./kv-cache";
import type { OwnServer } from "./own-server";

/** What a fleet must carry. The same shape as `Workload` of @holdfast/core, restated so that planning stays free of Pulumi. */
export interface FleetWorkload {
  /** 95th percentile of prompt tokens. */
  readonly promptTokens: number;
  /** 95th percentile of output tokens; 0 for embeddings and reranking. */
  readonly outputTokens: number;
  readonly requestsPerSecond: number;
  /** Time to first token, seconds, at the 95th percentile. Absent: no target (batch). */
  readonly ttftSeconds?: number;
  /** Time per output token, milliseconds, at the 95th percentile. Absent: no target (batch). */
  readonly tpotMs?: number;
}

export interface FleetNeed {
  /** Name of the fleet, carried into the result. */
  readonly fleet: string;
  /** Catalogue id, Hugging Face repository or another known name. */
  readonly model: string;
  /** Format of the weights: `bf16`, `fp8`, `awq`, `gptq`, ... @default the format the publisher ships */
  readonly format?: string;
  readonly workload: FleetWorkload;
  /** Only GPUs of this class: `a10g`, `a100`, `h100`, ... or one exact GPU id. */
  readonly gpuClass?: string;
  /** Only this instance type. */
  readonly instanceType?: string;
  /** @default the newest vLLM in the catalogue */
  readonly engine?: { readonly kind: "vllm" | "ollama" | "llamacpp" | "tgi"; readonly version: string };
  /** AWS region; decides which types are offered and at what price. */
  readonly region: string;
  /** Own servers to choose from instead of the region's instance types; `region` and `zones` then decide nothing. @default none */
  readonly servers?: readonly OwnServer[];
  /** Zone ids that the fleet will use: only types offered in at least two of them (or in the one) are considered. @default any zone of the region */
  readonly zones?: readonly string[];
  /** No latency targets and no headroom for a failure: the work waits. @default false */
  readonly batch?: boolean;
  /** At least so many replicas. From 2 on, the fleet also carries the load with one host gone (not for `batch`). @default 1 */
  readonly minimumReplicas?: number;
  /** Longest prompt plus output that the engine accepts. @default the power of two at or above twice the 95th percentiles, at least 4,096, at most the model's context */
  readonly maxModelLen?: number;
}

/** What the engine is started with, and what follows from the sizing. */
export interface EngineSettings {
  readonly maxModelLen: number;
  readonly maxNumSeqs: number;
  readonly maxNumBatchedTokens: number;
  readonly gpuMemoryUtilization: number;
  /** `auto` keeps the model's own 16-bit cache. */
  readonly kvCacheDtype: "auto" | "fp8";
}

/** Predictions at the stated load with every replica up; times at the 95th percentile. */
export interface Prediction {
  readonly ttftMs: number;
  readonly tpotMs: number;
  /** Output tokens (for embeddings: input tokens) per second that the whole fleet sustains within its targets. */
  readonly tokensPerSecond: number;
}

/** Another configuration and why it was not chosen. */
export interface Alternative {
  readonly instanceType: string;
  readonly gpu: string;
  readonly format: string;
  readonly tensorParallel: number;
  readonly replicas: number;
  readonly instances: number;
  readonly monthlyUsd: number;
  readonly predicted: Prediction;
  /** Why it lost. */
  readonly reason: string;
}

/** The `sizing[]` entry of plan.json. Memory is per replica, over all of its GPUs. */
export interface FleetSizing {
  readonly fleet: string;
  /** Catalogue id. */
  readonly model: string;
  readonly format: WeightFormat;
  readonly instanceType: string;
  /** Catalogue id of the GPU. */
  readonly gpu: string;
  readonly gpusPerReplica: number;
  readonly tensorParallel: number;
  readonly replicas: number;
  readonly memoryGiB: {
    /** What the engine may use: reported memory x utilisation. */
    readonly available: number;
    readonly weights: number;
    readonly kvCache: number;
    readonly overhead: number;
  };
  /** Sequences of the stated lengths that one replica runs at once within its targets. */
  readonly maxConcurrency: number;
  readonly predicted: Prediction;
  readonly alternatives: readonly Alternative[];
  /** The arithmetic, one figure per sentence. */
  readonly why: readonly string[];
  readonly engine: EngineSettings;
  readonly replicasPerInstance: number;
  readonly instances: number;
  /** Bytes of the weights on disk. */
  readonly weightsBytes: number;
  /** On-demand price of all instances, US dollars per hour. */
  readonly usdPerHour: number;
  readonly monthlyUsd: number;
}

export type SizingOutcome =
  | { readonly ok: true; readonly sizing: FleetSizing }
  | { readonly ok: false; readonly reason: string; readonly nearest: readonly FleetSizing[] };

export type { KvFormat };
