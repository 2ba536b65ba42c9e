import type { Candidate, Requirement } from "./candidate";
import { explain } from "./explain";
import type { Alternative, FleetNeed, FleetSizing, Prediction, SizingOutcome } from "./fleet";
import { requirementOf } from "./requirement";
import { filterNames, searchAll, typesFor, type Filters, type Search } from "./search";
import { group } from "./weights";

/**
 * Works out what a fleet needs: the cheapest instance type, parallelism and number of replicas that hold the model and meet the
 * targets at the stated load, with the arithmetic; or, when nothing does, why not and the three nearest that can.
 * Pure: the same need gives the same result.
 */
export function sizeFleet(need: FleetNeed): SizingOutcome {
  const requirement = requirementOf(need);
  if (typeof requirement === "string") return { ok: false, reason: requirement, nearest: [] };
  const search = searchAll(requirement, need);
  if (search.best === undefined) return refuse(need, requirement, search);
  return { ok: true, sizing: toSizing(need.fleet, requirement, search.best, alternativesTo(search, requirement)) };
}

function refuse(need: FleetNeed, requirement: Requirement, search: Search): SizingOutcome {
  const where = [
    need.instanceType,
    need.gpuClass === undefined ? undefined : `${need.gpuClass} class`,
    need.servers === undefined ? need.region : need.servers.map((server) => server.name).join(" or "),
  ]
    .filter(Boolean)
    .join(", ");
  const gpuTypes = typesFor(requirement, need);
  const cause =
    gpuTypes.length === 0
      ? need.servers !== undefined
        ? "no server has such a GPU"
        : `no such instance type is offered in ${need.region}${need.zones === undefined ? "" : ` in the zones ${need.zones.join(", ")}`}`
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
