import { describe, expect, it } from "vitest";
import { fixedLength, type LengthDistribution } from "./length-distribution";
import type { Load } from "./load";
import { largestWithinTarget, manyOf, sustainedRate, targetRefusal } from "./replica-rate";
import { loadTimes, steadyThroughput, steadyTimes, tokensTime, type ReplicaModel } from "./replica-times";
import { requirementOf, type Requirement } from "./requirement";
import { even, toy } from "./toy-machine.fixture";

const found = requirementOf({
  fleet: "chat",
  model: "llama-3.1-8b-instruct",
  format: "bf16",
  region: "us-east-1",
  workload: { promptTokens: 1000, outputTokens: 100, requestsPerSecond: 5 },
});
if (typeof found === "string") throw new Error(found);
const need: Requirement = found;
const under = (load: Partial<Load>): Requirement => ({ ...need, load: { ...need.load, ...load } });
/** A step takes 10 ms, a prompt of 1000 tokens 40 ms of computing. */
const replica: ReplicaModel = { machine: even(), stepTokens: 8192, crossing: () => 0 };
const size = { prompt: 1000, output: 100, computed: 1000 };
/** A mean and a standard deviation. */
const spread = (mean: number, deviation: number): LengthDistribution => ({
  ...fixedLength(mean),
  squaredVariation: (deviation / mean) ** 2,
});

describe("requests of varying lengths in the place of equal ones", () => {
  // Deviations of 400 and 300 make 500; 1.645 x 500 / 411.25 = 2: n + 2 x n^(1/2) = what fits.
  const varied = under({ prompt: spread(200, 400), output: spread(211.25, 300) });

  it("equal ones: as many as fit, in whole requests", () => {
    const equal = under({ prompt: fixedLength(200), output: fixedLength(211) });
    expect([0.5, 1, 3, 12.9].map((fitting) => manyOf(equal, fitting))).toEqual([0, 1, 3, 12]);
  });

  it("varying ones: rather fewer, so that 95 of 100 mixes fit", () => {
    // 9^2 + 2 x 9 = 99, 10^2 + 2 x 10 = 120.
    expect(manyOf(varied, 99.5)).toBe(81);
    expect(manyOf(varied, 98.5)).toBe(80);
    expect(manyOf(varied, 120.5)).toBe(100);
  });

  it("one always, where the mean fits at all", () => {
    expect(manyOf(varied, 1)).toBe(1);
  });

  it("either length alone counts too", () => {
    // 1.645 x 400 / 658 = 1: 9^2 + 9 = 90.
    expect(manyOf(under({ prompt: spread(458, 400), output: fixedLength(200) }), 90.5)).toBe(81);
    expect(manyOf(under({ prompt: fixedLength(200), output: spread(458, 400) }), 90.5)).toBe(81);
  });
});

describe("the most that run within a target for the time per token", () => {
  const target = (seconds: number) => under({ tpot: { seconds, percentile: 95 } });

  it("a time that equals the target keeps it", () => {
    // 10 ms and 0.4 ms for each other: 11.2 ms for four.
    expect(largestWithinTarget(replica, target(tokensTime(replica.machine, size, 4)), size, 64)).toBe(4);
    expect(largestWithinTarget(replica, target(0.01121), size, 64)).toBe(4);
    expect(largestWithinTarget(replica, target(0.01119), size, 64)).toBe(3);
    expect(largestWithinTarget(replica, target(0.0099), size, 64)).toBe(0);
    expect(largestWithinTarget(replica, target(1), size, 64)).toBe(64);
    expect(largestWithinTarget(replica, target(0.01121), size, 3)).toBe(3);
  });

  it("what a token takes between stages counts", () => {
    // 10 ms + 0.4 ms x (n - 1) + 0.1 ms x n = 11.6 ms for four.
    const staged = { ...replica, crossing: (tokens: number) => tokens * 1e-4 };
    expect(largestWithinTarget(staged, target(0.01161), size, 64)).toBe(4);
    expect(largestWithinTarget(staged, target(0.01159), size, 64)).toBe(3);
  });

  it("nothing ends it without a target or without outputs", () => {
    expect(largestWithinTarget(replica, need, size, 77)).toBe(77);
    expect(largestWithinTarget(replica, target(1e-9), { ...size, output: 0 }, 77)).toBe(77);
  });
});

describe("the rate that a replica is trusted with", () => {
  it("is what passes, less the headroom", () => {
    const most = steadyThroughput(replica, size, 16);
    expect(sustainedRate(replica, { ...need, batch: true, headroom: 0.2 }, size, 16)).toBeCloseTo(0.8 * most, 2);
    expect(sustainedRate(replica, { ...need, batch: true, headroom: 0 }, size, 16)).toBeCloseTo(most, 2);
  });

  it("is nothing where a target leaves less than a thousandth of it", () => {
    const alone = loadTimes(replica, need.load, 1e-3, 64)?.ttft ?? 0;
    expect(sustainedRate(replica, under({ ttft: { seconds: alone, percentile: 95 } }), size, 64)).toBe(0);
    const loose = loadTimes(replica, need.load, 1, 64)?.ttft ?? 0;
    expect(sustainedRate(replica, under({ ttft: { seconds: loose, percentile: 95 } }), size, 64)).toBeCloseTo(1, 1);
  });
});

describe("why not even one request keeps the targets", () => {
  const at = (seconds: number, percentile: 50 | 95 = 95) => ({ seconds, percentile });
  /** Nine of ten are 1000 and 100 tokens, the others twice as long. */
  const long = (mean: number): LengthDistribution => ({
    ...fixedLength(mean),
    at: (share) => (share > 0.9 && share < 1 ? 2 * mean : mean),
  });
  const lengths = { prompt: long(1000), output: long(100) };
  const looking: ReplicaModel = { machine: toy(), stepTokens: 8192, crossing: () => 0 };
  const alone = (prompt: number, computed = prompt) => steadyTimes(looking, { prompt, output: 100, computed }, 1);
  const figures = (text: string) => (text.match(/\d+(\.\d+)?/g) ?? []).map(Number);
  const refusal = (load: Partial<Load>) => figures(targetRefusal(looking, under({ ...lengths, ...load }), size));

  it("the first token of a prompt as long as the percentile's, against its target in ms", () => {
    expect(refusal({ ttft: at(0.001) })).toEqual([Math.round(alone(2000).ttft * 1000), 1]);
    expect(refusal({ ttft: at(9) })).toEqual([Math.round(alone(2000).ttft * 1000), 9000]);
    expect(refusal({ ttft: at(0.002, 50) })).toEqual([Math.round(alone(1000).ttft * 1000), 2]);
    expect(refusal({ ttft: at(0.001), endToEnd: at(9) })).toEqual([Math.round(alone(2000).ttft * 1000), 1]);
    // What all share is in the cache, but is looked back at.
    expect(refusal({ ttft: at(0.001), sharedPrefix: 900 })).toEqual([Math.round(alone(2000, 1100).ttft * 1000), 1]);
  });

  it("a whole request with outputs as long as the percentile's, where the first token is in time", () => {
    const { ttft, tpot } = alone(2000);
    const whole = Number((ttft + 200 * tpot).toFixed(1));
    expect(whole).toBeGreaterThan(2);
    expect(refusal({ endToEnd: at(0.5) })).toEqual([whole, 0.5]);
    expect(refusal({ ttft: at(9), endToEnd: at(0.5) })).toEqual([whole, 0.5]);
    // A first token exactly at its target is in time.
    expect(refusal({ ttft: at(ttft), endToEnd: at(0.5) })).toEqual([whole, 0.5]);
    const short = Number((ttft + 100 * tpot).toFixed(1));
    expect(refusal({ endToEnd: at(0.25, 50) })).toEqual([short, 0.25]);
  });
});
