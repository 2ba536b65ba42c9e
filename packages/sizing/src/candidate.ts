import {
  capability,
  findGpu,
  hoursPerMonth,
  instancePrice,
  usableGiB,
  type EngineRecord,
  type InstanceRecord,
  type ModelRecord,
  type Price,
  type WeightFormat,
} from "@holdfast/catalog";
import { memoryBudget, type MemoryBudget } from "./engine-budget";
import type { EngineSettings, FleetWorkload } from "./fleet";
import { sequenceBytes } from "./kv-cache";
import { meanTimes, type RequestLengths } from "./closed-loop";
import { highestRate, throughput, timesUnderLoad, type LoadTimes } from "./operating-point";
import { ownPrice, type OwnServer } from "./own-server";
import { machine, type Machine } from "./step-time";

const GiB = 2 ** 30;

/** Share of what a replica could pass through that is planned with; the rest is for bursts beyond the 95th percentile. */
export const plannedShare = 0.8;
/** More running sequences than this are never planned for one replica. */
const mostSequences = 256;

/** A production host has at least 32 GB of memory (requirement GPU-R12). */
const productionMemoryMiB = 31 * 1024;

export interface Requirement {
  readonly model: ModelRecord;
  readonly format: WeightFormat;
  readonly workload: FleetWorkload;
  readonly batch: boolean;
  readonly minimumReplicas: number;
  readonly maxModelLen: number;
  readonly region: string;
  readonly engine: EngineRecord;
  /** Own servers to choose from instead of the region's instance types. */
  readonly servers?: readonly OwnServer[];
}

/** A configuration that fits into memory, with what it can carry. */
export interface Candidate {
  readonly instance: InstanceRecord;
  readonly price: Price;
  readonly machine: Machine;
  readonly tensorParallel: number;
  readonly budget: MemoryBudget;
  readonly settings: EngineSettings;
  /** Sequences of the stated lengths that the KV cache holds. */
  readonly cacheSequences: number;
  readonly replicasPerInstance: number;
  readonly instances: number;
  readonly replicas: number;
  /** Replicas that carry the load. */
  readonly needed: number;
  /** Requests per second that one replica sustains within the targets. */
  readonly replicaRate: number;
  readonly times: LoadTimes;
  readonly monthlyUsd: number;
}

export type Evaluation =
  | { readonly ok: true; readonly candidate: Candidate }
  | { readonly ok: false; readonly kind: "engine" | "memory" | "targets"; readonly reason: string };

/** Whether the heads can be split over so many GPUs: query heads must divide, KV heads must divide or replicate. */
export function dividesHeads(model: ModelRecord, tensorParallel: number): boolean {
  const { heads, kvHeads, latent, encoder } = model.architecture;
  if (encoder) return tensorParallel === 1;
  if (heads % tensorParallel !== 0) return false;
  return latent !== undefined || kvHeads % tensorParallel === 0 || tensorParallel % kvHeads === 0;
}

/** Tensor-parallel sizes to try on a type: powers of two that fit the machine and divide the heads. */
export function parallelSizes(model: ModelRecord, gpus: number): number[] {
  return [1, 2, 4, 8].filter((size) => size <= gpus && dividesHeads(model, size));
}

/** Why this GPU cannot run the format at all, or nothing. */
function engineRefusal(need: Requirement, instance: InstanceRecord): string | undefined {
  const gpu = findGpu(instance.gpu);
  if (gpu === undefined) return `GPU ${instance.gpu} is not in the catalogue`;
  const minimum = need.engine.minimumCapability ?? 0;
  if (capability(gpu) < minimum)
    return `${gpu.name} has compute capability ${gpu.computeCapability}; ${need.engine.kind} needs ${minimum} for bf16`;
  if ((need.format === "nvfp4" || need.format === "int8") && capability(gpu) < 8)
    return `${gpu.name} cannot run ${need.format}`;
  return undefined;
}

/** Works out one configuration: does it fit, what does it carry, how many does it take. */
export function evaluate(need: Requirement, instance: InstanceRecord, tensorParallel: number): Evaluation {
  const gpu = findGpu(instance.gpu);
  const refusal = engineRefusal(need, instance);
  if (gpu === undefined || refusal !== undefined)
    return { ok: false, kind: "engine", reason: refusal ?? "unknown GPU" };
  const server = need.servers?.find((one) => one.name === instance.type);
  const price = server === undefined ? instancePrice(instance.type, need.region) : ownPrice(server);
  if (price === undefined)
    return { ok: false, kind: "engine", reason: `${instance.type} is not offered in ${need.region}` };

  const m = machine(gpu, need.model, need.format, { tensorParallel });
  const shape = need.model.architecture;
  const lengths: RequestLengths = { prompt: need.workload.promptTokens, output: need.workload.outputTokens };
  const utilisation = need.engine.memoryUtilisation ?? 0.9;
  const batched = batchedTokens(usableGiB(gpu), gpu.gpuClass, shape.encoder ? need.maxModelLen : 0);
  const load = { tensorParallel, maxNumBatchedTokens: batched, maxNumSeqs: mostSequences };
  const budget = memoryBudget(gpu, shape, m.weights.bytes, utilisation, load);
  if (budget.kvCache <= 0) {
    return {
      ok: false,
      kind: "memory",
      reason: `weights ${budget.weights.toFixed(1)} + overhead ${budget.overhead.total.toFixed(1)} GiB per GPU do not fit ${budget.available.toFixed(1)} GiB`,
    };
  }
  const longest = sequenceBytes(shape, need.maxModelLen, tensorParallel, m.kvFormat) / GiB;
  if (longest > budget.kvCache) {
    return {
      ok: false,
      kind: "memory",
      reason: `one request of ${need.maxModelLen} tokens needs ${longest.toFixed(1)} GiB of KV cache per GPU, ${budget.kvCache.toFixed(1)} GiB are left`,
    };
  }
  if (need.minimumReplicas >= 2 && instance.memoryMiB < productionMemoryMiB) {
    const has = Math.round(instance.memoryMiB / 1024);
    return {
      ok: false,
      kind: "engine",
      reason: `${instance.type} has ${has} GiB of host memory; a production host needs 32`,
    };
  }
  const perSequence = sequenceBytes(shape, lengths.prompt + lengths.output, tensorParallel, m.kvFormat) / GiB;
  const cacheSequences = perSequence === 0 ? mostSequences : Math.floor(budget.kvCache / perSequence);
  const most = Math.min(mostSequences, Math.max(1, cacheSequences));

  const limit = largestWithinTarget(m, lengths, need.workload, most);
  if (limit === 0) {
    const { tpot } = meanTimes(m, lengths, 1);
    return {
      ok: false,
      kind: "targets",
      reason: `a single request already takes ${(tpot * 1000).toFixed(1)} ms per token`,
    };
  }
  const replicaRate = sustainedRate(m, lengths, need, limit);
  if (replicaRate <= 0) return { ok: false, kind: "targets", reason: ttftRefusal(m, lengths, need) };

  const needed = Math.max(1, Math.ceil(need.workload.requestsPerSecond / replicaRate - 1e-9));
  const replicasPerInstance = Math.floor(instance.gpus / tensorParallel);
  const instances = instancesFor(need, needed, replicasPerInstance);
  const replicas = Math.max(need.minimumReplicas, instances * replicasPerInstance);
  const times = timesUnderLoad(m, lengths, need.workload.requestsPerSecond / replicas, limit);
  if (times === undefined) return { ok: false, kind: "targets", reason: "the load cannot be spread" };
  return {
    ok: true,
    candidate: {
      instance,
      price,
      machine: m,
      tensorParallel,
      budget,
      settings: {
        maxModelLen: need.maxModelLen,
        maxNumSeqs: limit,
        maxNumBatchedTokens: batched,
        gpuMemoryUtilization: utilisation,
        kvCacheDtype: "auto",
      },
      cacheSequences,
      replicasPerInstance,
      instances,
      replicas,
      needed,
      replicaRate,
      times,
      monthlyUsd: price.usd * instances * hoursPerMonth,
    },
  };
}

/** Hosts: enough for the load, and with a minimum of two replicas also enough when one host is gone. */
function instancesFor(need: Requirement, needed: number, replicasPerInstance: number): number {
  const forLoad = Math.ceil(needed / replicasPerInstance);
  const forMinimum = Math.ceil(need.minimumReplicas / replicasPerInstance);
  if (need.batch || need.minimumReplicas < 2) return Math.max(forLoad, forMinimum);
  return Math.max(forLoad + 1, forMinimum);
}

/** vLLM's own defaults for a server: large steps on large GPUs other than A100. An encoder takes a whole prompt in one step. */
function batchedTokens(memoryGiB: number, gpuClass: string, atLeast: number): number {
  const usual = memoryGiB >= 70 && gpuClass !== "a100" ? 8192 : 2048;
  return Math.max(usual, atLeast);
}

/** The most running sequences whose time per token keeps the target; 0 when not even one does. */
function largestWithinTarget(m: Machine, lengths: RequestLengths, workload: FleetWorkload, most: number): number {
  const { tpotMs } = workload;
  if (tpotMs === undefined || lengths.output === 0) return most;
  const keeps = (sequences: number) => meanTimes(m, lengths, sequences).tpot * 1000 <= tpotMs;
  if (!keeps(1)) return 0;
  let low = 1;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (keeps(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The highest arrival rate at which one replica keeps both targets at the 95th percentile. */
function sustainedRate(m: Machine, lengths: RequestLengths, need: Requirement, limit: number): number {
  const ceiling = throughput(m, lengths, limit) * plannedShare;
  const ttftSeconds = need.workload.ttftSeconds ?? Number.POSITIVE_INFINITY;
  // Bursts up to the 95th percentile run at once; only batch work may queue for a place.
  const rate = highestRate(m, lengths, limit, ceiling, { ttftSeconds, queueing: need.batch });
  return rate < ceiling * 1e-3 ? 0 : rate;
}

function ttftRefusal(m: Machine, lengths: RequestLengths, need: Requirement): string {
  const alone = meanTimes(m, lengths, 1);
  return `the first token takes ${(alone.ttft * 1000).toFixed(0)} ms without any queue; the target is ${((need.workload.ttftSeconds ?? 0) * 1000).toFixed(0)} ms`;
}
