import { findGpu, findModel, weightFormats, type EngineRecord, type ModelRecord } from "@holdfast/catalog";
import { dividesHeads } from "./replica-plan";
import { closedLoop } from "./closed-loop";
import { engineMemory } from "./engine-memory";
import type { MemoryExtras } from "./engine-memory-extras";
import { engineEra } from "./host-overhead";
import { kvBytesPerElement, type KvFormat } from "./kv-cache";
import { machine } from "./step-time";
import { errorQuantiles } from "./time-constants";
import { formatFor } from "./weight-format";

const engineKinds: readonly EngineRecord["kind"][] = ["vllm", "tgi", "llamacpp", "ollama"];

/** One fixed configuration of an engine. Names as in the catalogue, on the Hugging Face hub or in the measured files. */
export interface Configuration {
  readonly model: string;
  readonly gpu: string;
  /** @default the format the publisher ships */
  readonly format?: string;
  /** Format of the KV cache: `bf16` or `auto`, `fp8`, ... @default "bf16" */
  readonly kvFormat?: string;
  /** `vllm`, `tgi`, `llamacpp` or `ollama`. Times were measured on vLLM: the others get the wide interval. @default "vllm" */
  readonly engine?: string;
  /** Version of the engine; for vLLM it decides the memory budget and host overhead. @default the newest in the catalogue */
  readonly engineVersion?: string;
  /** `--gpu-memory-utilization` of vLLM, `--cuda-memory-fraction` of TGI: above 0, at most 1. @default the engine's own */
  readonly memoryUtilisation?: number;
  /** `--max-num-batched-tokens` of vLLM. @default the engine's own for this GPU */
  readonly maxNumBatchedTokens?: number;
  /** `--max-num-seqs` of vLLM. @default the engine's own for this GPU */
  readonly maxNumSeqs?: number;
  /** LoRA adapters that the engine keeps room for. @default none */
  readonly adapters?: { readonly count: number; readonly rank: number };
  /** Draft model of speculative decoding; counts in memory only. @default none */
  readonly draft?: { readonly model: string; readonly format?: string };
  /** @default 1 */
  readonly tensorParallel?: number;
  /** Stages that hold consecutive layers. @default 1 */
  readonly pipelineParallel?: number;
  /** More than 1: experts are placed whole on GPUs; 0 is what some tools call 1. @default 1 */
  readonly expertParallel?: number;
  /** Ranks of `tensorParallel` GPUs that share the requests. @default 1 */
  readonly dataParallel?: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Clients that each send their next request when the last one ends, over all ranks. */
  readonly concurrency: number;
}

/** Mean times in a closed loop, with the interval that nine of ten measurements of unseen configurations fall into. */
export interface ConfigurationPrediction {
  readonly ttftMs: number;
  readonly tpotMs: number;
  /** Output tokens per second of the whole configuration; input tokens for an encoder. */
  readonly tokensPerSecond: number;
  /** Whether the engine starts with every layer on its GPUs and holds at least one request of these lengths. */
  readonly fits: boolean;
  /** Weights on one GPU. */
  readonly weightsGiB: number;
  /** KV cache left on one GPU; 0 when the weights do not fit. */
  readonly kvGiB: number;
  /** Requests of these lengths that the KV cache holds, over all ranks. */
  readonly cacheRequests: number;
  readonly interval: {
    readonly ttftMs: readonly [number, number];
    readonly tpotMs: readonly [number, number];
    /** From both times at their ends, so rather too wide. */
    readonly tokensPerSecond: readonly [number, number];
  };
}

export type ConfigurationOutcome =
  { readonly ok: true; readonly prediction: ConfigurationPrediction } | { readonly ok: false; readonly reason: string };

/** GPUs that the fit has seen: their intervals are the narrow ones. */
const measuredGpus = new Set(["h100-sxm", "h200-sxm", "b200-sxm", "b300-sxm"]);

/** Memory and mean times of one fixed configuration. Pure; a fraction of a millisecond. */
export function predictConfiguration(configuration: Configuration): ConfigurationOutcome {
  const model = findModel(configuration.model);
  if (model === undefined) return { ok: false, reason: `model "${configuration.model}" is not in the catalogue` };
  const gpu = findGpu(configuration.gpu);
  if (gpu === undefined) return { ok: false, reason: `GPU "${configuration.gpu}" is not in the catalogue` };
  const format = formatFor(model, configuration.format);
  if (format === undefined)
    return { ok: false, reason: `unknown format "${configuration.format ?? ""}"; known: ${weightFormats.join(", ")}` };
  const engine = engineKinds.find((kind) => kind === (configuration.engine ?? "vllm").toLowerCase());
  if (engine === undefined) {
    return {
      ok: false,
      reason: `unknown engine "${configuration.engine ?? ""}"; known: ${engineKinds.join(", ")}`,
    };
  }
  const kvFormat = kvFormatOf(configuration.kvFormat);
  if (kvFormat === undefined) {
    return {
      ok: false,
      reason: `unknown KV format "${configuration.kvFormat ?? ""}"; known: auto, ${Object.keys(kvBytesPerElement).join(", ")}`,
    };
  }
  const { tensorParallel = 1, pipelineParallel = 1, dataParallel = 1, expertParallel = 1 } = configuration;
  const { promptTokens, outputTokens, concurrency } = configuration;
  const counts = { tensorParallel, pipelineParallel, dataParallel, expertParallel };
  for (const [name, value] of Object.entries(counts)) {
    if (!Number.isInteger(value) || value < (name === "expertParallel" ? 0 : 1))
      return { ok: false, reason: `${name} must be a whole number of at least 1, got ${value}` };
  }
  for (const [name, value, least] of [
    ["promptTokens", promptTokens, 1],
    ["outputTokens", outputTokens, 0],
    ["concurrency", concurrency, 1],
  ] as const) {
    if (!(Number.isFinite(value) && value >= least))
      return { ok: false, reason: `${name} must be at least ${least}, got ${value}` };
  }
  const wholeLayers = engine === "llamacpp" || engine === "ollama";
  if (!wholeLayers && !dividesHeads(model, tensorParallel)) {
    return {
      ok: false,
      reason: `${model.id} has ${model.architecture.heads} heads and ${model.architecture.kvHeads} KV heads: tensorParallel ${tensorParallel} does not divide them`,
    };
  }

  const output = model.task === "generate" ? outputTokens : 0;
  const lengths = { prompt: promptTokens, output };
  const m = machine(gpu, model, format, {
    tensorParallel,
    dataParallel,
    expertParallel: expertParallel > 1,
    kvFormat,
    ...(configuration.engineVersion === undefined ? {} : { engineVersion: configuration.engineVersion }),
  });
  const extras = extrasOf(configuration, model);
  if (!extras.ok) return extras;
  const { memoryUtilisation, maxNumBatchedTokens, maxNumSeqs, engineVersion } = configuration;
  const sized = engineMemory({
    engine,
    gpu,
    model,
    format,
    kvFormat,
    tensorParallel,
    pipelineParallel,
    dataParallel,
    expertParallel: expertParallel > 1,
    tokens: promptTokens + output,
    promptTokens,
    ...(engineVersion === undefined ? {} : { version: engineVersion }),
    ...(memoryUtilisation === undefined ? {} : { memoryUtilisation }),
    ...(maxNumBatchedTokens === undefined ? {} : { maxNumBatchedTokens }),
    ...(maxNumSeqs === undefined ? {} : { maxNumSeqs }),
    ...extras.extras,
  });
  if (!sized.ok) return sized;
  const { memory } = sized;
  const { fits, requests: held } = memory;

  // A pipeline works on as many groups of requests as it has stages; each passes all stages.
  const { ttft, tpot } = closedLoop(m, lengths, Math.max(1, concurrency / pipelineParallel));
  const ttftMs = ttft * 1000;
  const tpotMs = tpot * 1000;
  const tokens = output === 0 ? promptTokens : output;
  const rate = (firstMs: number, eachMs: number) => round((1000 * concurrency * tokens) / (firstMs + output * eachMs));
  const known = engine === "vllm" && measuredGpus.has(gpu.id) && engineEra(configuration.engineVersion) === "current";
  const quantiles = errorQuantiles[known ? (model.architecture.experts ? "mixture" : "dense") : "unmeasured"];
  const around = (value: number, [low, high]: readonly [number, number]): [number, number] => [
    round(value * low),
    round(value * high),
  ];
  const [firstMs, eachMs] = [around(ttftMs, quantiles.ttft), around(tpotMs, quantiles.tpot)];
  const interval = {
    ttftMs: firstMs,
    tpotMs: eachMs,
    tokensPerSecond: [rate(firstMs[1], eachMs[1]), rate(firstMs[0], eachMs[0])],
  } as const;
  return {
    ok: true,
    prediction: {
      ttftMs: round(ttftMs),
      tpotMs: round(tpotMs),
      tokensPerSecond: rate(ttftMs, tpotMs),
      fits,
      weightsGiB: round(memory.weights),
      kvGiB: round(Math.max(0, memory.kvCache)),
      cacheRequests: Number.isFinite(held) ? Math.max(0, held) : concurrency,
      interval,
    },
  };
}

/** Adapters and the draft model, with the draft's names resolved. */
function extrasOf(
  { adapters, draft }: Configuration,
  target: ModelRecord,
): { readonly ok: true; readonly extras: MemoryExtras } | { readonly ok: false; readonly reason: string } {
  if (
    adapters !== undefined &&
    !(adapters.count >= 1 && adapters.rank >= 1 && Number.isFinite(adapters.count * adapters.rank))
  )
    return {
      ok: false,
      reason: `adapters need a count and a rank of at least 1, got ${adapters.count} and ${adapters.rank}`,
    };
  const room = adapters === undefined ? {} : { adapters };
  if (draft === undefined) return { ok: true, extras: room };
  const model = findModel(draft.model);
  if (model === undefined) return { ok: false, reason: `draft model "${draft.model}" is not in the catalogue` };
  if (model.architecture.vocabulary !== target.architecture.vocabulary) {
    return {
      ok: false,
      reason: `draft model ${model.id} has ${model.architecture.vocabulary} words, ${target.id} has ${target.architecture.vocabulary}: a draft needs the target's vocabulary`,
    };
  }
  const format = formatFor(model, draft.format);
  if (format === undefined) return { ok: false, reason: `unknown format "${draft.format ?? ""}" of the draft model` };
  return { ok: true, extras: { ...room, draft: { model, format } } };
}

function kvFormatOf(name: string | undefined): KvFormat | undefined {
  const lower = (name ?? "").toLowerCase();
  if (["", "auto", "bf16", "bfloat16", "fp16", "float16", "f16"].includes(lower)) return "bf16";
  if (lower.startsWith("fp8")) return "fp8";
  return (Object.keys(kvBytesPerElement) as KvFormat[]).find((format) => format === lower);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
