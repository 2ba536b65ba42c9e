import {
  engines,
  findEngine,
  findModel,
  findRegion,
  gpus,
  gpusOfClass,
  instances,
  models,
  regions,
  weightFormats,
  zonesOffering,
  type InstanceRecord,
  type WeightFormat,
} from "@holdfast/catalog";
import { distance } from "fastest-levenshtein";
import { evaluate, parallelSizes, type Candidate, type Evaluation, type Requirement } from "./candidate";
import { explain } from "./explain";
import type { Alternative, FleetNeed, FleetSizing, Prediction, SizingOutcome } from "./fleet";
import { group } from "./weights";

/**
 * Works out what a fleet needs: the cheapest instance type, parallelism and number of replicas that hold the model and meet the
 * targets at the stated load, with the arithmetic; or, when nothing does, why not and the three nearest that can.
 * Pure: the same need gives the same result.
 */
export function sizeFleet(need: FleetNeed): SizingOutcome {
  const problem = firstProblem(need);
  if (problem !== undefined) return { ok: false, reason: problem, nearest: [] };
  const requirement = requirementOf(need);
  if (typeof requirement === "string") return { ok: false, reason: requirement, nearest: [] };
  const search = searchAll(requirement, need);
  if (search.best === undefined) return refuse(need, requirement, search);
  return { ok: true, sizing: toSizing(need.fleet, requirement, search.best, alternativesTo(search, requirement)) };
}

type Filters = Pick<FleetNeed, "gpuClass" | "instanceType" | "zones">;
const filterNames = ["gpuClass", "instanceType", "zones"] as const satisfies readonly (keyof Filters)[];

interface Search {
  readonly best: Candidate | undefined;
  readonly candidates: readonly Candidate[];
  readonly refusals: readonly {
    instance: InstanceRecord;
    tensorParallel: number;
    refusal: Extract<Evaluation, { ok: false }>;
  }[];
}

function searchAll(requirement: Requirement, need: Filters): Search {
  const candidates: Candidate[] = [];
  const refusals: Search["refusals"][number][] = [];
  for (const instance of typesFor(requirement, need)) {
    for (const tensorParallel of parallelSizes(requirement.model, instance.gpus)) {
      const result = evaluate(requirement, instance, tensorParallel);
      if (result.ok) candidates.push(result.candidate);
      else refusals.push({ instance, tensorParallel, refusal: result });
    }
  }
  candidates.sort(byPreference);
  return { best: candidates[0], candidates, refusals };
}

/** Cheapest first; at one price, the fewest engines per host, then the fastest token. */
function byPreference(a: Candidate, b: Candidate): number {
  return (
    a.monthlyUsd - b.monthlyUsd ||
    a.replicasPerInstance - b.replicasPerInstance ||
    a.times.tpot - b.times.tpot ||
    a.instance.type.localeCompare(b.instance.type)
  );
}

function typesFor(
  requirement: Requirement,
  need: Pick<FleetNeed, "gpuClass" | "instanceType" | "zones">,
): InstanceRecord[] {
  const wanted = need.gpuClass === undefined ? undefined : new Set(gpusOfClass(need.gpuClass).map((gpu) => gpu.id));
  return instances.filter((instance) => {
    if (need.instanceType !== undefined && instance.type !== need.instanceType) return false;
    if (wanted !== undefined && !wanted.has(instance.gpu)) return false;
    const offered = zonesOffering(instance.type, requirement.region);
    if (offered.length === 0) return false;
    if (need.zones !== undefined && need.zones.length > 0) {
      const usable = need.zones.filter((zone) => offered.includes(zone)).length;
      if (usable < Math.min(need.zones.length, requirement.minimumReplicas, 2)) return false;
    }
    return true;
  });
}

function firstProblem(need: FleetNeed): string | undefined {
  const { workload } = need;
  const checks: [string, number | undefined, number][] = [
    ["workload.promptTokens", workload.promptTokens, 1],
    ["workload.outputTokens", workload.outputTokens, 0],
    ["workload.requestsPerSecond", workload.requestsPerSecond, Number.MIN_VALUE],
    ["workload.ttftSeconds", workload.ttftSeconds, Number.MIN_VALUE],
    ["workload.tpotMs", workload.tpotMs, Number.MIN_VALUE],
    ["minimumReplicas", need.minimumReplicas, 1],
    ["maxModelLen", need.maxModelLen, 1],
  ];
  for (const [name, value, least] of checks) {
    if (value !== undefined && !(Number.isFinite(value) && value >= least)) {
      return `${name} must be ${least === Number.MIN_VALUE ? "more than 0" : `at least ${least}`}, got ${value}`;
    }
  }
  if (findRegion(need.region) === undefined) {
    return `unknown region "${need.region}"${closest(
      need.region,
      regions.map((one) => one.id),
    )}; known: ${regions.map((one) => one.id).join(", ")}`;
  }
  if (need.gpuClass !== undefined && gpusOfClass(need.gpuClass).length === 0) {
    const classes = [...new Set(gpus.map((gpu) => gpu.gpuClass))];
    return `unknown GPU class "${need.gpuClass}"${closest(need.gpuClass, classes)}; known: ${classes.join(", ")}`;
  }
  if (need.instanceType !== undefined && !instances.some((one) => one.type === need.instanceType)) {
    return `unknown GPU instance type "${need.instanceType}"${closest(
      need.instanceType,
      instances.map((one) => one.type),
    )}`;
  }
  return undefined;
}

function requirementOf(need: FleetNeed): Requirement | string {
  const model = findModel(need.model);
  if (model === undefined) {
    return `model "${need.model}" is not in the catalogue${closest(
      need.model,
      models.flatMap((one) => [one.id, one.repository]),
    )}`;
  }
  const format = need.format === undefined ? model.nativeFormat : formatOf(need.format);
  if (format === undefined) {
    return `unknown format "${need.format ?? ""}"${closest(need.format ?? "", weightFormats)}; known: ${weightFormats.join(", ")}`;
  }
  const engine =
    need.engine === undefined
      ? engines.findLast((one) => one.kind === "vllm")
      : findEngine(need.engine.kind, need.engine.version);
  if (engine === undefined)
    return `engine ${need.engine?.kind ?? "vllm"} ${need.engine?.version ?? ""} is older than any version in the catalogue`;
  const { promptTokens, outputTokens } = need.workload;
  const stated = promptTokens + outputTokens;
  const usual = Math.max(4096, 2 ** Math.ceil(Math.log2(2 * stated)));
  const maxModelLen = need.maxModelLen ?? Math.max(stated, Math.min(model.contextTokens, usual));
  if (maxModelLen > model.contextTokens) {
    const what = need.maxModelLen === undefined ? "promptTokens + outputTokens" : "maxModelLen";
    return `${what} is ${maxModelLen} tokens, ${model.id} supports ${model.contextTokens}: choose a model with a longer context or shorten the requests`;
  }
  if (maxModelLen < stated) return `maxModelLen ${maxModelLen} is below promptTokens + outputTokens = ${stated}`;
  if (model.task === "generate" && outputTokens === 0)
    return `workload.outputTokens is 0, but ${model.id} generates text: state the 95th percentile`;
  return {
    model,
    format,
    workload: model.task === "generate" ? need.workload : { ...need.workload, outputTokens: 0 },
    batch: need.batch ?? false,
    minimumReplicas: need.minimumReplicas ?? 1,
    maxModelLen,
    region: need.region,
    engine,
  };
}

const formatNames: Readonly<Record<string, WeightFormat>> = {
  fp16: "bf16",
  float16: "bf16",
  bfloat16: "bf16",
  "4-bit": "awq",
  int4: "awq",
  "int4-awq": "awq",
  "awq-int4": "awq",
  w4a16: "awq",
  int4_wo: "gptq",
  "8-bit": "fp8",
  w8a8: "int8",
  fp4: "nvfp4",
};

/** A format by our name or another common one. */
export function formatOf(name: string): WeightFormat | undefined {
  const lower = name.toLowerCase();
  return weightFormats.find((format) => format === lower) ?? formatNames[lower];
}

function closest(word: string, known: readonly string[]): string {
  const lower = word.toLowerCase();
  const ranked = known.map((one) => ({ one, far: distance(lower, one.toLowerCase()) })).sort((a, b) => a.far - b.far);
  const best = ranked[0];
  return best !== undefined && best.far <= Math.max(2, word.length / 2) ? `; nearest: "${best.one}"` : "";
}

function refuse(need: FleetNeed, requirement: Requirement, search: Search): SizingOutcome {
  const where = [need.instanceType, need.gpuClass === undefined ? undefined : `${need.gpuClass} class`, need.region]
    .filter(Boolean)
    .join(", ");
  const gpuTypes = typesFor(requirement, need);
  const cause =
    gpuTypes.length === 0
      ? `no such instance type is offered in ${need.region}${need.zones === undefined ? "" : ` in the zones ${need.zones.join(", ")}`}`
      : lastHope(search);
  return {
    ok: false,
    reason: `${requirement.model.id} in ${requirement.format} cannot be served on ${where}: ${cause}`,
    nearest: nearestFeasible(need, requirement),
  };
}

/** The refusal of the configuration that came closest: targets missed are nearer than memory lacking. */
function lastHope(search: Search): string {
  const rank = { targets: 0, memory: 1, engine: 2 } as const;
  const sorted = [...search.refusals].sort(
    (a, b) =>
      rank[a.refusal.kind] - rank[b.refusal.kind] ||
      b.instance.gpus * b.instance.gpuMiB - a.instance.gpus * a.instance.gpuMiB ||
      b.tensorParallel - a.tensorParallel,
  );
  const best = sorted[0];
  if (best === undefined) return "the heads of the model divide over none of them";
  return `the nearest, ${best.instance.type} with ${best.tensorParallel} GPU${best.tensorParallel > 1 ? "s" : ""} a replica, fails: ${best.refusal.reason}`;
}

/** Up to three configurations that can, each giving up something else, the smallest concession first. */
function nearestFeasible(need: FleetNeed, requirement: Requirement): FleetSizing[] {
  const found: { what: string; candidate: Candidate; under: Requirement }[] = [];
  const attempt = (what: string, under: Requirement, dropped: readonly (keyof Filters)[]) => {
    const filters: Filters = Object.fromEntries(
      filterNames.flatMap((name) => (need[name] === undefined || dropped.includes(name) ? [] : [[name, need[name]]])),
    );
    const { best } = searchAll(under, filters);
    const same = (one: Candidate) =>
      one.instance.type === best?.instance.type && one.machine.format === best.machine.format;
    if (best && !found.some(({ candidate }) => same(candidate))) found.push({ what, candidate: best, under });
  };
  if (need.instanceType !== undefined)
    attempt("another instance type of the same class", requirement, ["instanceType"]);
  if (need.instanceType !== undefined || need.gpuClass !== undefined) {
    attempt("another GPU class", requirement, ["instanceType", "gpuClass"]);
  }
  const { promptTokens, outputTokens, requestsPerSecond } = requirement.workload;
  const shortest = promptTokens + outputTokens;
  if (requirement.maxModelLen > shortest)
    attempt(`a context of ${shortest} tokens`, { ...requirement, maxModelLen: shortest }, []);
  for (const format of ["fp8", "awq"] as const) {
    if (format === requirement.format || requirement.model.architecture.encoder) continue;
    attempt(`weights in ${format}`, { ...requirement, format }, ["instanceType"]);
  }
  const untimed = { ...requirement, workload: { promptTokens, outputTokens, requestsPerSecond } };
  attempt("without latency targets", untimed, []);
  attempt("without latency targets, on any GPU", untimed, ["instanceType", "gpuClass"]);
  attempt("in any zone", requirement, ["zones"]);
  return found.slice(0, 3).map(({ what, candidate, under }) => {
    const sizing = toSizing(need.fleet, under, candidate, []);
    return { ...sizing, why: [`gives up: ${what}`, ...sizing.why] };
  });
}

function alternativesTo(search: Search, requirement: Requirement): Alternative[] {
  const { best } = search;
  if (best === undefined) return [];
  const seen = new Set<string>([`${best.instance.gpu}/${best.tensorParallel}/${best.instance.gpus}`]);
  const others: Alternative[] = [];
  for (const other of search.candidates) {
    const key = `${other.instance.gpu}/${other.tensorParallel}/${other.instance.gpus}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const dearer = other.monthlyUsd - best.monthlyUsd;
    others.push({
      instanceType: other.instance.type,
      gpu: other.instance.gpu,
      format: requirement.format,
      tensorParallel: other.tensorParallel,
      replicas: other.replicas,
      instances: other.instances,
      monthlyUsd: Math.round(other.monthlyUsd),
      predicted: predictionOf(other, requirement),
      reason:
        dearer > 0.5
          ? `${group(Math.round(dearer))} $ a month dearer`
          : other.replicasPerInstance > best.replicasPerInstance
            ? `the same price with ${other.replicasPerInstance} engines per host instead of ${best.replicasPerInstance}`
            : "the same price, slower tokens",
    });
    if (others.length === 8) break;
  }
  return others;
}

function predictionOf(candidate: Candidate, requirement: Requirement): Prediction {
  const { workload } = requirement;
  const tokens = workload.outputTokens > 0 ? workload.outputTokens : workload.promptTokens;
  return {
    ttftMs: round(candidate.times.ttft * 1000),
    tpotMs: round(candidate.times.tpot * 1000),
    tokensPerSecond: round(candidate.replicaRate * candidate.replicas * tokens),
  };
}

function toSizing(
  fleet: string,
  requirement: Requirement,
  chosen: Candidate,
  alternatives: Alternative[],
): FleetSizing {
  const { budget, tensorParallel } = chosen;
  return {
    fleet,
    model: requirement.model.id,
    format: requirement.format,
    instanceType: chosen.instance.type,
    gpu: chosen.instance.gpu,
    gpusPerReplica: tensorParallel,
    tensorParallel,
    replicas: chosen.replicas,
    memoryGiB: {
      available: round(budget.available * tensorParallel, 2),
      weights: round(budget.weights * tensorParallel, 2),
      kvCache: round(budget.kvCache * tensorParallel, 2),
      overhead: round(budget.overhead.total * tensorParallel, 2),
    },
    maxConcurrency: chosen.settings.maxNumSeqs,
    predicted: predictionOf(chosen, requirement),
    alternatives,
    why: explain(requirement, chosen),
    engine: chosen.settings,
    replicasPerInstance: chosen.replicasPerInstance,
    instances: chosen.instances,
    weightsBytes: Math.round(chosen.machine.weights.bytes),
    usdPerHour: round(chosen.price.usd * chosen.instances, 4),
    monthlyUsd: round(chosen.monthlyUsd, 2),
  };
}

function round(value: number, digits = 1): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
