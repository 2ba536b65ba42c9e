import { capability, type GpuRecord, type ModelRecord, type WeightFormat } from "@holdfast/catalog";
import { cacheReadBytes, type KvFormat } from "./kv-cache";
import { countParameters, type ParameterCount } from "./parameters";
import { timeConstants, type TimeConstants } from "./time-constants";
import { weightSize, type WeightSize } from "./weights";

/** A model in a format on some GPUs: what the time of a step depends on, computed once. */
export interface Machine {
  readonly gpu: GpuRecord;
  readonly model: ModelRecord;
  readonly format: WeightFormat;
  readonly tensorParallel: number;
  readonly kvFormat: KvFormat;
  readonly parameters: ParameterCount;
  readonly weights: WeightSize;
  /** Operations per second of one GPU on the linear layers in this format. */
  readonly peak: number;
  /** The same in 16 bit, for attention. */
  readonly peak16: number;
  readonly constants: TimeConstants;
}

export function machine(
  gpu: GpuRecord,
  model: ModelRecord,
  format: WeightFormat,
  tensorParallel: number,
  kvFormat: KvFormat,
): Machine {
  return {
    gpu,
    model,
    format,
    tensorParallel,
    kvFormat,
    parameters: countParameters(model.architecture),
    weights: weightSize(model, format),
    peak: peakRate(gpu, format) * 1e12,
    peak16: (gpu.rates.bf16 ?? gpu.rates.fp16 ?? 1) * 1e12,
    constants: model.architecture.experts ? timeConstants.mixture : timeConstants.dense,
  };
}

/** Dense tera-operations per second that the linear layers run at: weight-only formats compute in 16 bit. */
export function peakRate(gpu: GpuRecord, format: WeightFormat): number {
  const sixteen = gpu.rates.bf16 ?? gpu.rates.fp16 ?? 1;
  const eight = capability(gpu) >= 8.9 ? (gpu.rates.fp8 ?? sixteen) : sixteen;
  switch (format) {
    case "fp8":
      return eight;
    case "int8":
      return gpu.rates.int8 ?? sixteen;
    case "nvfp4":
    case "mxfp4":
      return gpu.rates.fp4 ?? eight;
    default:
      return sixteen;
  }
}

/** Bytes of weights that a step of `batch` tokens reads, over all GPUs: in a mixture, the experts that any of them visits. */
export function weightsTouched(m: Machine, batch: number): number {
  const { experts } = m.model.architecture;
  if (experts === undefined) return m.weights.denseBytes;
  const visited = 1 - (1 - experts.perToken / experts.experts) ** batch;
  return m.weights.denseBytes + m.weights.expertBytes * visited;
}

/** Seconds that no engine can beat for one decode step of `batch` sequences at `context` tokens: memory and compute at their peaks. */
export function decodeFloor(m: Machine, batch: number, context: number): number {
  const memory =
    weightsTouched(m, batch) / m.tensorParallel +
    batch * cacheReadBytes(m.model.architecture, context, m.tensorParallel, m.kvFormat);
  const compute = (2 * m.parameters.active * batch) / m.tensorParallel;
  return Math.max(memory / m.gpu.bandwidth, compute / m.peak);
}

/** Seconds of one decode step of `batch` sequences at `context` tokens, nothing else running. */
export function decodeStep(m: Machine, batch: number, context: number): number {
  const { constants: c, tensorParallel: tp } = m;
  const { layers } = m.model.architecture;
  const memory = weightsTouched(m, batch) / tp + batch * cacheReadBytes(m.model.architecture, context, tp, m.kvFormat);
  const compute = (2 * m.parameters.active * batch) / tp;
  const roof = Math.max(memory / (m.gpu.bandwidth * c.bandwidthShare), compute / (m.peak * c.decodeComputeShare));
  const reduce = tp > 1 ? 2 * layers * c.allReduceLatency + batch * allReducePerToken(m) : 0;
  return roof + layers * c.layerLatency + reduce + c.stepLatency;
}

/** Seconds of all-reduce traffic that one token adds. */
export function allReducePerToken(m: Machine): number {
  const { tensorParallel: tp } = m;
  if (tp === 1) return 0;
  const { layers, hidden } = m.model.architecture;
  return (2 * layers * hidden * 2 * 2 * ((tp - 1) / tp)) / m.gpu.linkBandwidth;
}

/** Seconds to compute a prompt of `tokens`, alone. */
export function prefill(m: Machine, tokens: number): number {
  const { tensorParallel: tp, constants: c } = m;
  const { layers, heads, headDim } = m.model.architecture;
  const linear = (2 * m.parameters.active * tokens) / tp / m.peak;
  const attention = (2 * layers * heads * headDim * tokens * tokens) / tp / m.peak16;
  return (
    Math.max((linear + attention) / c.prefillShare, weightsTouched(m, tokens) / tp / m.gpu.bandwidth) +
    tokens * allReducePerToken(m) +
    c.stepLatency
  );
}
