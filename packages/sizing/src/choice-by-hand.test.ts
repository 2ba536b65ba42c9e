import { describe, expect, it } from "vitest";
import { placeReplicas, type Candidate } from "./candidate";
import { choose } from "./choose";
import { explainSettings } from "./engine-settings";
import type { FleetNeed } from "./fleet";
import { paretoTable } from "./pareto";
import type { ReplicaPlan } from "./replica-plan";
import type { Requirement } from "./requirement";
import type { Search } from "./search";
import { simulationOf } from "./simulation-of";
import { toyInstance, toyNeed, toyPlan, toyPrice, toyRequirement } from "./toy-plan.fixture";
import { simulatePlan } from "./verify";

const needOf = (more: Partial<FleetNeed> = {}, ttft?: number): Requirement =>
  toyRequirement(more, ttft === undefined ? {} : { ttft: { seconds: ttft, percentile: 95 } });
/** Steps of 10 ms and prompts of 40 ms, 64 at once. */
const planOf = (rate: number): ReplicaPlan => toyPlan({ rate });
const candidate = (need: Requirement, type: string, usd: number, plan: ReplicaPlan): Candidate => {
  const outcome = placeReplicas(need, toyInstance(1, type), { ...toyPrice, usd }, plan);
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.candidate;
};
const search = (...candidates: Candidate[]): Search => ({
  best: candidates[0],
  candidates,
  belowQuality: [],
  refusals: [],
});

describe("the choice after the simulation's word", () => {
  it("nothing to choose from, nothing chosen", () => {
    expect(choose(needOf(), search())).toBeUndefined();
  });

  it("without targets, and for a batch, the cheapest by the closed form", () => {
    const two = [candidate(needOf(), "a", 10, planOf(5)), candidate(needOf(), "b", 11, planOf(5))];
    const [first, second] = two;
    expect(choose(needOf(), search(...two))).toEqual({
      chosen: first,
      others: [second],
      first,
      verified: false,
      runs: 0,
    });
    const batch = { ...needOf({}, 1), batch: true };
    expect(choose(batch, search(...two))).toMatchObject({ verified: false, runs: 0 });
  });

  it("one that the simulation agrees to stays, after one run", () => {
    const need = needOf({}, 2);
    const one = candidate(need, "a", 10, planOf(5));
    const two = candidate(need, "b", 11, planOf(5));
    const choice = choose(need, search(one, two));
    expect(choice).toMatchObject({ verified: true, runs: 1 });
    expect(choice?.chosen).toBe(one);
    expect(choice?.others).toEqual([two]);
    // A plan on two types is asked once.
    const shared = planOf(5);
    expect(choose(need, search(candidate(need, "a", 10, shared), candidate(need, "b", 11, shared)))?.runs).toBe(1);
  });

  it("one that promises too much comes back with the replicas that it then needs, unless another is cheaper", () => {
    const need = needOf({}, 0.15);
    const bold = candidate(need, "bold", 10, planOf(20));
    expect(bold.instances).toBe(1);
    const dear = candidate(need, "dear", 100, planOf(5));
    const back = choose(need, search(bold, dear));
    expect(back?.chosen.instance.type).toBe("bold");
    expect(back?.chosen.instances ?? 0).toBeGreaterThan(1);
    expect(back?.chosen.replicaRate ?? 20).toBeLessThan(20);
    expect(back?.first).toBe(bold);
    expect(back?.others).toEqual([dear]);
    // Three hosts of 6 are cheaper than two of 10.
    const cheap = candidate(need, "modest", 6, planOf(5));
    const other = choose(need, search(bold, cheap));
    expect(other?.chosen.instance.type).toBe("modest");
    expect(other?.others.map((one) => [one.instance.type, one.instances > 1])).toEqual([["bold", true]]);
  });

  it("what no rate keeps is dropped", () => {
    const need = needOf({}, 0.02);
    expect(choose(need, search(candidate(need, "a", 10, planOf(5))))).toBeUndefined();
  });
});

describe("what the simulation says of a choice", () => {
  it("its figures in milliseconds, with a digit; a replica's rate to a thousandth; Little's concurrency", () => {
    const need = needOf({}, 2);
    const chosen = candidate(need, "a", 10, planOf(5.00049));
    const said = simulationOf(need, { chosen, others: [], first: chosen, verified: true, runs: 1 });
    const times = simulatePlan(chosen.plan, need.load, 12 / chosen.replicas);
    expect(said.ttftMs).toBeCloseTo(times.ttft * 1000, 1);
    expect(said.tpotMs).toBeCloseTo(times.tpot * 1000, 1);
    expect(said.endToEndMs).toBeCloseTo(times.endToEnd * 1000, 1);
    expect(said.concurrency).toBeCloseTo(times.concurrency, 1);
    expect(said).toMatchObject({
      percentiles: { ttft: 95, tpot: 95, endToEnd: 95 },
      requests: times.requests,
      keepsTargets: true,
      replicaRate: 5,
      verdict: "agrees",
    });
  });

  it("agrees, refuses, or is for information", () => {
    const need = needOf({}, 2);
    const first = candidate(need, "a", 10, planOf(5));
    const verdict = (chosen: Candidate, verified = true, one = need) =>
      simulationOf(one, { chosen, others: [], first, verified, runs: 1 }).verdict;
    expect(verdict(first)).toBe("agrees");
    expect(verdict(first, false)).toContain("for information");
    expect(verdict(first, true, { ...need, batch: true })).toContain("batch");
    expect(verdict(candidate(need, "b", 10, planOf(5)))).toContain("refused 3 x a");
    expect(verdict({ ...first, instances: 4, replicaRate: 3 })).toContain(
      "refused 3 x a: it allows 3.00 requests/s a replica",
    );
    expect(verdict({ ...first, replicaRate: 4 })).toContain(
      "allows 4.00 requests/s a replica instead of 5.00, which changes nothing",
    );
    const fewer = { ...first.plan, settings: { ...first.plan.settings, maxNumSeqs: 7 } };
    expect(verdict({ ...first, plan: fewer })).toContain("with 7 at once");
  });

  it("groups are counted together", () => {
    const need = needOf({}, 2);
    const chosen = candidate(need, "a", 10, { ...planOf(5), groups: 2 });
    const one = simulatePlan(chosen.plan, need.load, 12 / chosen.replicas).concurrency;
    expect(simulationOf(need, { chosen, others: [], first: chosen, verified: true, runs: 1 }).concurrency).toBeCloseTo(
      2 * one,
      1,
    );
  });
});

describe("cost against latency on one type", () => {
  const table = () => {
    const outcome = paretoTable({ ...toyNeed, instanceType: "p5.4xlarge" });
    if (!outcome.ok) throw new Error(outcome.reason);
    return outcome.points;
  };

  it("1, 1.5 and 2 times the hosts, each at its price and with its whole request", () => {
    const points = table();
    const counts = points.map((one) => one.instances).sort((a, b) => a - b);
    const least = counts[0] ?? 0;
    expect(counts).toEqual([...new Set([least, Math.ceil(1.5 * least), 2 * least])]);
    const perHost = (points[0]?.monthlyUsd ?? 0) / (points[0]?.instances ?? 1);
    for (const one of points) {
      expect(Math.abs(one.monthlyUsd - perHost * one.instances)).toBeLessThanOrEqual(2);
      expect(Math.abs(one.requestMs - (one.ttftMs + 100 * one.tpotMs))).toBeLessThan(6);
      expect(one.replicas).toBe(one.instances);
    }
  });

  it("sorted by cost; on the front each is faster than all that are cheaper by more than half a millisecond", () => {
    const points = table();
    let fastest = Number.POSITIVE_INFINITY;
    let cost = 0;
    for (const one of points) {
      expect(one.monthlyUsd).toBeGreaterThanOrEqual(cost);
      cost = one.monthlyUsd;
      expect(one.efficient).toBe(one.requestMs < fastest - 0.5);
      expect(one.lost === "").toBe(one.efficient);
      if (one.efficient) fastest = one.requestMs;
    }
    expect(points[0]?.efficient).toBe(true);
  });

  it("an unknown name is a reason", () => {
    expect(paretoTable({ ...toyNeed, model: "nonsense" })).toMatchObject({ ok: false });
  });
});

describe("settings have reasons", () => {
  it("that follow the setting", () => {
    const need = needOf({}, 2);
    const plan = planOf(5);
    const reasons = explainSettings(need, plan.settings, plan.kvCache);
    expect(reasons.prefixCaching).toContain("no hit is counted on");
    const shared = { ...need, load: { ...need.load, sharedPrefix: 10 } };
    expect(explainSettings(shared, plan.settings, plan.kvCache).prefixCaching).toContain("share what they begin with");
    const hits = { ...need, load: { ...need.load, hitShare: 0.1 } };
    expect(explainSettings(hits, plan.settings, plan.kvCache).prefixCaching).toContain("share what they begin with");
    const with_ = (more: Partial<ReplicaPlan["settings"]>) =>
      explainSettings(need, { ...plan.settings, ...more }, plan.kvCache);
    expect(with_({ maxNumBatchedTokens: 8192 }).maxNumBatchedTokens).toContain("large steps");
    expect(with_({ maxNumBatchedTokens: 8191 }).maxNumBatchedTokens).toContain("small steps");
    expect(with_({ pipelineParallel: 2 }).pipelineParallel).toContain("2 stages");
    expect(with_({ pipelineParallel: 1 }).pipelineParallel).toContain("tensor parallelism first");
    expect(with_({}).parallelSlots).toBeUndefined();
    expect(with_({ parallelSlots: 4, maxModelLen: 4096 }).parallelSlots).toContain("16384 tokens in all");
    const timed = { ...need, load: { ...need.load, tpot: { seconds: 0.05, percentile: 90 } } } as const;
    expect(explainSettings(timed, plan.settings, plan.kvCache).maxNumSeqs).toContain(
      "50 ms per token at the 90th percentile",
    );
    expect(reasons.maxNumSeqs).toContain("a ceiling of 256");
  });
});
