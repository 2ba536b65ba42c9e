import {
  findEngine,
  findGpu,
  findModel,
  usableGiB,
  weightFormats,
  type EngineRecord,
  type GpuRecord,
} from "@holdfast/catalog";
import { dividesHeads } from "./candidate";
import { closedLoop } from "./closed-loop";
import { memoryBudget } from "./engine-budget";
import { engineEra } from "./host-overhead";
import { kvBytesPerElement, sequenceBytes, type KvFormat } from "./kv-cache";
import { machine } from "./step-time";
import { errorQuantiles } from "./time-constants";
import { formatFor } from "./weight-format";

const GiB = 2 ** 30;
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
  /** Version of the engine; for vLLM it decides utilisation and host overhead. @default the newest in the catalogue */
  readonly engineVersion?: string;
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
  /** Whether the engine starts and holds at least one request of these lengths. */
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
  if (!dividesHeads(model, tensorParallel)) {
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
  const memory = memoryOf(gpu, m, configuration, pipelineParallel);
  const each =
    sequenceBytes(model.architecture, promptTokens + output, tensorParallel, kvFormat) / pipelineParallel / GiB;
  const held = each === 0 ? Number.POSITIVE_INFINITY : Math.floor(memory.kvCache / each) * dataParallel;
  const fits = memory.kvCache > 0 && held >= 1;

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

function memoryOf(gpu: GpuRecord, m: ReturnType<typeof machine>, configuration: Configuration, stages: number) {
  const { tensorParallel, dataParallel } = m;
  const shape = m.model.architecture;
  const engine = findEngine("vllm", configuration.engineVersion ?? "9999");
  const expertBytes = m.weights.expertBytes / dataParallel;
  const bytes = (m.weights.bytes - m.weights.expertBytes + expertBytes) / stages;
  const large = usableGiB(gpu) >= 70 && gpu.gpuClass !== "a100";
  const load = {
    tensorParallel,
    maxNumBatchedTokens: Math.max(large ? 8192 : 2048, shape.encoder ? configuration.promptTokens : 0),
    maxNumSeqs: Math.min(256, Math.max(1, Math.ceil(configuration.concurrency / dataParallel))),
  };
  return memoryBudget(gpu, shape, bytes, engine?.memoryUtilisation ?? 0.9, load);
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
