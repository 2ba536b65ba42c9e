import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recordedWorkload } from "./advice/request-histogram";
import { randomNumbers } from "./fleet-dynamics/arrivals";
import { lengthDistribution, normalQuantile } from "./length-distribution";
import { computedTokens, loadOf, meanRequest } from "./load";
import { sizeFleet } from "./size-fleet";
import type { FleetNeed, FleetSizing } from "./fleet";
import type { Workload } from "./workload";

const workload: Workload = {
  promptTokens: 2000,
  outputTokens: 400,
  requestsPerSecond: 4,
  ttftSeconds: 1,
  tpotMs: 50,
};
const need: FleetNeed = {
  fleet: "chat",
  model: "llama-3.1-8b-instruct",
  format: "fp8",
  region: "us-east-1",
  minimumReplicas: 2,
  workload,
};
const sized = (more: Partial<Workload> = {}, other: Partial<FleetNeed> = {}): FleetSizing => {
  const outcome = sizeFleet({ ...need, ...other, workload: { ...workload, ...more } });
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.sizing;
};
const refusal = (more: Partial<Workload>, other: Partial<FleetNeed> = {}): string => {
  const outcome = sizeFleet({ ...need, ...other, workload: { ...workload, ...more } });
  if (outcome.ok) throw new Error("was not refused");
  return outcome.reason;
};

describe("lengths", () => {
  it("normal quantiles are those of the tables", () => {
    expect(normalQuantile(0.95)).toBeCloseTo(1.644854, 6);
    expect(normalQuantile(0.99)).toBeCloseTo(2.326348, 6);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232, 6);
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
  });

  it("two percentiles make a log-normal distribution, with its mean and variation", () => {
    const { at, mean, squaredVariation } = lengthDistribution({ p50: 1000 }, 2000, 1e6);
    const sigma = Math.log(2) / 1.644854;
    expect(at(0.5)).toBeCloseTo(1000, 6);
    expect(at(0.95)).toBeCloseTo(2000, 3);
    expect(Math.abs(mean / (1000 * Math.exp(sigma ** 2 / 2)) - 1)).toBeLessThan(0.01);
    expect(Math.abs(squaredVariation / (Math.exp(sigma ** 2) - 1) - 1)).toBeLessThan(0.06);
  });

  it("the public Azure trace: from its percentiles the mean that it states, within 6 %", () => {
    const azure = { p10: 147, p25: 578, p50: 1469, p75: 2745, p90: 5186, p95: 7302, p99: 7436 };
    expect(Math.abs(lengthDistribution(azure, 7302, 1e6).mean / 2047.8 - 1)).toBeLessThan(0.06);
  });

  it("a histogram is linear inside its bins, starts where the bin below ends, and is cut at the longest", () => {
    const bins = [
      { upTo: 100, count: 50 },
      { upTo: 300, count: 50 },
    ];
    const { at, mean } = lengthDistribution({ bins }, 0, 1000);
    expect(at(0.25)).toBe(50);
    expect(at(0.75)).toBe(200);
    expect(mean).toBeCloseTo(125, 1);
    expect(lengthDistribution({ bins }, 0, 150).at(0.9)).toBe(150);
  });

  it("any percentiles in order: quantiles never fall, and hit what is given", () => {
    const steps = fc.array(fc.double({ min: 1, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 500 }), steps, (first, factors) => {
        const [p50, p75, p90, p95] = factors.reduce<number[]>(
          (all, one) => [...all, (all.at(-1) ?? first) * one],
          [first],
        );
        const { at, mean } = lengthDistribution({ p50: p50 ?? 1, p75: p75 ?? 1, p90: p90 ?? 1 }, p95 ?? 1, 1e9);
        const shares = [0.01, 0.2, 0.5, 0.75, 0.9, 0.95, 0.99, 0.9999];
        shares.forEach((share, i) => {
          if (i > 0) expect(at(share)).toBeGreaterThanOrEqual(at(shares[i - 1] ?? 0) - 1e-9);
        });
        expect(at(0.9)).toBeCloseTo(p90 ?? 1, 4);
        expect(mean).toBeGreaterThan(0);
      }),
    );
  });
});

describe("recorded requests", () => {
  const random = randomNumbers(11);
  let at = 0;
  const requests = Array.from({ length: 3000 }, (_, i) => ({
    at: (at += -Math.log(1 - random()) / 3),
    promptTokens: 100 + (i % 1000),
    outputTokens: 10 + (i % 300),
  }));

  it("become the workload that they were, and size a fleet", () => {
    const found = recordedWorkload(requests);
    expect(found).toMatchObject({ promptTokens: 1049, outputTokens: 294, promptLengths: { p50: 599 } });
    // 3 a second on average; the busiest minute of a quarter of an hour is busier.
    expect(found.requestsPerSecond).toBeGreaterThan(3);
    expect(found.requestsPerSecond).toBeLessThan(4.5);
    expect(Math.abs((found.arrivals?.variation ?? 0) - 1)).toBeLessThan(0.1);
    expect(sized(found).why.join("\n")).toMatch(/lengths: prompt \d+ tokens on average, 599 at the median/);
    expect(recordedWorkload(requests.slice(0, 50)).arrivals).toBeUndefined();
  });

  it("bad ones are refused with what they hold", () => {
    expect(() => recordedWorkload([])).toThrow("no requests were recorded");
    expect(() => recordedWorkload([{ at: 0, promptTokens: 0, outputTokens: 1 }])).toThrow(
      'got {"at":0,"promptTokens":0',
    );
  });
});

describe("sessions", () => {
  it("what is shared and what hits is not computed", () => {
    const load = loadOf({ ...workload, sessions: { sharedPrefixTokens: 500, turns: 4, hitRate: 0.8 } }, 8192);
    expect(computedTokens(load, 2000, false)).toBe(1500);
    expect(computedTokens(load, 2000, true)).toBe(375);
    // Three turns of four can hit, four of five of those do.
    expect(load.hitShare).toBeCloseTo(0.6, 12);
    expect(meanRequest(load).computed).toBeCloseTo(0.6 * 375 + 0.4 * 1500, 9);
  });

  it("a prefix cache never costs more, and says what it saves", () => {
    const plain = sized({ requestsPerSecond: 12 });
    const cached = sized({ requestsPerSecond: 12, sessions: { sharedPrefixTokens: 1000, turns: 5, hitRate: 0.8 } });
    expect(cached.monthlyUsd).toBeLessThan(plain.monthlyUsd);
    expect(cached.why.join("\n")).toMatch(
      /sessions: 1,000 tokens shared by all, 5 turns, 80 % .* of 2,000 prompt tokens/,
    );
    expect(cached.engineReasons.prefixCaching).toBe("on: prompts share what they begin with");
    expect(sized({ sessions: { turns: 5 } }).why.join("\n")).toContain("half of the later ones assumed");
  });
});

describe("the workload decides", () => {
  it("what is not said is assumed and stated", () => {
    const why = sized().why.join("\n");
    expect(why).toContain("assumed to be the rate of the busiest minute; independent users assumed (Poisson arrivals)");
    expect(why).toContain("every prompt assumed to be its 95th percentile of 2,000 tokens, on the safe side");
    expect(why).toContain("assumed: a quarter of the load in the quietest hour");
    const stated = sized({
      arrivals: { peakFactor: 2, variation: 1.5 },
      promptLengths: { p50: 800 },
      outputLengths: { p50: 150 },
    }).why.join("\n");
    expect(stated).toContain("4 requests/s, x 2 in the busiest minute = 8.00; times between arrivals vary by 1.5");
    expect(stated).not.toContain("on the safe side");
  });

  it("peaks and bursts cost, known lengths save", () => {
    const plain = sized().monthlyUsd;
    expect(sized({ arrivals: { peakFactor: 3 } }).monthlyUsd).toBeGreaterThan(plain);
    expect(sized({ arrivals: { variation: 13 } }).monthlyUsd).toBeGreaterThan(plain);
    expect(sized({ promptLengths: { p50: 700 }, outputLengths: { p50: 100 } }).monthlyUsd).toBeLessThan(plain);
    expect(
      sized({
        promptLengths: {
          bins: [
            { upTo: 500, count: 90 },
            { upTo: 4000, count: 10 },
          ],
        },
      }).monthlyUsd,
    ).toBeLessThan(plain);
  });

  it("a higher percentile is never cheaper, and its times are longer", () => {
    const [p50, p90, p95, p99] = ([50, 90, 95, 99] as const).map((at) =>
      sized({ targetPercentiles: { ttft: at, tpot: at }, ttftSeconds: 0.4, tpotMs: 30 }),
    );
    const all = [p50, p90, p95, p99].map((one) => one?.monthlyUsd ?? 0);
    expect([...all].sort((a, b) => a - b)).toEqual(all);
    expect(p99?.simulated?.percentiles).toEqual({ ttft: 99, tpot: 99, endToEnd: 95 });
  });

  it("an end-to-end target holds in closed form and in the simulation", () => {
    const { predicted, simulated } = sized({ endToEndSeconds: 9 });
    expect(predicted.endToEndMs).toBeLessThanOrEqual(9000);
    expect(simulated?.endToEndMs).toBeLessThanOrEqual(9000);
    expect(refusal({ endToEndSeconds: 0.5 })).toMatch(
      /a whole request takes \d\.\d s without any queue; the target is 0\.5 s/,
    );
  });

  it("offline work fills what interactive requests leave, and more of it takes more hosts", () => {
    const little = sized({ offline: { tokensPerDay: 2e7 } });
    const much = sized({ offline: { tokensPerDay: 6e8 } });
    for (const { offline, simulated, engine } of [little, much]) {
      expect(simulated?.keepsTargets).toBe(true);
      expect(offline?.placesPerReplica).toBeLessThan(engine.maxNumSeqs);
    }
    expect(little.offline?.tokensPerDay).toBeGreaterThanOrEqual(2e7);
    expect(much.offline?.tokensPerDay).toBeGreaterThanOrEqual(6e8);
    expect(little.monthlyUsd).toBe(sized().monthlyUsd);
    expect(much.monthlyUsd).toBeGreaterThan(little.monthlyUsd);
    expect(little.why.join("\n")).toContain("they wait behind every interactive request");
    // The same work in a third of the day.
    expect(sized({ offline: { tokensPerDay: 6e8, hoursPerDay: 8 } }).monthlyUsd).toBeGreaterThan(much.monthlyUsd);
  });

  it("context follows the 99th percentile of real lengths (SIZ-R06, SRV-R17)", () => {
    const { engine, engineReasons } = sized({
      promptLengths: { p50: 800, p99: 4000 },
      outputLengths: { p50: 120, p99: 800 },
    });
    expect(engine.maxModelLen).toBe(5120);
    expect(engineReasons.maxModelLen).toContain("99th percentiles of prompt and output, 4800 tokens");
    expect(sized().engine.maxModelLen).toBe(8192);
    expect(sized({}, { maxModelLen: 3000 }).engineReasons.maxModelLen).toBe("as asked for");
  });

  it("every number out of range is named at once, with the value and the range", () => {
    const reason = refusal(
      {
        arrivals: { peakFactor: 0.5, variation: -1 },
        promptLengths: { p50: 5000 },
        outputLengths: { bins: [] },
        sessions: { sharedPrefixTokens: 2000, turns: 0, hitRate: 2 },
        offline: { tokensPerDay: 0, hoursPerDay: 25 },
        endToEndSeconds: 0,
        targetPercentiles: { ttft: 97 as 95 },
      },
      { headroom: 1, minimumQuality: 101, hostsPerReplica: 3 as 2 },
    );
    for (const part of [
      "headroom must be at most 0.9, got 1",
      "minimumQuality must be at most 100, got 101",
      "hostsPerReplica must be one of 1, 2, 4, got 3",
      "workload.arrivals.peakFactor must be at least 1 and at most 100, got 0.5",
      "workload.arrivals.variation must be at least 0 and at most 20, got -1",
      "workload.sessions.sharedPrefixTokens must be at least 0 and at most 1999, got 2000",
      "workload.sessions.turns must be at least 1 and at most 1000, got 0",
      "workload.sessions.hitRate must be at least 0 and at most 1, got 2",
      "workload.offline.tokensPerDay must be more than 0, got 0",
      "workload.offline.hoursPerDay must be more than 0 and at most 24, got 25",
      "workload.endToEndSeconds must be more than 0, got 0",
      "workload.targetPercentiles.ttft must be one of 50, 90, 95, 99, got 97",
      "workload.promptLengths.p95 must be more than 0 and no less than the percentile below it, got 2000",
      "workload.outputLengths.bins hold no requests",
    ])
      expect(reason).toContain(part);
  });
});
