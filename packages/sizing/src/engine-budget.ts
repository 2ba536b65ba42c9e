import type { GpuRecord, ModelArchitecture } from "@holdfast/catalog";
import { usableGiB } from "@holdfast/catalog";

const GiB = 2 ** 30;
const MiB = 2 ** 20;

/** What an engine needs on one GPU besides weights and KV cache, GiB. */
export interface Overhead {
  /** Peak of intermediate results while `maxNumBatchedTokens` are computed. */
  readonly activation: number;
  /** Logits and sorted probabilities of `maxNumSeqs` sequences. */
  readonly sampler: number;
  /** Buffers for routing tokens to experts. */
  readonly experts: number;
  /** Communication between GPUs. */
  readonly communication: number;
  /** CUDA context and graphs. */
  readonly runtime: number;
  readonly total: number;
}

export interface EngineLoad {
  readonly tensorParallel: number;
  readonly maxNumBatchedTokens: number;
  readonly maxNumSeqs: number;
}

/**
 * Overhead of vLLM on one GPU. Activation follows the constants that AIConfigurator publishes (2 x tokens x width x c); the
 * sampler sorts 32-bit logits with 64-bit indices; the rest is set on the logs quoted in the tests: 0.34 + 1.20 GiB on a dense
 * 8B, 8.1 GiB on a 235B mixture of experts.
 */
export function engineOverhead(shape: ModelArchitecture, load: EngineLoad): Overhead {
  const { tensorParallel: tp, maxNumBatchedTokens: tokens } = load;
  const mixture = shape.experts !== undefined;
  const latent = shape.latent !== undefined;
  const width = shape.heads * shape.headDim;
  const factors = latent ? [22, 13, 10] : mixture ? [22, 13, 10] : [11, 6.5, 5];
  const factor = tp >= 4 ? (factors[2] ?? 0) : tp >= 2 ? (factors[1] ?? 0) : (factors[0] ?? 0);
  const activation = Math.max(70 * MiB, 2 * tokens * width * factor) / GiB;
  const sampler = shape.encoder ? 0 : (load.maxNumSeqs * shape.vocabulary * 16) / GiB;
  const experts = expertWorkspace(shape, tokens, tp);
  const communication = tp === 1 ? 0 : (tp === 2 ? 342 : 392) / 1024;
  const runtime = shape.encoder ? 0.5 : mixture ? 2.5 : 0.34 + 0.5;
  return {
    activation,
    sampler,
    experts,
    communication,
    runtime,
    total: activation + sampler + experts + communication + runtime,
  };
}

function expertWorkspace(shape: ModelArchitecture, tokens: number, tp: number): number {
  const { experts, hidden } = shape;
  if (experts === undefined) return 0;
  const rows = tokens * experts.perToken;
  const between = (2 * experts.width) / tp;
  return (rows * (Math.max(between, hidden) + hidden + between / 2) * 2) / GiB;
}

export interface MemoryBudget {
  /** What the engine may take of one GPU, GiB. */
  readonly available: number;
  readonly weights: number;
  readonly overhead: Overhead;
  /** What is left for the KV cache, GiB; negative when the weights do not even fit. */
  readonly kvCache: number;
}

/** The engine's memory on one GPU: reported memory x utilisation - weights - overhead. */
export function memoryBudget(
  gpu: GpuRecord,
  shape: ModelArchitecture,
  weightBytes: number,
  utilisation: number,
  load: EngineLoad,
): MemoryBudget {
  const available = usableGiB(gpu) * utilisation;
  const weights = weightBytes / load.tensorParallel / GiB;
  const overhead = engineOverhead(shape, load);
  return { available, weights, overhead, kvCache: available - weights - overhead.total };
}
