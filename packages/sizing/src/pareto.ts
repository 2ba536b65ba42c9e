import type { WeightFormat } from "@holdfast/catalog";
import type { Candidate, Requirement } from "./candidate";
import type { FleetNeed } from "./fleet";
import { timesUnderLoad } from "./operating-point";
import { requirementOf } from "./requirement";
import { searchAll } from "./search";

/** One configuration as a point of cost against latency. Times are 95th percentiles at the stated load with every replica up. */
export interface ParetoPoint {
  readonly instanceType: string;
  /** Catalogue id of the GPU. */
  readonly gpu: string;
  readonly format: WeightFormat;
  readonly tensorParallel: number;
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
 * Cost against latency over every instance type, parallelism and format: with `format` absent, the publisher's own, FP8 and
 * 4-bit AWQ. Sorted by cost; the efficient points are the front.
 */
export function paretoTable(need: FleetNeed): ParetoOutcome {
  const first = requirementOf(need);
  if (typeof first === "string") return { ok: false, reason: first };
  const formats: WeightFormat[] =
    need.format !== undefined || first.model.architecture.encoder
      ? [first.format]
      : [...new Set<WeightFormat>([first.format, ...(narrow.has(first.format) ? [] : (["fp8", "awq"] as const))])];
  const points = formats.flatMap((format) => {
    const requirement: Requirement = { ...first, format };
    return searchAll(requirement, need).candidates.flatMap((candidate) => pointsOf(candidate, requirement));
  });
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

/** Formats that nothing narrower is worth offering beside. */
const narrow = new Set<WeightFormat>(["awq", "gptq", "nvfp4", "mxfp4"]);

function pointsOf(candidate: Candidate, requirement: Requirement): Omit<ParetoPoint, "efficient" | "lost">[] {
  const { workload } = requirement;
  const lengths = { prompt: workload.promptTokens, output: workload.outputTokens };
  const sizes = new Set(spare.map((factor) => Math.ceil(candidate.instances * factor)));
  return [...sizes].flatMap((instances) => {
    const replicas = instances === candidate.instances ? candidate.replicas : instances * candidate.replicasPerInstance;
    const times = timesUnderLoad(
      candidate.machine,
      lengths,
      workload.requestsPerSecond / replicas,
      candidate.settings.maxNumSeqs,
    );
    if (times === undefined) return [];
    return [
      {
        instanceType: candidate.instance.type,
        gpu: candidate.instance.gpu,
        format: candidate.machine.format,
        tensorParallel: candidate.tensorParallel,
        replicas,
        instances,
        monthlyUsd: Math.round((candidate.monthlyUsd / candidate.instances) * instances),
        ttftMs: round(times.ttft * 1000),
        tpotMs: round(times.tpot * 1000),
        requestMs: round((times.ttft + lengths.output * times.tpot) * 1000),
      },
    ];
  });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
