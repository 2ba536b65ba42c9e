import type { ModelRecord, WeightFormat } from "@holdfast/catalog";
import { sequenceBytes } from "../kv-cache";
import { weightSize } from "../weights";

/** What one replica needs on its GPUs, decimal bytes, before any engine is asked. */
export interface MemoryNeed {
  readonly weights: number;
  /** Cache of one request at the stated context. */
  readonly cache: number;
  /** A tenth of the memory: graphs, activations, what CUDA keeps. The planner computes it exactly. */
  readonly engine: number;
  readonly total: number;
  readonly fits: boolean;
  /** The sum as a sentence. */
  readonly sentence: string;
}

/** Weights, the cache of one request and a tenth for the engine against the memory on the label (decimal GB). */
export function memoryNeed(
  model: ModelRecord,
  format: WeightFormat,
  memoryGb: number,
  contextTokens: number,
): MemoryNeed {
  const weights = weightSize(model, format).bytes;
  const cache = model.architecture.encoder ? 0 : sequenceBytes(model.architecture, contextTokens, 1, "bf16");
  const engine = 0.1 * memoryGb * 1e9;
  const total = weights + cache + engine;
  const fits = total <= memoryGb * 1e9;
  const gb = (bytes: number) => (bytes / 1e9).toFixed(1);
  const sentence = `${model.id} in ${format}: weights ${gb(weights)} GB + cache of ${contextTokens} tokens ${gb(cache)} GB + a tenth for the engine ${gb(engine)} GB = ${gb(total)} GB, ${fits ? "fits" : "does not fit"} ${memoryGb} GB`;
  return { weights, cache, engine, total, fits, sentence };
}
