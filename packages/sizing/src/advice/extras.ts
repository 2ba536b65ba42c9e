import type { ModelArchitecture, ModelRecord, WeightFormat } from "@holdfast/catalog";
import { sequenceBytes, type KvFormat } from "../kv-cache";
import { weightSize } from "../weights";

/** Parameters of one LoRA adapter of a rank on all linear layers of attention and, with `mlp`, of the plain MLP. */
export function loraParameters(shape: ModelArchitecture, rank: number, mlp: boolean): number {
  const { hidden, heads, kvHeads, headDim, intermediate, layers } = shape;
  const pairs = [
    hidden + heads * headDim,
    hidden + kvHeads * headDim,
    hidden + kvHeads * (shape.valueDim ?? headDim),
    heads * (shape.valueDim ?? headDim) + hidden,
    ...(mlp && intermediate > 0 ? Array<number>(shape.gated ? 3 : 2).fill(hidden + intermediate) : []),
  ];
  return layers * rank * pairs.reduce((sum, one) => sum + one, 0);
}

/**
 * Bytes that vLLM reserves on one GPU for adapters: room for `maxLoras` of `maxRank` on every linear layer, in 16 bit, whatever
 * their own rank. Half of each adapter is divided over the GPUs, the other half is kept whole on each.
 */
export function loraBytes(shape: ModelArchitecture, maxLoras: number, maxRank: number, tensorParallel: number): number {
  const whole = loraParameters(shape, maxRank, true) * 2 * maxLoras;
  return whole / 2 + whole / 2 / tensorParallel;
}

/** What a draft model for speculative decoding takes on one GPU, bytes: its weights and a cache as long as the target's. */
export function draftBytes(
  draft: ModelRecord,
  format: WeightFormat,
  sequences: number,
  tokens: number,
  tensorParallel: number,
  kvFormat: KvFormat,
): { readonly weights: number; readonly kvCache: number } {
  return {
    weights: weightSize(draft, format).bytes / tensorParallel,
    kvCache: sequences * sequenceBytes(draft.architecture, tokens, tensorParallel, kvFormat),
  };
}

/** Tokens that one step of speculative decoding gives on average when each of `drafted` is accepted with probability `accepted`. */
export function tokensPerStep(drafted: number, accepted: number): number {
  return accepted >= 1 ? drafted + 1 : (1 - accepted ** (drafted + 1)) / (1 - accepted);
}
