import type { ModelRecord, WeightFormat } from "@holdfast/catalog";
import { countParameters } from "../parameters";
import { weightSize } from "../weights";

/** Smallest host memory by use, decimal GB. */
export const cpuMemoryFloors = { development: 16, production: 32, large: 64 } as const;

/** Tiers of CPU hosts as the sources name them. */
export function cpuTier(cores: number, memoryGb: number): "below minimum" | "development" | "production" | "large" {
  if (cores < 8 || memoryGb < cpuMemoryFloors.development) return "below minimum";
  if (memoryGb < cpuMemoryFloors.production || cores < 16) return "development";
  return memoryGb >= cpuMemoryFloors.large && cores >= 32 ? "large" : "production";
}

/** Memory bandwidth that inference reaches per core, bytes/s, up to what the sockets give. Set on the sources' bands (7B Q4: 1 to 3 tokens/s on 8 cores, 5 to 10 on 32 and more). */
const bandwidthPerCore = 1.0e9;
const mostBandwidth = 40e9;
/** Operations per second and core that prompts reach. */
const operationsPerCore = 50e9;

export interface CpuSpeed {
  readonly tokensPerSecond: number;
  /** Prompt tokens per second. */
  readonly promptTokensPerSecond: number;
}

/** Speed of one request on a CPU: every token reads all weights it visits. An estimate from two rules of thumb, not a measurement. */
export function cpuSpeed(model: ModelRecord, format: WeightFormat, cores: number): CpuSpeed {
  const size = weightSize(model, format);
  const { experts } = model.architecture;
  const visited = experts === undefined ? 1 : experts.perToken / experts.experts;
  const read = size.denseBytes + size.expertBytes * visited;
  const bandwidth = Math.min(mostBandwidth, cores * bandwidthPerCore);
  return {
    tokensPerSecond: bandwidth / read,
    promptTokensPerSecond: (cores * operationsPerCore) / (2 * countParameters(model.architecture).active),
  };
}

export interface CpuNeed {
  readonly model: ModelRecord;
  readonly format: WeightFormat;
  readonly cores: number;
  readonly memoryGb: number;
  readonly requestsPerHour: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Time to the first token, s. Absent: none. */
  readonly ttftSeconds?: number;
  readonly production: boolean;
}

/** Requests per hour up to which a CPU needs no proof. */
export const freeRequestsPerHour = 10;
/** Models larger than this are never served by a CPU. */
const largestOnCpu = 40e9;

/** Whether a CPU host may serve this, with the arithmetic. */
export function judgeCpu(need: CpuNeed): { readonly ok: boolean; readonly reason: string } {
  const { model, format, cores, memoryGb } = need;
  const tier = cpuTier(cores, memoryGb);
  if (tier === "below minimum")
    return { ok: false, reason: `${cores} cores and ${memoryGb} GB are below the minimum of 8 cores and 16 GB` };
  if (need.production && memoryGb < cpuMemoryFloors.production)
    return {
      ok: false,
      reason: `${memoryGb} GB is for development; a production host has at least ${cpuMemoryFloors.production} GB`,
    };
  if (model.parameters > largestOnCpu)
    return {
      ok: false,
      reason: `${model.id} has ${(model.parameters / 1e9).toFixed(0)} billion parameters: never on a CPU`,
    };
  const gb = weightSize(model, format).bytes / 1e9;
  if (gb * 1.2 + 2 > memoryGb)
    return { ok: false, reason: `weights of ${gb.toFixed(1)} GB with cache and system do not fit ${memoryGb} GB` };
  const speed = cpuSpeed(model, format, cores);
  const first = need.promptTokens / speed.promptTokensPerSecond;
  const seconds = first + need.outputTokens / speed.tokensPerSecond;
  const arithmetic = `${need.promptTokens} prompt tokens at ${speed.promptTokensPerSecond.toFixed(0)}/s and ${need.outputTokens} more at ${speed.tokensPerSecond.toFixed(1)}/s take ${seconds.toFixed(0)} s`;
  if (need.requestsPerHour <= freeRequestsPerHour)
    return { ok: true, reason: `${need.requestsPerHour} requests an hour need no proof on a CPU; ${arithmetic}` };
  const busy = (need.requestsPerHour * seconds) / 3600;
  if (busy > 0.8)
    return {
      ok: false,
      reason: `${arithmetic}; ${need.requestsPerHour} an hour keep the host ${(busy * 100).toFixed(0)} % busy, 80 is the most`,
    };
  if (need.ttftSeconds !== undefined && first > need.ttftSeconds)
    return {
      ok: false,
      reason: `${arithmetic}; the first token takes ${first.toFixed(1)} s, the target is ${need.ttftSeconds} s`,
    };
  return {
    ok: true,
    reason: `${arithmetic}; ${need.requestsPerHour} an hour keep the host ${(busy * 100).toFixed(0)} % busy`,
  };
}
