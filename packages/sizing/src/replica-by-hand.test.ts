import { describe, expect, it } from "vitest";
import { meanTimes, tokenTime, waitedSteps } from "./closed-loop";
import { peakedness } from "./fleet-dynamics/queueing";
import { fixedLength, lengthDistribution, normalQuantile, type LengthDistribution } from "./length-distribution";
import { computedTokens, deviations, loadOf, longRequest, meanRequest, type Load } from "./load";
import {
  highestRate,
  keepsTargets,
  loadTimes,
  peakAt,
  promptWork,
  steadyThroughput,
  steadyTimes,
  tokensTime,
  type ReplicaModel,
} from "./replica-times";
import { runningLimit } from "./running-limit";
import { promptCompute } from "./step-time";
import { firstTokenConstants as f } from "./time-constants";
import { even, toy } from "./toy-machine.fixture";
import type { Workload } from "./workload";

// A step takes 10 ms, a prompt of 1000 tokens 40 ms of computing.
const m = even();
const replica: ReplicaModel = { machine: m, stepTokens: 8192, crossing: () => 0 };
const size = { prompt: 1000, output: 100, computed: 1000 };
const lengths = { prompt: 1000, output: 100 };
const load: Load = {
  requestsPerSecond: 5,
  variation: 1,
  prompt: fixedLength(1000),
  output: fixedLength(100),
  sharedPrefix: 0,
  hitShare: 0,
  newShare: 1,
};

describe("a replica at a fixed number of requests", () => {
  it("without cache, stages or cut prompts: the times of a closed loop", () => {
    for (const n of [1, 4, 30]) expect(steadyTimes(replica, size, n)).toEqual(meanTimes(m, lengths, n));
    expect(tokensTime(m, size, 4)).toBeCloseTo(0.0112, 12);
    expect(steadyThroughput(replica, size, 4)).toBeCloseTo(4 / (meanTimes(m, lengths, 4).ttft + 1.12), 12);
  });

  it("what is in the cache is not computed, neither one's own nor the others'", () => {
    const half = { ...size, computed: 500 };
    // 20 ms less of each prompt: own x 1.05 (fitted), of three others their share.
    const whole = meanTimes(m, lengths, 4);
    const { ttft, tpot } = steadyTimes(replica, half, 4);
    expect(ttft).toBeCloseTo(whole.ttft - 0.02 * f.dense - 3 * f.others * 0.02, 12);
    expect(tpot).toBeCloseTo(0.01 + 3 * 0.0002, 12);
    expect(tokensTime(m, { ...size, computed: 1 }, 1)).toBeCloseTo(0.01, 12);
    // Never below the handling and one step.
    expect(steadyTimes(replica, { ...size, computed: 1 }, 1).ttft).toBeGreaterThanOrEqual(f.dispatch + 0.01);
  });

  it("a prompt over several steps waits for each but the first", () => {
    const cut = { ...replica, stepTokens: 404 };
    // 1000 tokens at 400 a step beside 4 that run: three pieces, two more steps.
    expect(steadyTimes(cut, size, 4).ttft).toBeCloseTo(meanTimes(m, lengths, 4).ttft + 0.02, 12);
    expect(steadyTimes({ ...replica, stepTokens: 1004 }, size, 4).ttft).toBeCloseTo(meanTimes(m, lengths, 4).ttft, 12);
  });

  it("stages: a prompt crosses once, each step that is waited for and each token again", () => {
    const staged = { ...replica, crossing: (tokens: number) => tokens * 1e-5 };
    const { ttft, tpot } = steadyTimes(staged, size, 4);
    expect(tpot).toBeCloseTo(0.0112 + 4e-5, 12);
    expect(ttft).toBeCloseTo(meanTimes(m, lengths, 4).ttft + 0.01 + waitedSteps(4) * 4e-5, 12);
  });

  it("an encoder's throughput is one prompt after the other", () => {
    const encoded = { ...size, output: 0 };
    expect(steadyTimes(replica, encoded, 4)).toEqual(meanTimes(m, { prompt: 1000, output: 0 }, 4));
    expect(steadyThroughput(replica, encoded, 4)).toBeCloseTo(25, 12);
  });

  it("a cached prompt is still looked back at", () => {
    expect(promptWork(m, { prompt: 1000, computed: 1000 }, 4)).toBeCloseTo(0.04, 12);
    expect(promptWork(m, { prompt: 1000, computed: 500 }, 4)).toBeCloseTo(0.02, 12);
    // With attention: 2 x 60 x 1000 x (1000^2 - 500^2 - 500^2) more operations at half of the peak in 16 bit.
    const looking = toy();
    const more = (2 * 60 * 1000 * 5e5) / 5e13;
    const work = promptWork(looking, { prompt: 1000, computed: 500 }, 4);
    expect(work).toBeCloseTo(promptCompute(looking, 500) + more, 12);
  });
});

describe("a replica under arrivals", () => {
  it("runs as many as Little's law says; the first token is stated at the percentile of the target", () => {
    const times = loadTimes(replica, load, 5, 64);
    if (!times) throw new Error("keeps up");
    expect(steadyThroughput(replica, size, times.concurrency)).toBeCloseTo(5, 2);
    const peak = times.concurrency + 1.644854 * Math.sqrt(times.concurrency);
    expect(times.peak).toBeCloseTo(peak, 4);
    // M/D/1 with a fifth of the time in prompts: mean 5 ms; the 95th percentile 25 ms x ln 4.
    const first = f.dispatch + waitedSteps(peak) * 0.01 + f.dense * 0.04 + f.perRequest * peak + 0.025 * Math.log(4);
    expect(times.ttft).toBeCloseTo(first, 6);
    expect(times.tpot).toBeCloseTo(tokenTime(m, lengths, peak), 6);
    const typical = tokenTime(m, lengths, times.concurrency);
    expect(times.endToEnd).toBeCloseTo(first + 100 * typical + 100 * (times.tpot - typical), 6);
    const median = loadTimes(replica, { ...load, ttft: { seconds: 9, percentile: 50 } }, 5, 64);
    expect(median?.peak).toBeCloseTo(times.concurrency, 9);
    expect(median?.ttft).toBeLessThan(times.ttft);
    expect(loadTimes(replica, { ...load, tpot: { seconds: 9, percentile: 50 } }, 5, 64)?.tpot).toBeCloseTo(typical, 9);
    expect(loadTimes(replica, { ...load, endToEnd: { seconds: 9, percentile: 50 } }, 5, 64)?.endToEnd).toBeLessThan(
      times.endToEnd,
    );
    expect(loadTimes(replica, load, 5, 8)?.peak).toBe(8);
    expect(loadTimes(replica, load, 0.01, 8)?.peak).toBe(1);
  });

  it("more than passes, or prompts in 95 % of the time, is refused", () => {
    const most = steadyThroughput(replica, size, 64);
    expect(loadTimes(replica, load, most * 1.001, 64)).toBeUndefined();
    expect(loadTimes(replica, load, most * 0.999, 64)).toBeDefined();
    expect(steadyThroughput(replica, size, 10_000)).toBeGreaterThan(23.8);
    expect(loadTimes(replica, load, 23.8, 10_000)).toBeUndefined();
    expect(loadTimes(replica, load, 23.7, 10_000)).toBeDefined();
  });

  it("stages, a shared prefix and cut prompts under arrivals, with every place taken", () => {
    const staged = { machine: m, stepTokens: 204, crossing: (tokens: number) => tokens * 1e-5 };
    const times = loadTimes(staged, { ...load, sharedPrefix: 500 }, 2.5, 4);
    expect(times?.peak).toBe(4);
    // 500 tokens at 200 a step: two more steps; prompts in a twentieth of the time, so 95 of 100 wait no longer than the mean.
    const own = f.dense * 0.02 + 500e-5;
    const wait = (0.05 * 0.02) / (2 * 0.95);
    const expected = f.dispatch + waitedSteps(4) * 0.01004 + own + f.perRequest * 4 + 0.02 + wait;
    expect(times?.ttft).toBeCloseTo(expected, 9);
    expect(times?.tpot).toBeCloseTo(0.01 + 3 * 0.0002 + 4e-5, 12);
  });

  it("steps are those of a context half-way through the outputs", () => {
    const reading: ReplicaModel = { ...replica, machine: toy({ peak: 1e30, peak16: 1e30 }), stepTokens: 504 };
    const step = 0.010504;
    expect(tokensTime(reading.machine, size, 4)).toBeCloseTo(step, 9);
    expect(steadyTimes(reading, size, 4).ttft).toBeCloseTo(meanTimes(reading.machine, lengths, 4).ttft + step, 9);
    const times = loadTimes(reading, load, 3, 4);
    expect(times?.peak).toBe(4);
    expect(times?.ttft).toBeCloseTo(f.dispatch + waitedSteps(4) * step + f.dense * 0.01 + f.perRequest * 4 + step, 9);
  });

  it("long requests: a longer prompt and the wait are seldom long together, longer outputs take their steps", () => {
    const spread = (mean: number, long: number): LengthDistribution => ({
      at: (share) => (share > 0.9 ? long : mean),
      mean,
      squaredVariation: 0,
    });
    const base = loadTimes(replica, load, 5, 64);
    const prompts = loadTimes(replica, { ...load, prompt: spread(1000, 2000) }, 5, 64);
    const wait = 0.025 * Math.log(4) - 0.005;
    const own = f.dense * 0.04;
    expect((prompts?.ttft ?? 0) - (base?.ttft ?? 0)).toBeCloseTo(Math.hypot(wait, own) - wait, 6);
    const outputs = loadTimes(replica, { ...load, output: spread(100, 150) }, 5, 64);
    if (!base || !outputs) throw new Error("keeps up");
    const typical = tokenTime(m, lengths, base.concurrency);
    const tail = Math.hypot(50 * base.tpot, 100 * (base.tpot - typical));
    expect(outputs.endToEnd).toBeCloseTo(base.ttft + 100 * typical + tail, 6);
  });

  it("bursts widen the number that runs", () => {
    expect(peakAt(load, 16, 95)).toBeCloseTo(16 + 1.644854 * 4, 4);
    expect(peakAt(load, 16, 50)).toBe(16);
    const bursts = { ...load, variation: 3 };
    expect(peakAt(bursts, 16, 95)).toBeCloseTo(16 + 1.644854 * 3 * 4, 4);
    const mixed = { ...bursts, output: { ...load.output, squaredVariation: 1 } };
    expect(peakAt(mixed, 16, 95)).toBeCloseTo(16 + 1.644854 * peakedness(3, 1) * 4, 4);
  });

  it("an encoder is one server: M/D/1, and what a longer prompt takes itself", () => {
    const encoder = { ...load, output: fixedLength(0) };
    const times = loadTimes(replica, encoder, 10, 64);
    const wait = (0.04 / 1.2) * Math.log(8);
    expect(times?.concurrency).toBeCloseTo(0.4, 12);
    expect(times?.peak).toBeCloseTo(0.4 + 1.644854 * Math.sqrt(0.4), 5);
    expect(times?.ttft).toBeCloseTo(f.dispatch + f.dense * 0.04 + wait, 9);
    expect(times?.endToEnd).toBeCloseTo(f.dispatch + f.dense * 0.04 + wait, 9);
    expect(times?.tpot).toBe(0);
    expect(loadTimes(replica, encoder, 23.75, 64)).toBeUndefined();
    expect(loadTimes(replica, encoder, 23.7, 64)).toBeDefined();
    const long = { ...encoder, prompt: { ...fixedLength(1000), at: (share: number) => (share > 0.9 ? 2000 : 1000) } };
    const mean = (0.4 * 0.04) / 1.2;
    const expected = f.dispatch + f.dense * 0.04 + mean + Math.hypot(wait - mean, f.dense * 0.04);
    expect(loadTimes(replica, long, 10, 64)?.ttft).toBeCloseTo(expected, 9);
  });
});

describe("requests that run at once", () => {
  // 1000 + 100 / 2 tokens in pages of 16: 1056 x 120 kB.
  const each = (1056 * 120_000) / 2 ** 30;
  const limit = (limits: object, change: object = {}, of = lengths) =>
    runningLimit(toy(change), of, { kvCacheGiB: 10 * each, ...limits });

  it("are ended by the cache, by the engine's limit, or by the prompts that a step takes", () => {
    expect(limit({})).toBeCloseTo(10, 9);
    expect(limit({ pipelineParallel: 2 })).toBeCloseTo(20, 9);
    expect(limit({ maxNumSeqs: 4 })).toBe(4);
    // 20 prompt tokens a step over 100 steps: two more prompts of 1000.
    expect(limit({ maxNumBatchedTokens: 20 })).toBeCloseTo(3, 9);
    expect(limit({ maxNumBatchedTokens: 20 }, {}, { prompt: 1000, output: 0 })).toBeGreaterThan(9);
    expect(limit({ kvCacheGiB: 0 })).toBe(1);
    expect(limit({}, { dataParallel: 2 })).toBeCloseTo(20, 9);
    expect(runningLimit(m, lengths, { maxNumSeqs: 77, kvCacheGiB: 1 })).toBe(77);
  });
});

describe("the highest rate", () => {
  const target = (seconds: number): Load => ({ ...load, ttft: { seconds, percentile: 95 } });

  it("is what passes where nothing else ends it, but not above the ceiling", () => {
    const most = steadyThroughput(replica, size, 16);
    expect(highestRate(replica, load, 16, 99, true)).toBeCloseTo(most, 2);
    expect(highestRate(replica, load, 16, 4, true)).toBeCloseTo(4, 2);
    expect(highestRate(replica, load, 16, 4, true)).toBeLessThanOrEqual(4);
  });

  it("keeps bursts inside of the places unless requests may queue", () => {
    const rate = highestRate(replica, load, 16, 99, false);
    const running = loadTimes(replica, load, rate, 16)?.concurrency ?? 0;
    expect(peakAt(load, running, 95)).toBeLessThanOrEqual(16.02);
    expect(peakAt(load, running, 95)).toBeGreaterThan(15.9);
  });

  it("keeps every target, and a little more breaks it", () => {
    for (const one of [
      target(0.15),
      { ...load, tpot: { seconds: 0.012, percentile: 95 } },
      { ...load, endToEnd: { seconds: 1.3, percentile: 95 } },
    ] satisfies Load[]) {
      const rate = highestRate(replica, one, 64, 99, true);
      const at = (factor: number) => loadTimes(replica, one, rate * factor, 64);
      expect(rate).toBeGreaterThan(1);
      const [kept, broken] = [at(0.99), at(1.02)];
      expect(kept && keepsTargets(one, kept)).toBe(true);
      expect(broken && keepsTargets(one, broken)).toBe(false);
    }
    expect(highestRate(replica, target(0.01), 64, 99, true)).toBe(0);
  });

  it("of an encoder: up to the ceiling, its target, or 95 % of the time", () => {
    const encoder = { ...load, output: fixedLength(0) };
    expect(highestRate(replica, encoder, 64, 10, true)).toBeCloseTo(10, 2);
    expect(highestRate(replica, encoder, 64, 99, true)).toBeCloseTo(23.75, 1);
    const rate = highestRate(replica, { ...target(0.1), output: fixedLength(0) }, 64, 99, true);
    expect(loadTimes(replica, encoder, rate, 64)?.ttft).toBeCloseTo(0.1, 3);
  });

  it("times keep targets that they equal", () => {
    const times = { ttft: 1, tpot: 2, endToEnd: 3 };
    const all = (ttft: number, tpot: number, endToEnd: number): Load => ({
      ...load,
      ttft: { seconds: ttft, percentile: 95 },
      tpot: { seconds: tpot, percentile: 95 },
      endToEnd: { seconds: endToEnd, percentile: 95 },
    });
    expect(keepsTargets(load, times)).toBe(true);
    expect(keepsTargets(all(1, 2, 3), times)).toBe(true);
    expect([all(0.9, 2, 3), all(1, 1.9, 3), all(1, 2, 2.9)].map((one) => keepsTargets(one, times))).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe("a load from a workload", () => {
  const workload: Workload = { promptTokens: 1000, outputTokens: 100, requestsPerSecond: 2 };

  it("defaults: no peak, Poisson, no sessions, equal lengths, no targets", () => {
    const { prompt, output, ...rest } = loadOf(workload, 8192);
    expect(rest).toEqual({ requestsPerSecond: 2, variation: 1, sharedPrefix: 0, hitShare: 0, newShare: 1 });
    expect([prompt.mean, prompt.at(0.99), prompt.squaredVariation, output.mean]).toEqual([1000, 1000, 0, 100]);
  });

  it("targets with their percentiles, in seconds; none per token for an encoder", () => {
    const all = { ...workload, ttftSeconds: 2, tpotMs: 50, endToEndSeconds: 9 };
    expect(loadOf(all, 8192)).toMatchObject({
      ttft: { seconds: 2, percentile: 95 },
      tpot: { seconds: 0.05, percentile: 95 },
      endToEnd: { seconds: 9, percentile: 95 },
    });
    const at = { ...all, targetPercentiles: { ttft: 99, tpot: 50, endToEnd: 90 } } as const;
    expect(loadOf(at, 8192)).toMatchObject({
      ttft: { percentile: 99 },
      tpot: { percentile: 50 },
      endToEnd: { percentile: 90 },
    });
    expect("tpot" in loadOf({ ...all, outputTokens: 0 }, 8192)).toBe(false);
  });

  it("peaks, bursts and sessions: of five turns the first hits nothing, and each is a fifth of the prompt", () => {
    const one = loadOf(
      {
        ...workload,
        arrivals: { peakFactor: 3, variation: 2 },
        sessions: { sharedPrefixTokens: 200, turns: 5, hitRate: 0.75 },
      },
      8192,
    );
    expect(one).toMatchObject({ requestsPerSecond: 6, variation: 2, sharedPrefix: 200, newShare: 0.2 });
    expect(one.hitShare).toBeCloseTo(0.6, 12);
    expect(loadOf({ ...workload, sessions: { turns: 2 } }, 8192)).toMatchObject({ hitShare: 0.25, sharedPrefix: 0 });
    // 800 of its own; on a hit a fifth of them. 0.6 x 160 + 0.4 x 800.
    expect(computedTokens(one, 1000, false)).toBe(800);
    expect(computedTokens(one, 1000, true)).toBe(160);
    expect(computedTokens(one, 100, false)).toBe(1);
    expect(computedTokens(one, 202, true)).toBe(1);
    expect(meanRequest(one)).toMatchObject({ prompt: 1000, output: 100 });
    expect(meanRequest(one).computed).toBeCloseTo(416, 9);
    expect(longRequest(one, 95)).toEqual({ prompt: 1000, output: 100, computed: 800 });
  });

  it("offline work: its rate over its hours, lengths of the others where none are stated, inside of the context", () => {
    const offline = (more: object) => loadOf({ ...workload, offline: { tokensPerDay: 86.4e6, ...more } }, 2000).offline;
    expect(offline({})).toEqual({ tokensPerSecond: 1000, prompt: 1000, output: 100, hoursPerDay: 24 });
    expect(offline({ hoursPerDay: 8 })).toMatchObject({ tokensPerSecond: 3000, hoursPerDay: 8 });
    expect(offline({ promptTokens: 5000, outputTokens: 9000 })).toMatchObject({ prompt: 1999, output: 2000 });
    expect(loadOf({ ...workload, outputTokens: 0, offline: { tokensPerDay: 1 } }, 2000).offline).toBeUndefined();
  });

  it("lengths are cut where prompt and output together are longer than the context", () => {
    const bins = { bins: [{ upTo: 10_000, count: 1 }] };
    const one = loadOf({ ...workload, promptLengths: bins, outputLengths: bins }, 3000);
    expect(one.prompt.at(0.99)).toBe(2900);
    expect(one.output.at(0.99)).toBe(2000);
    expect(loadOf({ ...workload, outputTokens: 9000, promptLengths: bins }, 3000).prompt.at(0.99)).toBe(1);
    expect(loadOf({ ...workload, outputTokens: 0, outputLengths: bins }, 3000).output.mean).toBe(0);
  });

  it("deviations are those of the normal distribution", () => {
    expect(deviations(50)).toBe(0);
    expect(deviations(95)).toBeCloseTo(1.644854, 6);
  });
});

describe("lengths", () => {
  it("the normal distribution's quantiles in its middle and its tails, mirrored", () => {
    // Abramowitz and Stegun, table 26.1.
    const table = [
      [0.51, 0.0250689],
      [0.6, 0.2533471],
      [0.75, 0.6744898],
      [0.9, 1.2815516],
      [0.975, 1.959964],
    ] as const;
    const tails = [
      [0.98, 2.0537489],
      [0.995, 2.5758293],
      [0.999, 3.0902323],
      [0.9999, 3.7190165],
    ] as const;
    for (const [share, z] of [...table, ...tails]) {
      expect(normalQuantile(share)).toBeCloseTo(z, 6);
      expect(normalQuantile(1 - share)).toBeCloseTo(-z, 6);
    }
    expect(normalQuantile(-1)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(2)).toBe(Number.POSITIVE_INFINITY);
  });

  it("between and beyond percentiles the logarithm is linear in the normal variable, up to one in a thousand", () => {
    const { at } = lengthDistribution({ p50: 100, p90: 1000 }, 2000, 1e9);
    const [z75, z90, z95, z99] = [0.6744898, 1.2815516, 1.6448536, 2.3263479];
    expect(at(0.75)).toBeCloseTo(100 * 10 ** (z75 / z90), 3);
    expect(at(0.25)).toBeCloseTo(100 * 10 ** (-z75 / z90), 3);
    expect(at(0.99)).toBeCloseTo(2000 * 2 ** ((z99 - z95) / (z95 - z90)), 1);
    expect(at(1)).toBe(at(0.999));
    expect(at(0)).toBe(at(0.001));
    expect(lengthDistribution({ p50: 100, p90: 1000, p95: 1500 }, 2000, 1e9).at(0.95)).toBeCloseTo(1500, 6);
    expect(lengthDistribution({ p50: 2000 }, 2000, 1e9).squaredVariation).toBeCloseTo(0, 9);
  });

  it("a histogram in any order, empty bins aside: linear inside each, from where the bin below it ends", () => {
    const bins = [
      { upTo: 400, count: 1 },
      { upTo: 100, count: 2 },
      { upTo: 200, count: 0 },
      { upTo: 300, count: 1 },
    ];
    const { at, mean, squaredVariation } = lengthDistribution({ bins }, 0, 1e9);
    expect([0.25, 0.5, 0.625, 0.75, 0.875, 1].map(at)).toEqual([50, 100, 250, 300, 350, 400]);
    // Half evenly up to 100, a quarter each from 200 to 300 and 300 to 400: mean 175, squares 10000/6 + (19/3 + 37/3) x 2500.
    expect(mean).toBeCloseTo(175, 2);
    expect(squaredVariation).toBeCloseTo((10_000 / 6 + ((19 + 37) / 3) * 2500) / 175 ** 2 - 1, 3);
    expect(lengthDistribution({ bins: [{ upTo: 1, count: 1 }] }, 0, 1e9).at(0.1)).toBe(1);
  });
});
