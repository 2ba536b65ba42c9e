import { findGpu, findModel, weightFormats, type EngineRecord } from "@holdfast/catalog";
import { dividesHeads } from "./replica-plan";
import { errorInterval } from "./error-interval";
import { engineMemory } from "./engine-memory";
import { resolveExtras, type NamedExtras } from "./engine-memory-extras";
import { kvBytesPerElement, type KvFormat } from "./kv-cache";
import { protocols, protocolTimes, type Protocol, type ProtocolTimes } from "./protocol-times";
import { runningLimit } from "./running-limit";
import type { ErrorQuantiles } from "./time-constants";
import { engineKvFormat, machine } from "./step-time";
import { formatForEngine } from "./weight-format";

const engineKinds: readonly EngineRecord["kind"][] = ["vllm", "tgi", "llamacpp", "ollama"];

/** One fixed configuration of an engine. Names as in the catalogue, on the Hugging Face hub or in the measured files. */
export interface Configuration extends NamedExtras {
  readonly model: string;
  readonly gpu: string;
  /** @default the format the publisher ships; Q4_K_M for llama.cpp and Ollama, which pull that by themselves */
  readonly format?: string;
  /** Format of the KV cache: `auto`, `bf16`, `fp8`, ... @default "auto": what the engine takes by itself, see engineKvFormat */
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
  /** Requests over all ranks; what they do is up to the protocol. May be left out where arrivals have a rate. */
  readonly concurrency?: number;
  /**
   * `closed_loop`, `burst`, `offline_batch`, `open_loop_poisson` or `decode_window`: what `concurrency` counts and what the times are of
   * (see `protocols`). @default "closed_loop"
   */
  readonly protocol?: string;
  /** Requests per second over all ranks, for `open_loop_poisson`. */
  readonly requestRate?: number;
}

/** Mean times under a protocol, with the interval that nine of ten measurements of unseen configurations fall into. */
export interface ConfigurationPrediction {
  readonly protocol: Protocol;
  /** Absent for a decode window, and where more arrives than is served. */
  readonly ttftMs?: number;
  readonly tpotMs: number;
  /** Of a request, of the whole batch for `offline_batch`; absent where there is no time to the first token. */
  readonly endToEndMs?: number;
  /** Requests in the engine at once, over all ranks; the others wait. */
  readonly running: number;
  /** More requests arrive than are served: the queue grows as long as they do. */
  readonly overloaded: boolean;
  readonly kvFormat: KvFormat;
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
    readonly ttftMs?: readonly [number, number];
    readonly tpotMs: readonly [number, number];
    readonly endToEndMs?: readonly [number, number];
    readonly tokensPerSecond: readonly [number, number];
  };
}

export type ConfigurationOutcome =
  { readonly ok: true; readonly prediction: ConfigurationPrediction } | { readonly ok: false; readonly reason: string };

/** Memory and mean times of one fixed configuration. Pure; a fraction of a millisecond. */
export function predictConfiguration(configuration: Configuration): ConfigurationOutcome {
  const model = findModel(configuration.model);
  if (model === undefined) return { ok: false, reason: `model "${configuration.model}" is not in the catalogue` };
  const gpu = findGpu(configuration.gpu);
  if (gpu === undefined) return { ok: false, reason: `GPU "${configuration.gpu}" is not in the catalogue` };
  const engine = engineKinds.find((kind) => kind === (configuration.engine ?? "vllm").toLowerCase());
  if (engine === undefined) {
    return {
      ok: false,
      reason: `unknown engine "${configuration.engine ?? ""}"; known: ${engineKinds.join(", ")}`,
    };
  }
  const format = formatForEngine(model, configuration.format, engine);
  if (format === undefined)
    return { ok: false, reason: `unknown format "${configuration.format ?? ""}"; known: ${weightFormats.join(", ")}` };
  const kvFormat = kvFormatOf(configuration.kvFormat, engine === "vllm" ? engineKvFormat(gpu, format) : "bf16");
  if (kvFormat === undefined) {
    return {
      ok: false,
      reason: `unknown KV format "${configuration.kvFormat ?? ""}"; known: auto, ${Object.keys(kvBytesPerElement).join(", ")}`,
    };
  }
  const { tensorParallel = 1, pipelineParallel = 1, dataParallel = 1, expertParallel = 1 } = configuration;
  const { promptTokens, outputTokens, requestRate } = configuration;
  const protocol = protocols.find((one) => one === (configuration.protocol ?? "closed_loop").toLowerCase());
  if (protocol === undefined)
    return { ok: false, reason: `unknown protocol "${configuration.protocol ?? ""}"; known: ${protocols.join(", ")}` };
  if (requestRate !== undefined && protocol !== "open_loop_poisson")
    return { ok: false, reason: `requestRate belongs to open_loop_poisson, the protocol is ${protocol}` };
  if (requestRate !== undefined && !(Number.isFinite(requestRate) && requestRate > 0))
    return { ok: false, reason: `requestRate must be above 0, got ${requestRate}` };
  const { concurrency } = configuration;
  if (concurrency === undefined && requestRate === undefined)
    return { ok: false, reason: "concurrency is missing; only arrivals with a requestRate can do without" };
  const counts = { tensorParallel, pipelineParallel, dataParallel, expertParallel };
  for (const [name, value] of Object.entries(counts)) {
    if (!Number.isInteger(value) || value < (name === "expertParallel" ? 0 : 1))
      return { ok: false, reason: `${name} must be a whole number of at least 1, got ${value}` };
  }
  for (const [name, value, least] of [
    ["promptTokens", promptTokens, 1],
    ["outputTokens", outputTokens, 0],
    ["concurrency", concurrency ?? 1, 1],
    ["maxNumBatchedTokens", configuration.maxNumBatchedTokens ?? 1, 1],
    ["maxNumSeqs", configuration.maxNumSeqs ?? 1, 1],
  ] as const) {
    if (!(Number.isFinite(value) && value >= least))
      return { ok: false, reason: `${name} must be at least ${least}, got ${value}` };
  }
  const utilisation = configuration.memoryUtilisation ?? 1;
  if (!(utilisation > 0 && utilisation <= 1))
    return { ok: false, reason: `memoryUtilisation must be above 0 and at most 1, got ${utilisation}` };
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
  const extras = resolveExtras(configuration, model);
  if (typeof extras === "string") return { ok: false, reason: extras };
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
    ...extras,
  });
  if (!sized.ok) return sized;
  const { memory } = sized;
  const { fits, requests: held } = memory;

  const limit =
    engine === "vllm"
      ? runningLimit(m, lengths, {
          kvCacheGiB: memory.kvCache,
          pipelineParallel,
          ...(maxNumSeqs === undefined ? {} : { maxNumSeqs }),
          ...(maxNumBatchedTokens === undefined ? {} : { maxNumBatchedTokens }),
        })
      : Math.max(1, held);
  // A pipeline works on as many groups of requests as it has stages; each passes all stages.
  const share = (value: number) => Math.max(1, value / pipelineParallel);
  const times = protocolTimes(m, lengths, {
    protocol,
    limit: share(limit),
    ...(concurrency === undefined ? {} : { concurrency: share(concurrency) }),
    ...(requestRate === undefined ? {} : { requestRate: requestRate / pipelineParallel }),
  });
  const groups = concurrency === undefined ? pipelineParallel : Math.min(pipelineParallel, concurrency);
  return {
    ok: true,
    prediction: {
      protocol,
      ...stated(
        times,
        groups,
        errorInterval({ gpu, model, engine, protocol, ...(engineVersion ? { engineVersion } : {}) }),
      ),
      kvFormat,
      fits,
      weightsGiB: round(memory.weights),
      kvGiB: round(Math.max(0, memory.kvCache)),
      cacheRequests: Number.isFinite(held) ? Math.max(0, held) : Math.ceil(concurrency ?? times.running),
    },
  };
}

/** Times in milliseconds with their bounds; throughput of all groups of a pipeline, bounded by the end-to-end time turned over. */
function stated(times: ProtocolTimes, groups: number, errors: ErrorQuantiles) {
  const milliseconds = (seconds: number) => round(seconds * 1000);
  const around = (seconds: number, [low, high]: readonly [number, number]): [number, number] => [
    milliseconds(seconds * low),
    milliseconds(seconds * high),
  ];
  const { ttft, tpot, endToEnd } = times;
  const rate = times.tokensPerSecond * groups;
  const [shortest, longest] = errors.endToEnd;
  const tokensPerSecond: [number, number] = [round(rate / longest), round(rate / shortest)];
  return {
    tpotMs: milliseconds(tpot),
    ...(ttft === undefined ? {} : { ttftMs: milliseconds(ttft) }),
    ...(endToEnd === undefined ? {} : { endToEndMs: milliseconds(endToEnd) }),
    tokensPerSecond: round(rate),
    running: round(times.running * groups),
    overloaded: times.overloaded,
    interval: {
      tpotMs: around(tpot, errors.tpot),
      ...(ttft === undefined ? {} : { ttftMs: around(ttft, errors.ttft) }),
      ...(endToEnd === undefined ? {} : { endToEndMs: around(endToEnd, errors.endToEnd) }),
      tokensPerSecond,
    },
  };
}

function kvFormatOf(name: string | undefined, own: KvFormat): KvFormat | undefined {
  const lower = (name ?? "").toLowerCase();
  if (lower === "" || lower === "auto") return own;
  if (["bf16", "bfloat16", "fp16", "float16", "f16"].includes(lower)) return "bf16";
  if (lower.startsWith("fp8")) return "fp8";
  return (Object.keys(kvBytesPerElement) as KvFormat[]).find((format) => format === lower);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
