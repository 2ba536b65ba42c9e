import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readRows } from "../fit/measured-rows";
import { gaps, poissonArrivals, randomNumbers, type Arrival } from "./arrivals";
import { erlangC, meanWait, peakedness, waitAt, waitManyServers } from "./queueing";
import { percentile, stepTimesOf } from "./simulate";
import { runEngine, simulateEngine, type StepTimes } from "./simulate-engine";

const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
/** One server: the prompt is the service, in seconds. */
const server: StepTimes = { decode: () => 0, prompt: (tokens) => tokens, dispatch: () => 0 };

/** Service times of mean 1 by name, with their squared variation. */
const services: Readonly<
  Record<string, { readonly squared: number; readonly draw: (random: () => number) => number }>
> = {
  uniform: { squared: 1 / 3, draw: (random) => 2 * random() },
  erlang: { squared: 1 / 2, draw: (random) => -(Math.log(1 - random()) + Math.log(1 - random())) / 2 },
  // Half of the work comes from one request in ten.
  mixed: { squared: 1.7778, draw: (random) => (random() < 0.1 ? 5 : 0.5556) },
};

describe("analytic queues", () => {
  it("Erlang C: known values", () => {
    expect(erlangC(1, 0.7)).toBeCloseTo(0.7, 12);
    // Two servers: rho^2 x 2 / (1 + rho).
    expect(erlangC(2, 1.6)).toBeCloseTo((2 * 0.64) / 1.8, 12);
    expect(erlangC(100, 99)).toBeGreaterThan(0.8);
    expect(erlangC(3, 3)).toBe(1);
    expect(waitManyServers(1, 0.5, 1)).toBeCloseTo(1, 12);
    expect(waitManyServers(2, 2, 1)).toBe(Number.POSITIVE_INFINITY);
  });

  it("one server: M/M/1, M/D/1 and clockwork arrivals are special cases", () => {
    expect(meanWait(0.8, 1, 1)).toBeCloseTo(4, 12);
    expect(meanWait(0.8, 1, 0)).toBeCloseTo(2, 12);
    expect(meanWait(0.8, 1, 0, 0)).toBe(0);
    expect(meanWait(1, 1, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(waitAt(0.95, 0.8, 1, 1)).toBeCloseTo(5 * Math.log(16), 12);
    expect(waitAt(0.5, 0.3, 1, 1)).toBe(0);
    expect(waitAt(0.95, 2, 1, 1)).toBe(Number.POSITIVE_INFINITY);
  });

  it("bursts widen the number in the system, the more the more alike the services are", () => {
    expect(peakedness(1, 0)).toBe(1);
    expect(peakedness(3, 0)).toBeCloseTo(3, 12);
    expect(peakedness(3, 1)).toBeCloseTo(Math.sqrt(5), 12);
    expect(peakedness(0, 0)).toBeGreaterThan(0);
  });
});

describe("the simulation against them", () => {
  it.each([
    ["uniform", 0.5],
    ["uniform", 0.8],
    ["erlang", 0.7],
    ["mixed", 0.6],
  ] as const)("M/G/1 with %s services at load %d: Pollaczek and Khinchine within 6 %%", (name, rho) => {
    const service = services[name];
    if (service === undefined) throw new Error(name);
    const waits = [1, 2, 3].flatMap((seed) => {
      const random = randomNumbers(seed + 40);
      const arrivals = poissonArrivals(rho, 50_000, { prompt: 0, output: 1 }, seed).map((one): Arrival => ({
        ...one,
        prompt: service.draw(random),
      }));
      return simulateEngine(arrivals, server, { maxNumSeqs: 1 }).map((one) => one.waited);
    });
    expect(Math.abs(mean(waits) / meanWait(rho, 1, service.squared) - 1)).toBeLessThan(0.06);
  });

  it.each([
    [2, 0.8],
    [4, 0.7],
    [8, 0.9],
  ])("M/M/c with %i places at load %d: Erlang C within 10 %%", (places, rho) => {
    // A geometric number of short steps stands for an exponential service; the prompt is computed within the first.
    const steps = 60;
    const waits = [1, 2, 3].flatMap((seed) => {
      const random = randomNumbers(seed + 9);
      const arrivals = poissonArrivals(rho * places, 30_000, { prompt: 1, output: 1 }, seed).map((one): Arrival => ({
        ...one,
        output: 1 + Math.floor(Math.log(1 - random()) / Math.log(1 - 1 / steps)),
      }));
      const times: StepTimes = { decode: () => 1 / steps, prompt: () => 1e-9, dispatch: () => 0 };
      return simulateEngine(arrivals, times, { maxNumSeqs: places, maxNumBatchedTokens: 1e6 }).map((one) => one.waited);
    });
    // A request that finds a place still waits for half a step on average.
    const expected = waitManyServers(places, rho * places, 1);
    expect(Math.abs((mean(waits) - 0.5 / steps) / expected - 1)).toBeLessThan(0.1);
  });

  it.each([0, 0.5, 1, 3])("arrivals with a variation of %d have it, and a mean of 1", (variation) => {
    const gap = gaps(variation, randomNumbers(5));
    const values = Array.from({ length: 200_000 }, gap);
    const average = mean(values);
    expect(average).toBeGreaterThan(0.97);
    expect(average).toBeLessThan(1.03);
    const measured = Math.sqrt(mean(values.map((one) => (one - average) ** 2))) / average;
    expect(Math.abs(measured - variation)).toBeLessThan(0.05 * Math.max(0.2, variation));
  });

  it("bursts: Kingman's factor within 20 % at a load of 0.8", () => {
    const waits = [1, 2, 3, 4].flatMap((seed) => {
      const gap = gaps(2, randomNumbers(seed));
      let at = 0;
      const arrivals = Array.from({ length: 60_000 }, (): Arrival => ({
        at: (at += gap() / 0.8),
        prompt: 1,
        output: 1,
      }));
      return simulateEngine(arrivals, server, { maxNumSeqs: 1 }).map((one) => one.waited);
    });
    expect(Math.abs(mean(waits) / meanWait(0.8, 1, 0, 2) - 1)).toBeLessThan(0.2);
  });
});

const requests = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 20, noNaN: true }),
    prompt: fc.integer({ min: 1, max: 400 }),
    output: fc.integer({ min: 0, max: 30 }),
    cached: fc.double({ min: 0, max: 1, noNaN: true }),
    offline: fc.boolean(),
  }),
  { minLength: 1, maxLength: 40 },
);
const limits = fc.record({
  maxNumSeqs: fc.integer({ min: 1, max: 6 }),
  maxNumBatchedTokens: fc.integer({ min: 8, max: 300 }),
  cacheTokens: fc.integer({ min: 430, max: 1500 }),
  offlinePlaces: fc.integer({ min: 1, max: 4 }),
});
const times: StepTimes = {
  decode: (n, context) => 0.01 * n + 1e-6 * context,
  prompt: (n) => n * 1e-3,
  dispatch: () => 0,
};
const arrivalsOf = (
  drawn: readonly { at: number; prompt: number; output: number; cached: number; offline: boolean }[],
) => drawn.map(({ cached, ...one }): Arrival => ({ ...one, computed: Math.max(1, Math.ceil(one.prompt * cached)) }));

describe("what a run conserves", () => {
  it("every request is served once, every token once, within places and cache, and the engine works no longer than it must", () => {
    fc.assert(
      fc.property(requests, limits, (drawn, bounds) => {
        const arrivals = arrivalsOf(drawn);
        const run = runEngine(arrivals, times, bounds);
        expect(new Set(run.served.map((one) => one.arrival)).size).toBe(arrivals.length);
        expect(run.served).toHaveLength(arrivals.length);
        expect(run.promptTokens).toBe(arrivals.reduce((sum, one) => sum + one.prompt, 0));
        expect(run.outputTokens).toBe(arrivals.reduce((sum, one) => sum + one.output, 0));
        expect(run.mostRunning).toBeLessThanOrEqual(bounds.maxNumSeqs);
        expect(run.mostCacheTokens).toBeLessThanOrEqual(bounds.cacheTokens);
        const last = Math.max(...run.served.map((one) => one.arrival.at + one.endToEnd));
        expect(run.busySeconds).toBeLessThanOrEqual(last + 1e-9);
        // All prompt work is done whatever it is cut into.
        expect(run.busySeconds).toBeGreaterThanOrEqual(
          arrivals.reduce((sum, one) => sum + (one.computed ?? 0) * 1e-3, 0) - 1e-9,
        );
        for (const { waited, ttft, endToEnd } of run.served) {
          expect(waited).toBeGreaterThanOrEqual(0);
          expect(ttft).toBeGreaterThanOrEqual(waited);
          expect(endToEnd).toBeGreaterThanOrEqual(ttft - 1e-9);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("steps taken together are the same steps: a sequence alone takes the sum of its steps", () => {
    const [one] = simulateEngine([{ at: 0, prompt: 100, output: 51 }], times, { maxNumSeqs: 1 });
    const steps = Array.from({ length: 50 }, (_, i) => times.decode(1, 101 + i));
    expect(one?.endToEnd).toBeCloseTo(0.1 + steps.reduce((sum, step) => sum + step, 0), 9);
  });

  it("offline requests wait behind all others and never take more than their places", () => {
    const offline = Array.from({ length: 6 }, (): Arrival => ({ at: 0, prompt: 10, output: 40, offline: true }));
    const others = Array.from({ length: 2 }, (_, i): Arrival => ({ at: 0.3 + 0.01 * i, prompt: 10, output: 10 }));
    const served = simulateEngine([...offline, ...others], times, { maxNumSeqs: 4, offlinePlaces: 2 });
    const waitedOf = (kind: boolean) =>
      served.filter((one) => (one.arrival.offline === true) === kind).map((one) => one.waited);
    // Two of four places stay free for them: each waits for the step that runs, not for an offline answer to end.
    expect(Math.max(...waitedOf(false))).toBeLessThan(0.05);
    expect(waitedOf(true).filter((waited) => waited > 0)).toHaveLength(4);
  });

  it("a shared prefix is kept once: more requests fit", () => {
    const arrivals = Array.from({ length: 4 }, (): Arrival => ({ at: 0, prompt: 100, output: 20, computed: 20 }));
    const at = (sharedPrefixTokens: number) =>
      runEngine(arrivals, times, { maxNumSeqs: 4, cacheTokens: 200, sharedPrefixTokens }).mostRunning;
    expect(at(0)).toBe(1);
    expect(at(80)).toBe(4);
  });

  it("what is cached is not computed", () => {
    const first = (computed: number) =>
      simulateEngine([{ at: 0, prompt: 100, output: 5, computed }], times, { maxNumSeqs: 1 })[0]?.ttft ?? 0;
    expect(first(100)).toBeCloseTo(0.1, 9);
    expect(first(25)).toBeCloseTo(0.025, 9);
  });
});

describe("against measured Poisson streams (measured-more.csv)", () => {
  const file = readFileSync(join(__dirname, "../../data/measured-more.csv"), "utf8");
  const rows = readRows(file).filter((row) => row.protocol === "open_loop_poisson" && row.dataParallel === 1);
  const compare = (row: (typeof rows)[number]) => {
    // The engine limits and numbers of requests that the sources state.
    const short = row.group.startsWith("casys-kaist");
    const arrivals = poissonArrivals(row.rate ?? 0, short ? 300 : 600, row.lengths, 1);
    const bounds = { maxNumSeqs: short ? 128 : 256, maxNumBatchedTokens: 2048 };
    const served = simulateEngine(arrivals, stepTimesOf(row.machine), bounds);
    const last = Math.max(...served.map((one) => one.arrival.at + one.endToEnd));
    const running = served.reduce((sum, one) => sum + one.endToEnd - one.waited, 0) / last;
    return {
      tpot: mean(served.map((one) => one.tpot)) / (row.tpot ?? 0) - 1,
      running: running / (row.running ?? 0) - 1,
    };
  };

  it("well below capacity: time per token within 6 %, requests running (one to five of them) within 17 %", () => {
    const light = rows.filter((row) => (row.rate ?? 0) <= 4);
    expect(light).toHaveLength(3);
    for (const row of light) {
      const { tpot, running } = compare(row);
      expect(Math.abs(tpot)).toBeLessThan(0.06);
      expect(Math.abs(running)).toBeLessThan(0.17);
    }
  });

  it("all of them, two at or above capacity after a burst: time per token within 20 % on average", () => {
    expect(rows).toHaveLength(6);
    expect(mean(rows.map((row) => Math.abs(compare(row).tpot)))).toBeLessThan(0.2);
  });
});

it("percentiles of what was served are those of a sorted list", () => {
  expect(percentile([5, 1, 4, 2, 3], 0.5)).toBe(3);
});
