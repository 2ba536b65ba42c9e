import { describe, expect, it } from "vitest";
import type { Load, Target } from "./load";
import { withPlaces } from "./replica-plan";
import { roundPlaces } from "./replica-rate";
import { keepsTargets } from "./replica-times";
import { toyPlan, toyRequirement } from "./toy-plan.fixture";
import { keepsBesideOffline, simulatePlan, verifyPlan } from "./verify";

type Kind = "ttft" | "tpot" | "endToEnd";
const within = (kind: Kind, seconds: number) => ({ [kind]: { seconds, percentile: 95 } as Target });
const offline = { tokensPerSecond: 1, prompt: 1000, output: 100, hoursPerDay: 24 };
const loadOf = (more: Partial<Load> = {}): Load => toyRequirement({}, more).load;

describe("what the simulation lets a replica be", () => {
  const cases: [Kind, number, number, number][] = [
    ["ttft", 0.3, 20, 64],
    ["ttft", 0.13, 5, 16],
    ["endToEnd", 1.5, 20, 16],
    ["endToEnd", 3, 20, 64],
    ["tpot", 0.014, 20, 16],
    ["tpot", 0.016, 20, 16],
    ["tpot", 0.02, 20, 64],
  ];

  it.each(cases)("%s of %d s, %d requests/s with %d at once", (kind, seconds, rate, groupLimit) => {
    const need = toyRequirement({}, within(kind, seconds));
    const plan = toyPlan({ rate, groupLimit });
    const found = verifyPlan(need, plan, 60);
    const power = Math.log(found.rate) / Math.log(1.04);
    const keeps = (which: typeof plan, at: number) => keepsTargets(need.load, simulatePlan(which, need.load, at));
    expect(found.rate).toBeLessThan(rate);
    expect(found.rate).toBeLessThanOrEqual(found.plan.rate);
    if (found.rate < found.plan.rate) {
      // A power of 1.04 that is kept, and the next one is not.
      expect(power).toBeCloseTo(Math.round(power), 6);
      expect(keeps(found.plan, found.rate)).toBe(true);
      expect(keeps(found.plan, found.rate * 1.04)).toBe(false);
    } else expect(keeps(found.plan, 1.04 ** Math.ceil(power - 1e-9))).toBe(true);
    expect(found.plan.rate).toBe(
      found.plan.groupLimit === groupLimit ? rate : withPlaces(need, plan, found.plan.groupLimit).rate,
    );
    // No other number of places carries a step more.
    for (let places = groupLimit, left = 8; places > 0 && left > 0; places = roundPlaces(places - 1), left--) {
      const other = places === groupLimit ? plan : withPlaces(need, plan, places);
      const next = 1.04 ** (Math.ceil(power - 1e-9) + 1);
      if (other.rate > next) expect(keeps(other, next), String(places)).toBe(false);
    }
  });

  it("a rate is refused for good after seven runs: 1, 3, 7, 15, 31 and 40 steps lower", () => {
    const need = toyRequirement({}, within("ttft", 0.001));
    for (const groupLimit of [1, 64])
      expect(verifyPlan(need, toyPlan({ groupLimit }), 60)).toMatchObject({ rate: 0, runs: 7 });
  });

  it("the plan's own rate is asked for at the step at or above it, and given as it is", () => {
    const need = toyRequirement({}, within("ttft", 10));
    for (const rate of [5, 1.04 ** 30])
      expect(verifyPlan(need, toyPlan({ rate }), 60)).toMatchObject({ rate, runs: 1 });
  });

  it("no further places are tried once the runs are used up", () => {
    const need = toyRequirement({}, within("tpot", 0.014));
    const plan = toyPlan({ rate: 20, groupLimit: 16 });
    const all = verifyPlan(need, plan, 60);
    const few = verifyPlan(need, plan, 1);
    expect(all.plan.groupLimit).toBe(10);
    expect(few.plan.groupLimit).toBe(16);
    expect(few.rate).toBeLessThan(all.rate);
    expect(few.runs).toBeLessThan(all.runs);
    expect(verifyPlan(need, plan, few.runs)).toEqual(few);
    expect(verifyPlan(need, plan, few.runs + 1).runs).toBeGreaterThan(few.runs);
  });
});

describe("an engine with offline work beside its load", () => {
  const clients = { places: 8, prompt: 1000, output: 100 };

  it("is simulated for 300 s of its load: 100 requests at least, no more than without; nine tenths count", () => {
    const counted = (rate: number, beside = true) =>
      simulatePlan(toyPlan(), loadOf(), rate, beside ? clients : undefined).requests;
    expect([0.1, 0.5, 1, 2, 4].map((rate) => counted(rate))).toEqual([90, 135, 270, 540, 720]);
    expect(counted(0.1, false)).toBe(720);
  });

  it("is slower than without", () => {
    const alone = simulatePlan(toyPlan(), loadOf(), 4);
    const beside = simulatePlan(toyPlan(), loadOf(), 4, clients);
    expect(beside.tpot).toBeGreaterThan(alone.tpot);
    expect(beside.ttft).toBeGreaterThan(alone.ttft);
  });

  it("is asked about where there are places in a group, and targets", () => {
    const never = loadOf({ ...within("ttft", 1e-6), offline });
    const { offline: none, ...without } = never;
    expect(none).toBe(offline);
    expect(keepsBesideOffline(toyPlan(), never, 8, 1)).toBe(false);
    expect(keepsBesideOffline(toyPlan(), never, 8, 0)).toBe(true);
    expect(keepsBesideOffline(toyPlan(), without, 8, 1)).toBe(true);
    expect(keepsBesideOffline(toyPlan(), loadOf({ offline }), 8, 1)).toBe(true);
    expect(keepsBesideOffline(toyPlan({ groups: 2 }), never, 8, 1)).toBe(true);
    expect(keepsBesideOffline(toyPlan({ groups: 2 }), never, 8, 2)).toBe(false);
  });

  it("as many in each group as its share of the places, at its share of the load", () => {
    const load = loadOf({ requestsPerSecond: 8, offline });
    const { ttft } = simulatePlan(toyPlan(), load, 4, clients);
    const [kept, missed] = [ttft * 1.001, ttft * 0.999].map((seconds) => ({ ...load, ...within("ttft", seconds) }));
    if (kept === undefined || missed === undefined) throw new Error("two loads");
    expect([kept, missed].map((one) => keepsBesideOffline(toyPlan(), one, 2, 8))).toEqual([true, false]);
    expect([kept, missed].map((one) => keepsBesideOffline(toyPlan({ groups: 2 }), one, 1, 16))).toEqual([true, false]);
  });
});
