import { engineMemory } from "./engine-memory";
import { sequenceBytes } from "./kv-cache";
import type { RequestLengths } from "./closed-loop";
import type { Machine } from "./step-time";
import { vllmDefaults } from "./vllm-rules";

const GiB = 2 ** 30;

/**
 * Requests that vLLM runs at once, over all ranks, before others wait: the cache in its own budget over what a request holds on average.
 * The engine gives out pages as requests grow, so the mean counts here; a plan that must never turn a request back counts their whole length
 * (`engineMemory`). At least 1, even where nothing fits.
 */
export function runningLimit(
  m: Machine,
  lengths: RequestLengths,
  kvCacheGiB = cacheGiB(m, lengths),
  maxNumSeqs = vllmDefaults(m.gpu, m.engineVersion, lengths.prompt + lengths.output).maxNumSeqs,
  pipelineParallel = 1,
): number {
  const shape = m.model.architecture;
  const each = sequenceBytes(shape, lengths.prompt + lengths.output / 2, m.tensorParallel, m.kvFormat) / GiB;
  const held = each === 0 ? Number.POSITIVE_INFINITY : (kvCacheGiB * pipelineParallel) / each;
  return m.dataParallel * Math.max(1, Math.min(held, maxNumSeqs));
}

function cacheGiB(m: Machine, lengths: RequestLengths): number {
  const { gpu, model, format, kvFormat, tensorParallel, dataParallel, expertParallel, engineVersion } = m;
  const sized = engineMemory({
    engine: "vllm",
    gpu,
    model,
    format,
    kvFormat,
    tensorParallel,
    pipelineParallel: 1,
    dataParallel,
    expertParallel,
    tokens: Math.max(1, lengths.prompt + lengths.output),
    promptTokens: Math.max(1, lengths.prompt),
    ...(engineVersion === undefined ? {} : { version: engineVersion }),
  });
  return sized.ok ? sized.memory.kvCache : 0;
}
