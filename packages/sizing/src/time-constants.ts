import { fitted } from "./fitted-constants";

/** Constants of the time model: shares of peak rates, factors, and seconds. */
export interface TimeConstants {
  /** Share of the memory bandwidth at which weights are read. */
  readonly bandwidthShare: number;
  /** Share of the memory bandwidth at which the KV cache is read. */
  readonly cacheShare: number;
  /** Share of peak compute that decoding reaches. */
  readonly decodeComputeShare: number;
  /** Share of a peak of 2e15 operations per second that prompts reach. */
  readonly promptShare: number;
  /** Power with which the reached rate grows with the peak. */
  readonly rateExponent: number;
  /** Per layer, s. */
  readonly layer: number;
  /** More per layer of a mixture of experts, s. */
  readonly expertLayer: number;
  /** More per layer with norms of queries and keys, s. */
  readonly queryKeyNorm: number;
  /** More per layer with latent attention, s. */
  readonly latentLayer: number;
  /** More per layer where activations are quantised, s. */
  readonly quantiseActivations: number;
  /** Latency of one all-reduce, s; two per layer. */
  readonly allReduce: number;
  /** Factor on the bytes of an all-reduce at the link's nominal rate. */
  readonly allReduceTraffic: number;
  /** Per step, s. */
  readonly step: number;
  /** Per sequence and step of a model of 60 layers, s. */
  readonly sequence: number;
  /** More time for experts placed whole on GPUs: some are busier than others. */
  readonly expertImbalance: number;
  /** More time for experts each time they are halved over GPUs. */
  readonly narrowExperts: number;
  /** Share of the bandwidth that four-bit experts computing in 16 bit reach. */
  readonly weightOnlyExperts: number;
  /** Power of the tokens of a step that choose experts as if independent. */
  readonly routing: number;
}

/** Constants of the time to the first token in a closed loop. */
export interface FirstTokenConstants {
  /** Request handling, s. */
  readonly dispatch: number;
  /** Decode steps of the others that a request waits for. */
  readonly steps: number;
  /** Times the prompt's own computing, dense and mixture. */
  readonly dense: number;
  readonly mixture: number;
  /** Share of all other running requests' prompts that is waited for: clients that start together. */
  readonly others: number;
  /** Request handling per running request, s. */
  readonly perRequest: number;
  /** Per layer of a prompt over several GPUs, s. */
  readonly gatherLayer: number;
  /** Per layer and token of a prompt over several GPUs, s; times (1 - 1 / GPUs). */
  readonly gatherToken: number;
}

/** Held-out errors turned into intervals: quantiles of measured / predicted. */
export interface ErrorQuantiles {
  readonly tpot: readonly [number, number];
  readonly ttft: readonly [number, number];
  /** Of a whole request or batch; of the throughput, turned over. */
  readonly endToEnd: readonly [number, number];
}

/**
 * Where errors were made: `dense` and `mixture` on held-out groups of GPU, model and precision, `newDense` and `newMixture` on models held
 * out whole, `newGpu` on GPUs held out whole, `otherEngine` on GPUs and engines of another age, `firstEngine` on engines of 2023, then the
 * loads other than a closed loop.
 */
export type ErrorSource =
  | "dense"
  | "mixture"
  | "newDense"
  | "newMixture"
  | "newGpu"
  | "otherEngine"
  | "firstEngine"
  | "burst"
  | "offline_batch"
  | "open_loop_poisson"
  | "decode_window";

/** What an engine of an era spends outside of the GPU; see host-overhead. */
export interface HostConstants {
  readonly step: number;
  readonly gpu: number;
  readonly sequence: number;
  /** How much longer that takes on the processors of Ampere's hosts. */
  readonly olderHost: number;
}

export const timeConstants: { readonly dense: TimeConstants; readonly mixture: TimeConstants } = fitted.time;
export const firstTokenConstants: FirstTokenConstants = fitted.firstToken;
export const hostOverheads: Readonly<Record<"first" | "early" | "v1" | "current", HostConstants>> = fitted.host;
export const errorQuantiles: Readonly<Record<ErrorSource, ErrorQuantiles>> = fitted.errors;
/** Whose closed-loop rows the constants are fitted on. */
export const measured: { readonly gpus: readonly string[]; readonly models: readonly string[] } = fitted.measured;
