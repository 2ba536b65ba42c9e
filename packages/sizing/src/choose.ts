import { placeReplicas, type Candidate } from "./candidate";
import type { ReplicaPlan } from "./replica-plan";
import type { Requirement } from "./requirement";
import { byPreference, type Search } from "./search";
import { hasTargets, keepsBesideOffline, verifyPlan, type Verified } from "./verify";

/** Simulations that one choice may take; beyond, the closed form's word is taken and the outcome says so. */
const mostRuns = 60;

/** The configuration to take, after the simulation had its say. */
export interface Choice {
  readonly chosen: Candidate;
  /** The others, the preferred first; their figures are the closed form's unless the simulation was asked. */
  readonly others: readonly Candidate[];
  /** What the closed form alone would have taken. */
  readonly first: Candidate;
  /** Whether the simulation agreed to the chosen one, perhaps with more replicas; false where it was not asked in time. */
  readonly verified: boolean;
  readonly runs: number;
}

/**
 * The cheapest configuration that the simulation of its replicas agrees to. Its word can only make a configuration dearer, so the
 * closed form's order is a lower bound: the cheapest is checked, put back with the replicas it then needs, and so on until the
 * cheapest has been checked.
 */
export function choose(need: Requirement, search: Search): Choice | undefined {
  const [first] = search.candidates;
  if (first === undefined) return undefined;
  const verified = new Map<ReplicaPlan, Verified>();
  const checked = new Set<Candidate>();
  let open = [...search.candidates];
  let runs = 0;
  for (let next = open[0]; next !== undefined; next = open[0]) {
    const done = checked.has(next);
    if (done || runs >= mostRuns || need.batch || !hasTargets(need.load))
      return { chosen: next, others: open.slice(1), first, verified: done, runs };
    const known = verified.get(next.plan);
    const outcome = known ?? verifyPlan(need, next.plan, mostRuns - runs);
    if (known === undefined) runs += outcome.runs;
    verified.set(next.plan, outcome);
    open = open.slice(1);
    if (outcome.rate <= 0) continue;
    const same = outcome.plan === next.plan && outcome.rate >= next.replicaRate;
    const placed = beside(need, same ? next : placeAgain(need, next, outcome), () => runs++ < mostRuns);
    if (placed === undefined) continue;
    checked.add(placed);
    const at = open.findIndex((other) => byPreference(placed, other) <= 0);
    open.splice(at === -1 ? open.length : at, 0, placed);
  }
  return undefined;
}

function placeAgain(
  need: Requirement,
  { instance, price }: Candidate,
  { plan, rate }: Verified,
): Candidate | undefined {
  const placed = placeReplicas(need, instance, price, plan, rate);
  return placed.ok ? placed.candidate : undefined;
}

/** The candidate with as many offline places as the simulation agrees to beside the interactive load, and the hosts that it then takes. */
function beside(need: Requirement, candidate: Candidate | undefined, mayRun: () => boolean): Candidate | undefined {
  if (candidate?.offline === undefined) return candidate;
  const { instance, price, plan, replicaRate } = candidate;
  let tried: Candidate = candidate;
  for (const share of [0.75, 0.5, 0.3, 0.15, 0]) {
    if (!mayRun() || keepsBesideOffline(plan, need.load, tried.replicas, tried.offline?.places ?? 0)) return tried;
    const placed = share === 0 ? undefined : placeReplicas(need, instance, price, plan, replicaRate, share);
    if (placed?.ok !== true) return undefined;
    tried = placed.candidate;
  }
  return undefined;
}

/** Whether two candidates are one configuration but for places and replicas. */
export function sameConfiguration(a: Candidate, b: Candidate): boolean {
  const of = ({ instance, plan: { format, parallelism } }: Candidate) =>
    [instance.type, format, parallelism.tensor, parallelism.stages].join("/");
  return of(a) === of(b);
}
