/** Constants of the time model, shares of peak rates and seconds. */
export interface TimeConstants {
  /** Share of the memory bandwidth that decoding reaches. */
  readonly bandwidthShare: number;
  /** Share of peak compute that decoding reaches. */
  readonly decodeComputeShare: number;
  /** Share of peak compute that prompts reach. */
  readonly prefillShare: number;
  readonly layerLatency: number;
  readonly allReduceLatency: number;
  readonly stepLatency: number;
}

/** Fitted on closed-loop vLLM runs (sizing research 3.2). */
export const timeConstants = {
  dense: {
    bandwidthShare: 0.9,
    decodeComputeShare: 0.17,
    prefillShare: 0.56,
    layerLatency: 48e-6,
    allReduceLatency: 5e-6,
    stepLatency: 1.3e-3,
  },
  mixture: {
    bandwidthShare: 0.86,
    decodeComputeShare: 0.78,
    prefillShare: 0.16,
    layerLatency: 25e-6,
    allReduceLatency: 20e-6,
    stepLatency: 0.9e-3,
  },
} as const satisfies Record<string, TimeConstants>;
