import type { ModelArchitecture, ModelRecord, WeightFormat } from "@holdfast/catalog";
import { loraBytes } from "./advice/extras";
import { sequenceBytes, type KvFormat } from "./kv-cache";
import { weightSize } from "./weights";

const GiB = 2 ** 30;

/** What an engine holds beside the model and its cache. */
export interface MemoryExtras {
  /** Room for LoRA adapters: vLLM reserves `count` of the largest `rank` whether they are loaded or not (`--max-loras`, `--max-lora-rank`). */
  readonly adapters?: { readonly count: number; readonly rank: number };
  /** Draft model of speculative decoding: its weights, and a cache as long as the target's for every request. */
  readonly draft?: { readonly model: ModelRecord; readonly format: WeightFormat };
}

/** GiB of extras on one GPU that are there from the start: adapters and the weights of a draft. */
export function extrasGiB(shape: ModelArchitecture, extras: MemoryExtras, tensorParallel: number): number {
  const { adapters, draft } = extras;
  const lora = adapters === undefined ? 0 : loraBytes(shape, adapters.count, adapters.rank, tensorParallel);
  const weights = draft === undefined ? 0 : weightSize(draft.model, draft.format).bytes / tensorParallel;
  return (lora + weights) / GiB;
}

/** Bytes of cache on one GPU that a draft adds to one request of `tokens`. */
export function draftCacheBytes(
  extras: MemoryExtras,
  tokens: number,
  tensorParallel: number,
  format: KvFormat,
): number {
  if (extras.draft === undefined) return 0;
  return sequenceBytes(extras.draft.model.architecture, tokens, tensorParallel, format);
}
