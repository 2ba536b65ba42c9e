import { sameConfiguration, type Choice } from "./choose";
import type { Simulation } from "./fleet";
import { keepsTargets } from "./replica-times";
import type { Requirement } from "./requirement";
import { simulatePlan } from "./verify";

const milliseconds = (seconds: number) => Math.round(seconds * 1e4) / 10;

/** What the simulation makes of a choice at the stated load with every replica up, and what it changed. */
export function simulationOf(need: Requirement, { chosen, first, verified }: Choice): Simulation {
  const { load } = need;
  const { plan, replicas } = chosen;
  const work = load.offline;
  const places = Math.floor((chosen.offline?.places ?? 0) / plan.groups);
  const offline = work === undefined || places === 0 ? undefined : { places, prompt: work.prompt, output: work.output };
  const times = simulatePlan(plan, load, load.requestsPerSecond / replicas, offline);
  return {
    ttftMs: milliseconds(times.ttft),
    tpotMs: milliseconds(times.tpot),
    endToEndMs: milliseconds(times.endToEnd),
    percentiles: {
      ttft: load.ttft?.percentile ?? 95,
      tpot: load.tpot?.percentile ?? 95,
      endToEnd: load.endToEnd?.percentile ?? 95,
    },
    requests: times.requests,
    concurrency: Math.round(times.concurrency * plan.groups * 10) / 10,
    keepsTargets: keepsTargets(load, times),
    replicaRate: Math.round(chosen.replicaRate * 1000) / 1000,
    verdict: verdict(need, { chosen, first, verified }),
  };
}

function verdict(
  need: Requirement,
  { chosen, first, verified }: Pick<Choice, "chosen" | "first" | "verified">,
): string {
  if (need.batch) return "for information: batch work has no targets";
  if (!verified) return "for information: nothing to hold it to, or not asked in time";
  if (!sameConfiguration(chosen, first))
    return `refused ${first.instances} x ${first.instance.type} ${first.plan.format}, the closed form's choice; this one is the cheapest that it agrees to`;
  const rate = `${chosen.replicaRate.toFixed(2)} requests/s a replica instead of ${first.replicaRate.toFixed(2)}`;
  const places =
    chosen.plan.settings.maxNumSeqs === first.plan.settings.maxNumSeqs
      ? ""
      : ` with ${chosen.plan.settings.maxNumSeqs} at once instead of ${first.plan.settings.maxNumSeqs}`;
  if (chosen.instances > first.instances)
    return `refused ${first.instances} x ${first.instance.type}: it allows ${rate}${places}`;
  return chosen.replicaRate < first.replicaRate - 1e-9 || places !== ""
    ? `allows ${rate}${places}, which changes nothing here`
    : "agrees";
}
