import {
  capability,
  type GpuRecord,
  type ModelArchitecture,
  type ModelRecord,
  type WeightFormat,
} from "@holdfast/catalog";
import { cachedLayers, cacheReadBytes, type KvFormat } from "./kv-cache";
import { countParameters, type ParameterCount } from "./parameters";
import { hostOverhead, type HostOverhead } from "./host-overhead";
import { firstTokenConstants, timeConstants, type FirstTokenConstants, type TimeConstants } from "./time-constants";
import { weightSize, type WeightSize } from "./weights";

/** A model in a format on some GPUs: what the time of a step depends on, computed once. */
export interface Machine {
  readonly gpu: GpuRecord;
  readonly model: ModelRecord;
  readonly format: WeightFormat;
  readonly tensorParallel: number;
  /** Experts are divided over the GPUs whole instead of in slices. */
  readonly expertParallel: boolean;
  /** Attention is replicated over so many ranks of `tensorParallel` GPUs, each with its own requests; the experts are spread over all. */
  readonly dataParallel: number;
  readonly kvFormat: KvFormat;
  readonly parameters: ParameterCount;
  readonly weights: WeightSize;
  /** Operations per second of one GPU on the linear layers in this format. */
  readonly peak: number;
  /** The same in 16 bit, for attention. */
  readonly peak16: number;
  /** Activations are quantised on the fly (native FP8 or FP4 layers), which takes extra kernels. */
  readonly quantisedActivations: boolean;
  /** Four-bit experts that compute in 16 bit. */
  readonly weightOnlyExperts: boolean;
  readonly constants: TimeConstants;
  /** What the engine's version spends outside of the GPU. */
  readonly host: HostOverhead;
  /** Version of vLLM, where one is stated. */
  readonly engineVersion?: string;
}

export interface Placement {
  readonly tensorParallel: number;
  /** @default false */
  readonly expertParallel?: boolean;
  /** @default 1 */
  readonly dataParallel?: number;
  /** @default what the engine takes by itself, see engineKvFormat */
  readonly kvFormat?: KvFormat;
  /** Version of vLLM. @default one of 2026 */
  readonly engineVersion?: string;
}

export function machine(gpu: GpuRecord, model: ModelRecord, format: WeightFormat, placement: Placement): Machine {
  const mixture = model.architecture.experts !== undefined;
  return {
    gpu,
    model,
    format,
    tensorParallel: placement.tensorParallel,
    expertParallel: placement.expertParallel ?? false,
    dataParallel: placement.dataParallel ?? 1,
    kvFormat: placement.kvFormat ?? engineKvFormat(gpu, format),
    parameters: countParameters(model.architecture),
    weights: weightSize(model, format),
    peak: peakRate(gpu, format) * 1e12,
    peak16: sixteenBitRate(gpu) * 1e12,
    quantisedActivations: peakRate(gpu, format) > sixteenBitRate(gpu) && format !== "mxfp4",
    weightOnlyExperts: mixture && (format === "awq" || format === "gptq"),
    constants: mixture ? timeConstants.mixture : timeConstants.dense,
    host: hostOverhead(placement.engineVersion, gpu),
    ...(placement.engineVersion === undefined ? {} : { engineVersion: placement.engineVersion }),
  };
}

/**
 * The cache that vLLM takes when nothing is said (`--kv-cache-dtype auto`): 16 bit, but 8 bit for FP8 and FP4 checkpoints on data-centre
 * Blackwell, where these declare an FP8 cache and the default attention kernels read it. Measured B200 and B300 rows show it twice: time
 * per token grows with context by half of what a 16-bit cache takes to read, and twice as many requests run before others wait.
 */
export function engineKvFormat(gpu: GpuRecord, format: WeightFormat): KvFormat {
  const native = capability(gpu) >= 10 && capability(gpu) < 11;
  return native && ["fp8", "nvfp4", "mxfp4"].includes(format) ? "fp8" : "bf16";
}

function sixteenBitRate(gpu: GpuRecord): number {
  return gpu.rates.bf16 ?? gpu.rates.fp16 ?? 1;
}

/** Dense tera-operations per second that the linear layers run at: formats without a native rate compute in 16 bit. */
export function peakRate(gpu: GpuRecord, format: WeightFormat): number {
  const sixteen = sixteenBitRate(gpu);
  switch (format) {
    case "fp8":
      return capability(gpu) >= 8.9 ? (gpu.rates.fp8 ?? sixteen) : sixteen;
    case "int8":
      return gpu.rates.int8 ?? sixteen;
    case "nvfp4":
    case "mxfp4":
      return gpu.rates.fp4 ?? sixteen;
    default:
      return sixteen;
  }
}

/** Share of all experts that a step of `tokens` visits, if each token chooses independently. */
export function expertsVisited(m: Machine, tokens: number): number {
  const { experts } = m.model.architecture;
  return experts === undefined ? 0 : 1 - (1 - experts.perToken / experts.experts) ** tokens;
}

/**
 * Share of all experts that a measured step of `tokens` reads: tokens of one text choose alike, so fewer than independent ones would.
 */
function expertsRead(m: Machine, tokens: number): number {
  return expertsVisited(m, tokens > 1 ? tokens ** m.constants.routing : tokens);
}

/** GPUs that share the experts. */
function expertGpus(m: Machine): number {
  return m.tensorParallel * m.dataParallel;
}

/** Seconds that no engine can beat for one decode step of `batch` sequences: memory and compute at their peaks. */
export function decodeFloor(m: Machine, batch: number, context: number): number {
  const memory =
    m.weights.denseBytes / m.tensorParallel +
    (m.weights.expertBytes * expertsVisited(m, batch)) / expertGpus(m) +
    (batch / m.dataParallel) * cacheReadBytes(m.model.architecture, context, m.tensorParallel, m.kvFormat);
  const compute = (2 * m.parameters.active * batch) / expertGpus(m);
  return Math.max(memory / m.gpu.bandwidth, compute / m.peak);
}

/** Seconds to read a share of the experts. */
function expertRead(m: Machine, share: number): number {
  const { constants: c } = m;
  const rate = expertGpus(m) * m.gpu.bandwidth * c.bandwidthShare * (m.weightOnlyExperts ? c.weightOnlyExperts : 1);
  const spread = (1 + (m.expertParallel ? c.expertImbalance : 0)) * (1 + c.narrowExperts * Math.log2(expertGpus(m)));
  return ((m.weights.expertBytes * share) / rate) * spread;
}

/** Seconds that the kernels of all layers take to start and to hand over, whatever the batch. */
function layerTime(m: Machine): number {
  const { constants: c } = m;
  const { layers, experts, latent, queryKeyNorm } = m.model.architecture;
  const each =
    c.layer +
    (experts ? c.expertLayer : 0) +
    (queryKeyNorm ? c.queryKeyNorm : 0) +
    (latent ? c.latentLayer : 0) +
    (m.quantisedActivations ? c.quantiseActivations : 0);
  const host = m.host.step + m.host.gpu * (m.tensorParallel - 1);
  return layers * (each + (m.tensorParallel > 1 ? 2 * c.allReduce : 0)) + c.step + host;
}

/** Seconds of traffic between GPUs that one token adds. */
function trafficPerToken(m: Machine): number {
  const { tensorParallel: tp } = m;
  if (tp === 1) return 0;
  const { layers, hidden } = m.model.architecture;
  return (m.constants.allReduceTraffic * 2 * layers * hidden * 2 * 2 * ((tp - 1) / tp)) / m.gpu.linkBandwidth;
}

/**
 * Seconds of one decode step of `batch` sequences at `context` tokens. `promptShare` is the share of steps that also
 * carry a piece of a prompt, which visits every expert; 0 when nothing else runs.
 */
export function decodeStep(m: Machine, batch: number, context: number, promptShare = 0): number {
  const { constants: c } = m;
  const visited = expertsRead(m, batch);
  const onRank = batch / m.dataParallel;
  const memory =
    m.weights.denseBytes / (m.tensorParallel * m.gpu.bandwidth * c.bandwidthShare) +
    expertRead(m, visited + (1 - visited) * promptShare) +
    (onRank * cacheReadBytes(m.model.architecture, context, m.tensorParallel, m.kvFormat)) /
      (m.gpu.bandwidth * c.cacheShare);
  const compute = (2 * m.parameters.active * batch) / (expertGpus(m) * m.peak * c.decodeComputeShare);
  const sequences = onRank * (c.sequence * (m.model.architecture.layers / 60) + m.host.sequence);
  return Math.hypot(memory, compute) + layerTime(m) + onRank * trafficPerToken(m) + sequences;
}

/** Share of the peak that no measured engine passes on prompts. */
const highestPromptShare = 0.75;

/** Operations of attention over a prompt: each token looks back at all before it, or at those in the window. */
function attentionOperations(shape: ModelArchitecture, tokens: number): number {
  const { heads, headDim, valueDim = headDim, layers } = shape;
  const each = heads * (headDim + valueDim);
  // An encoder's tokens look both ways.
  if (shape.encoder) return 2 * layers * each * tokens * tokens;
  const { full, windowed } = cachedLayers(shape);
  const window = Math.min(tokens, shape.window?.tokens ?? tokens);
  return each * (full * tokens * tokens + windowed * (2 * tokens - window) * window);
}

/** Seconds of pure computing for a prompt of `tokens`, on all GPUs of the replica. */
export function promptCompute(m: Machine, tokens: number): number {
  const { constants: c, tensorParallel: tp } = m;
  const linear = 2 * m.parameters.active * tokens;
  const attention = (attentionOperations(m.model.architecture, tokens) * m.peak) / m.peak16;
  // Larger tensor cores are harder to keep busy: the share falls with a power of the peak. 2e15 is where it is stated; smaller ones
  // than any that were fitted reach no more than the best measured.
  const rate = m.peak * Math.min(highestPromptShare, c.promptShare * (m.peak / 2e15) ** (c.rateExponent - 1));
  return (linear + attention) / (tp * rate) + tokens * trafficPerToken(m);
}

/** Tokens of prompts that one step takes: longer prompts are cut into chunks. */
export const chunkTokens = 8192;

/** Seconds that a prompt adds to the running decode steps of `batch` sequences. */
export function promptInterference(m: Machine, tokens: number, batch: number): number {
  const unread = 1 - expertsRead(m, batch);
  const read = m.model.architecture.experts ? expertRead(m, unread) * Math.max(1, tokens / chunkTokens) : 0;
  return Math.max(promptCompute(m, tokens), read);
}

/** Seconds to compute a prompt of `tokens`, nothing else running. */
export function prefill(m: Machine, tokens: number): number {
  const chunks = Math.max(1, tokens / chunkTokens);
  const read =
    m.weights.denseBytes / (m.tensorParallel * m.gpu.bandwidth * m.constants.bandwidthShare) +
    expertRead(m, expertsRead(m, tokens)) * chunks;
  return Math.max(promptCompute(m, tokens), read) + layerTime(m);
}

/**
 * Seconds that GPUs of one replica wait for each other over a prompt, beyond its computing: starting the layers of an uncaptured step
 * in step, and what tensor parallelism does not divide. Measured first tokens show it, running requests do not.
 */
export function promptGathering(m: Machine, tokens: number, c: FirstTokenConstants = firstTokenConstants): number {
  const { tensorParallel: tp } = m;
  if (tp === 1) return 0;
  return m.model.architecture.layers * (c.gatherLayer + c.gatherToken * tokens * (1 - 1 / tp));
}

/** Seconds that no engine can beat for a prompt: its matrix work at the peak rate. */
export function promptFloor(m: Machine, tokens: number): number {
  return (2 * m.parameters.active * tokens) / (m.tensorParallel * m.peak);
}
