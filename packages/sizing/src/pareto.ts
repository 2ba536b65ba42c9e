import type { WeightFormat } from "@holdfast/catalog";
import { timesOf, type Candidate } from "./candidate";
import type { FleetNeed } from "./fleet";
import { requirementOf, type Requirement } from "./requirement";
import { searchAll } from "./search";

/** One configuration as a point of cost against latency. Times are 95th percentiles at the stated load with every replica up. */
export interface ParetoPoint {
  readonly instanceType: string;
  /** Catalogue id of the GPU. */
  readonly gpu: string;
  readonly format: WeightFormat;
  readonly tensorParallel: number;
  readonly pipelineParallel: number;
  readonly replicas: number;
  readonly instances: number;
  readonly monthlyUsd: number;
  readonly ttftMs: number;
  readonly tpotMs: number;
  /** Mean time of a whole request, ms: the first token and all that follow. */
  readonly requestMs: number;
  /** No other configuration is both cheaper and faster. */
  readonly efficient: boolean;
  /** Why one would not take it; empty on the front. */
  readonly lost: string;
}

export type ParetoOutcome =
  { readonly ok: true; readonly points: readonly ParetoPoint[] } | { readonly ok: false; readonly reason: string };

/** More replicas than the load needs, tried as a way to shorter times. */
const spare = [1, 1.5, 2];

/**
 * Cost against latency over every instance type, parallelism and format, in closed form: with `format` absent, every format that the
 * engine reads, whatever quality it keeps. Sorted by cost; the efficient points are the front.
 */
export function paretoTable(need: FleetNeed): ParetoOutcome {
  const first = requirementOf(need);
  if (typeof first === "string") return { ok: false, reason: first };
  const requirement: Requirement = {
    ...first,
    formats: [...first.formats, ...first.refusedFormats],
    refusedFormats: [],
  };
  const points = searchAll(requirement, need).candidates.flatMap((candidate) => pointsOf(candidate, requirement));
  points.sort((a, b) => a.monthlyUsd - b.monthlyUsd || a.requestMs - b.requestMs);
  let best: (typeof points)[number] | undefined;
  return {
    ok: true,
    points: points.map((point) => {
      if (best === undefined || point.requestMs < best.requestMs - 0.5) {
        best = point;
        return { ...point, efficient: true, lost: "" };
      }
      const dearer = Math.round(point.monthlyUsd - best.monthlyUsd);
      const slower = Math.round(point.requestMs - best.requestMs);
      const than = `${best.instances} x ${best.instanceType} ${best.format}`;
      return {
        ...point,
        efficient: false,
        lost:
          dearer > 0
            ? `$${dearer} a month dearer and ${slower} ms slower than ${than}`
            : `${slower} ms slower than ${than}`,
      };
    }),
  };
}

function pointsOf(candidate: Candidate, requirement: Requirement): Omit<ParetoPoint, "efficient" | "lost">[] {
  const { plan, replicasPerInstance } = candidate;
  // A replica that spans several hosts comes with all of them.
  const whole = Math.max(1, Math.ceil(1 / replicasPerInstance));
  const sizes = new Set(spare.map((factor) => Math.ceil((candidate.instances * factor) / whole) * whole));
  return [...sizes].flatMap((instances) => {
    const replicas =
      instances === candidate.instances ? candidate.replicas : Math.round(instances * replicasPerInstance);
    const times = timesOf(plan, replicas);
    if (times === undefined) return [];
    return [
      {
        instanceType: candidate.instance.type,
        gpu: candidate.instance.gpu,
        format: plan.format,
        tensorParallel: plan.parallelism.tensor,
        pipelineParallel: plan.parallelism.stages,
        replicas,
        instances,
        monthlyUsd: Math.round((candidate.monthlyUsd / candidate.instances) * instances),
        ttftMs: round(times.ttft * 1000),
        tpotMs: round(times.tpot * 1000),
        requestMs: round((times.ttft + requirement.load.output.mean * times.tpot) * 1000),
      },
    ];
  });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
