import {
  engines,
  findEngine,
  findGpu,
  findModel,
  findRegion,
  gpus,
  gpusOfClass,
  instances,
  models,
  regions,
  weightFormats,
} from "@holdfast/catalog";
import { distance } from "fastest-levenshtein";
import type { Requirement } from "./candidate";
import type { FleetNeed } from "./fleet";
import { formatFor } from "./weight-format";

/** A need with every name resolved and every default filled in, or what is wrong with it. */
export function requirementOf(need: FleetNeed): Requirement | string {
  return firstProblem(need) ?? resolve(need);
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
  const unknown = need.servers?.find((server) => findGpu(server.gpu) === undefined);
  if (unknown !== undefined)
    return `unknown GPU "${unknown.gpu}" in ${unknown.name}${closest(
      unknown.gpu,
      gpus.map((gpu) => gpu.id),
    )}`;
  if (need.servers === undefined && findRegion(need.region) === undefined) {
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

function resolve(need: FleetNeed): Requirement | string {
  const model = findModel(need.model);
  if (model === undefined) {
    return `model "${need.model}" is not in the catalogue${closest(
      need.model,
      models.flatMap((one) => [one.id, one.repository]),
    )}`;
  }
  const format = formatFor(model, need.format);
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
    ...(need.servers === undefined ? {} : { servers: need.servers }),
  };
}

function closest(word: string, known: readonly string[]): string {
  const lower = word.toLowerCase();
  const ranked = known.map((one) => ({ one, far: distance(lower, one.toLowerCase()) })).sort((a, b) => a.far - b.far);
  const best = ranked[0];
  return best !== undefined && best.far <= Math.max(2, word.length / 2) ? `; nearest: "${best.one}"` : "";
}
