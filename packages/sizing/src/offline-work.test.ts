import { describe, expect, it } from "vitest";
import { placeReplicas, timesOf, type Candidate } from "./candidate";
import { waitAt } from "./fleet-dynamics/queueing";
import { lengthDistribution } from "./length-distribution";
import { meanRequest, type Load } from "./load";
import { mostOffline, neededOffline } from "./offline-work";
import type { ReplicaPlan } from "./replica-plan";
import { peakAt, promptWork, steadyTimes } from "./replica-times";
import { toyInstance, toyPlan, toyPrice, toyRequirement } from "./toy-plan.fixture";

const work = { tokensPerSecond: 50, prompt: 1000, output: 100, hoursPerDay: 24 };
const loadOf = (requestsPerSecond: number, more: Partial<Load> = {}): Load =>
  toyRequirement({}, { requestsPerSecond, offline: work, ...more }).load;

/** What runs in one group with so many offline requests, by going round until it rests. */
function atRest(plan: ReplicaPlan, load: Load, rate: number, places: number, kind = work) {
  const own = meanRequest(load);
  const other = { prompt: kind.prompt, output: kind.output, computed: kind.prompt };
  const mixed = (x: number) => {
    const of = (a: number, b: number) => (a * x + b * places) / (x + places);
    return {
      prompt: of(own.prompt, other.prompt),
      output: of(own.output, other.output),
      computed: of(own.computed, other.computed),
    };
  };
  let x = 1;
  for (let i = 0; i < 200; i++) {
    const { ttft, tpot } = steadyTimes(plan.model, mixed(x), Math.max(1, x + places));
    x = (x + rate * (ttft + own.output * tpot)) / 2;
  }
  return { x, peak: peakAt(load, x, 95), size: mixed(x), own, other };
}

describe("the most that offline work gets", () => {
  it("is remembered for the plan, the replicas and the share", () => {
    const plan = toyPlan();
    const load = loadOf(4);
    const most = mostOffline(plan, load, work, 2, 1);
    expect(mostOffline(plan, load, work, 2, 1)).toBe(most);
    expect(mostOffline(plan, load, work, 2, 0.5).places).toBe(Math.floor(most.places / 2));
    expect(mostOffline(plan, load, work, 1, 1).places).toBeLessThan(most.places);
  });

  it("twice the load over twice the replicas: as many places on each, twice the tokens", () => {
    const [one, two] = [mostOffline(toyPlan(), loadOf(4), work, 1, 1), mostOffline(toyPlan(), loadOf(8), work, 2, 1)];
    expect(one.places).toBeGreaterThan(0);
    expect(two.places).toBe(one.places);
    expect(two.tokensPerSecond).toBeCloseTo(2 * one.tokensPerSecond, 6);
  });

  it("a replica of two groups, with twice the cache and twice the load, is two replicas", () => {
    const tight = { cacheTokens: 40_000 };
    const one = mostOffline(toyPlan(tight), loadOf(4), work, 1, 1);
    const double = toyPlan({ groups: 2, cacheTokens: 80_000 });
    const two = mostOffline(double, loadOf(8), work, 1, 1);
    expect(two.places).toBe(2 * one.places);
    expect(two.tokensPerSecond).toBeCloseTo(2 * one.tokensPerSecond, 6);
    const some = neededOffline(toyPlan(tight), loadOf(4), work, 1, one);
    expect(some.places).toBeLessThan(one.places);
    const both = neededOffline(double, loadOf(8), { ...work, tokensPerSecond: 100 }, 1, two);
    expect(both.places).toBe(2 * some.places);
    expect(both.tokensPerSecond).toBeCloseTo(2 * some.tokensPerSecond, 6);
    // Who wants more than there is gets all of it.
    expect(neededOffline(double, loadOf(8), { ...work, tokensPerSecond: 1e9 }, 1, two).places).toBe(two.places);
  });

  it("places beside the 95th percentile of what runs", () => {
    const plan = toyPlan();
    const { places } = mostOffline(plan, loadOf(8), work, 1, 1);
    expect(atRest(plan, loadOf(8), 8, places).peak + places).toBeLessThanOrEqual(64.1);
    expect(atRest(plan, loadOf(8), 8, places + 1).peak + places + 1).toBeGreaterThan(64);
  });

  it.each([0, 600])("the cache holds both, %d tokens of a prompt shared", (sharedPrefix) => {
    const plan = toyPlan({ cacheTokens: 30_000 });
    const load = loadOf(8, { sharedPrefix });
    const { places } = mostOffline(plan, load, work, 1, 1);
    const used = (n: number) => atRest(plan, load, 8, n).peak * (1100 - sharedPrefix) + n * 1100;
    expect(used(places)).toBeLessThanOrEqual(30_100);
    expect(used(places + 1)).toBeGreaterThan(30_000);
    expect(places).toBeLessThan(27);
    expect(places).toBeGreaterThan(4);
  });

  it("longer offline requests take more of the cache, and make the others slower", () => {
    const long = { ...work, prompt: 3000, output: 200 };
    const plan = toyPlan({ cacheTokens: 50_000 });
    const { places } = mostOffline(plan, loadOf(5), long, 1, 1);
    const used = (n: number) => atRest(plan, loadOf(5), 5, n, long).peak * 1100 + n * 3200;
    expect(used(places)).toBeLessThanOrEqual(50_100);
    expect(used(places + 1)).toBeGreaterThan(50_000);
  });

  /** The first token of an interactive request: its own, and the wait behind the prompts of both. */
  const firstToken = (plan: ReplicaPlan, load: Load, rate: number, places: number) => {
    const { x, peak, size, other } = atRest(plan, load, rate, places);
    const { ttft, tpot } = steadyTimes(plan.model, size, peak + places);
    const end = steadyTimes(plan.model, other, x + places);
    const prompts = rate + places / (end.ttft + other.output * end.tpot);
    return { first: ttft + waitAt(0.95, prompts, promptWork(plan.model.machine, size, x + places), 0, 1), tpot };
  };

  it("as many as the first token bears", () => {
    const plan = toyPlan();
    const within = (seconds: number) => {
      const load = loadOf(4, { ttft: { seconds, percentile: 95 } });
      return mostOffline({ ...plan }, load, work, 1, 1).places;
    };
    const free = within(100);
    for (const n of [5, 15, 25]) {
      const { first } = firstToken(plan, loadOf(4), 4, n);
      expect(n).toBeLessThan(free);
      expect(within(first * 1.002)).toBeGreaterThanOrEqual(n);
      expect(within(first * 0.998)).toBeLessThan(n);
    }
  });

  it("as many as the whole request bears: the first token and the tokens of a long output", () => {
    const plan = toyPlan();
    const within = (load: Load) => mostOffline({ ...plan }, load, work, 1, 1).places;
    const free = within(loadOf(4));
    for (const n of [5, 15]) {
      const { first, tpot } = firstToken(plan, loadOf(4), 4, n);
      const whole = first + 100 * tpot;
      expect(n).toBeLessThan(free);
      expect(within(loadOf(4, { endToEnd: { seconds: whole * 1.002, percentile: 95 } }))).toBeGreaterThanOrEqual(n);
      expect(within(loadOf(4, { endToEnd: { seconds: whole * 0.998, percentile: 95 } }))).toBeLessThan(n);
    }
    // Half of the outputs are short: their target bears more beside it than that of the longest twentieth.
    const output = lengthDistribution({ bins: [{ upTo: 200, count: 1 }] }, 190, 1000);
    const at = (percentile: 50 | 95) => within(loadOf(4, { output, endToEnd: { seconds: 2.2, percentile } }));
    expect(at(50)).toBeGreaterThan(at(95));
  });
});

describe("hosts for offline work", () => {
  /** Hosts of four GPUs, two replicas on each. */
  const plan = (more: Partial<ReplicaPlan> = {}) =>
    toyPlan({ parallelism: { tensor: 2, stages: 1, hosts: 1 }, ...more });
  const placed = (wanted: number, rate: number, which = plan(), more = {}): Candidate => {
    const load = { requestsPerSecond: rate, offline: { ...work, tokensPerSecond: wanted } };
    const outcome = placeReplicas(toyRequirement(more, load), toyInstance(4), toyPrice, which);
    if (!outcome.ok) throw new Error(outcome.reason);
    return outcome.candidate;
  };
  const made = (hosts: number, rate: number, which = plan()) =>
    mostOffline({ ...which }, loadOf(rate), work, 2 * hosts, 1).tokensPerSecond;

  it.each([1, 2, 3, 5, 8, 13])("exactly what %d hosts make takes so many, a token more another one", (hosts) => {
    const wanted = made(hosts, 4);
    expect(placed(wanted, 4).instances).toBe(hosts);
    expect(placed(wanted + 1, 4).instances).toBe(hosts + 1);
    expect(placed(wanted, 4).monthlyUsd).toBe(7300 * hosts);
    expect(placed(wanted, 4).offline?.tokensPerSecond).toBeGreaterThanOrEqual(wanted);
  });

  it("where the load leaves no place at first, hosts come until it does", () => {
    // Eight at once: 10 requests a second on two replicas leave none.
    const few = plan({ groupLimit: 8 });
    expect(made(1, 10, few)).toBe(0);
    const first = [1, 2, 3, 4, 5, 6].find((hosts) => made(hosts, 10, few) > 0) ?? 0;
    expect(first).toBeGreaterThan(1);
    expect(placed(1e-6, 10, few).instances).toBe(first);
    const ten = made(10, 10, few);
    expect(placed(ten, 10, few).instances).toBe(10);
  });

  it("64 times what the load needs is the end", () => {
    const most = made(64, 4);
    expect(placed(most, 4).instances).toBe(64);
    expect(() => placed(most + 1, 4)).toThrow("64 hosts");
  });

  it("replicas over two hosts come with both, and so do those that may fail", () => {
    const wide = plan({ parallelism: { tensor: 4, stages: 2, hosts: 2 } });
    for (const wanted of [1, 5000, 9000, 14_000]) expect(placed(wanted, 4, wide).instances % 2).toBe(0);
    // 12 / 5: three replicas of two hosts, and two more of them.
    const spare = placeReplicas(toyRequirement({ spareHosts: 2 }), toyInstance(4), toyPrice, wide);
    expect(spare.ok && spare.candidate).toMatchObject({ instances: 10, replicas: 5 });
    expect(spare.ok && "offline" in spare.candidate).toBe(false);
  });

  it("what cannot be spread has no times, whatever the groups", () => {
    for (const groups of [1, 2]) expect(timesOf(toyPlan({ groups, groupLimit: 1 }), 1)).toBeUndefined();
  });
});
