import { describe, expect, it } from "vitest";
import { fixedLength } from "../length-distribution";
import type { Load } from "../load";
import { decodeStep } from "../step-time";
import { firstTokenConstants as f } from "../time-constants";
import { even, mixed, plain } from "../toy-machine.fixture";
import { gaps, loadArrivals, poissonArrivals, randomNumbers, type Arrival } from "./arrivals";
import { coldStart } from "./cold-start";
import { FinishHeap } from "./finish-heap";
import { erlangC, meanWait, peakedness, waitAt, waitManyServers } from "./queueing";
import { percentile, simulateClosedLoop, simulateLoad, simulateReplica, stepTimesOf } from "./simulate";
import { runEngine, type EngineLimits, type StepTimes } from "./simulate-engine";

/** A step takes 10 ms, and a microsecond for each token of context; a prompt a millisecond a token. */
const times: StepTimes = {
  decode: (_, context) => 0.01 + context * 1e-6,
  prompt: (tokens) => tokens * 1e-3,
  dispatch: () => 0.5,
};
/** The same without what the context takes. */
const level: StepTimes = { ...times, decode: () => 0.01, dispatch: () => 0 };
const run = (arrivals: readonly Arrival[], limits: EngineLimits, steps = level) => runEngine(arrivals, steps, limits);

describe("an engine's run by hand", () => {
  it("one request: its prompt, then a step for each further token over a context that grows", () => {
    const { served, ...sums } = run([{ at: 2, prompt: 10, output: 5 }], { maxNumSeqs: 1 }, times);
    // 10 ms of prompt; four steps over 11, 12, 13 and 14 tokens.
    const steps = 0.04 + (11 + 12 + 13 + 14) * 1e-6;
    expect(served).toHaveLength(1);
    expect(served[0]?.waited).toBe(0);
    expect(served[0]?.ttft).toBeCloseTo(0.51, 12);
    expect(served[0]?.tpot).toBeCloseTo(steps / 4, 12);
    expect(served[0]?.endToEnd).toBeCloseTo(0.01 + steps + 0.5, 12);
    expect(sums).toMatchObject({ promptTokens: 10, outputTokens: 5, mostRunning: 1, mostCacheTokens: 15 });
    expect(sums.busySeconds).toBeCloseTo(0.01 + steps, 12);
  });

  it("who comes during a step is admitted at its end; its prompt lengthens the next step of those that run", () => {
    const { served } = run(
      [
        { at: 0, prompt: 10, output: 11 },
        { at: 0.034, prompt: 10, output: 1 },
      ],
      { maxNumSeqs: 2 },
    );
    // Steps end at 10 (prompt), 20, 30, 40 ms; the next takes 10 + 10 ms.
    const [second, first] = served;
    expect(second?.waited).toBeCloseTo(0.006, 12);
    expect(second?.ttft).toBeCloseTo(0.026, 12);
    expect(second?.tpot).toBe(0);
    expect(second?.endToEnd).toBeCloseTo(0.026, 12);
    expect(first?.endToEnd).toBeCloseTo(0.12, 12);
    expect(first?.tpot).toBeCloseTo(0.011, 12);
  });

  it("who comes at the very end of a step is admitted there", () => {
    const [second] = run(
      [
        { at: 0, prompt: 8, output: 11 },
        { at: 0.0625, prompt: 8, output: 1 },
      ],
      { maxNumSeqs: 2 },
      { decode: () => 0.015625, prompt: () => 0.015625, dispatch: () => 0 },
    ).served;
    expect(second?.waited).toBe(0);
  });

  it("places: the next waits until one ends, in order of arrival whatever the order given", () => {
    const { served, mostRunning } = run(
      [
        { at: 0.002, prompt: 10, output: 2 },
        { at: 0, prompt: 10, output: 3 },
        { at: 0.001, prompt: 10, output: 2 },
      ],
      { maxNumSeqs: 1 },
    );
    expect(mostRunning).toBe(1);
    expect(served.map((one) => one.arrival.at)).toEqual([0, 0.001, 0.002]);
    expect(served[1]?.waited).toBeCloseTo(0.029, 12);
    expect(served[2]?.waited).toBeCloseTo(0.048, 12);
  });

  it("cache: a request is admitted when its whole length fits, and frees it at its end", () => {
    const two = [
      { at: 0, prompt: 10, output: 5 },
      { at: 0, prompt: 10, output: 5 },
    ];
    expect(run(two, { maxNumSeqs: 8, cacheTokens: 30 }).mostCacheTokens).toBe(30);
    const tight = run(two, { maxNumSeqs: 8, cacheTokens: 29 });
    expect(tight.mostCacheTokens).toBe(15);
    expect(tight.served[1]?.waited).toBeCloseTo(0.05, 12);
    // A prefix of 6 tokens that all share is no part of it.
    expect(run(two, { maxNumSeqs: 8, cacheTokens: 18, sharedPrefixTokens: 6 }).mostCacheTokens).toBe(18);
    expect(run(two, { maxNumSeqs: 8, cacheTokens: 18, sharedPrefixTokens: 60 }).mostCacheTokens).toBe(10);
    expect(() => run(two, { maxNumSeqs: 8, cacheTokens: 14 })).toThrow("15 tokens does not fit a cache of 14");
  });

  it("a step takes so many tokens; the rest of a prompt goes into the next, at its share of the work", () => {
    // 10 tokens a step: the first prompt and 5 of the second in 15 ms, then 9 tokens beside one that decodes.
    const { served } = run(
      [
        { at: 0, prompt: 5, output: 3 },
        { at: 0, prompt: 10, output: 1 },
      ],
      { maxNumSeqs: 8, maxNumBatchedTokens: 10 },
      { ...level, prompt: (tokens) => (tokens === 10 ? 0.02 : 0.005) },
    );
    const ttfts = new Map(served.map((one) => [one.arrival.prompt, one.ttft]));
    expect(ttfts.get(5)).toBeCloseTo(0.015, 12);
    expect(ttfts.get(10)).toBeCloseTo(0.015 + 0.02, 12);
    // Prompts beyond one step's tokens wait in the queue and hold no cache.
    const many = Array.from({ length: 5 }, () => ({ at: 0, prompt: 10, output: 1 }));
    expect(run(many, { maxNumSeqs: 8, maxNumBatchedTokens: 20 }).mostRunning).toBe(2);
    expect(run(many, { maxNumSeqs: 8 }).mostRunning).toBe(5);
  });

  it("what is cached is told to the prompt's time and not computed; an encoder ends with its prompt", () => {
    const seen: number[][] = [];
    const steps = { ...level, prompt: (...all: number[]) => (seen.push(all), 0.001 * (all[0] ?? 0)) };
    const [one] = run([{ at: 0, prompt: 100, output: 2, computed: 30 }], { maxNumSeqs: 1 }, steps).served;
    expect(seen).toEqual([[30, 0, 70]]);
    expect(one?.ttft).toBeCloseTo(0.03, 12);
    const encoder = run([{ at: 0, prompt: 100, output: 0 }], { maxNumSeqs: 1 });
    expect(encoder).toMatchObject({ promptTokens: 100, outputTokens: 0, mostCacheTokens: 100 });
    expect(encoder.served[0]?.endToEnd).toBeCloseTo(0.1, 12);
    const nothing = { ...level, prompt: () => 0.004 };
    expect(run([{ at: 0, prompt: 9, output: 1, computed: 0 }], { maxNumSeqs: 1 }, nothing).served[0]?.ttft).toBe(0.004);
  });

  it("dispatch is told how many run with how many tokens after how much was computed", () => {
    const seen: number[][] = [];
    const steps = { ...level, dispatch: (...all: number[]) => (seen.push(all), 0.25) };
    const { served } = run(
      [
        { at: 0, prompt: 10, output: 9 },
        { at: 0.015, prompt: 20, output: 2, computed: 5 },
      ],
      { maxNumSeqs: 2 },
      steps,
    );
    // The first has put out 3 tokens when the second's prompt is done: 13 of its own and 20.
    expect(seen).toEqual([
      [1, 10, 10],
      [2, 33, 5],
    ]);
    expect(served[0]?.ttft).toBeCloseTo(0.02 - 0.015 + 0.015 + 0.25, 12);
  });

  it("offline requests are admitted when no other waits, and no more than their places", () => {
    const offline = (at: number) => ({ at, prompt: 10, output: 3, offline: true });
    const { served } = run([offline(0), offline(0), { at: 0, prompt: 10, output: 3 }], { maxNumSeqs: 2 });
    expect(served.map((one) => one.arrival.offline ?? false)).toEqual([false, true, true]);
    expect(run([offline(0), offline(0)], { maxNumSeqs: 8, offlinePlaces: 1 }).mostRunning).toBe(1);
    expect(run([offline(0), offline(0)], { maxNumSeqs: 8, offlinePlaces: 2 }).mostRunning).toBe(2);
    // They keep the whole of a shared prefix.
    expect(run([offline(0)], { maxNumSeqs: 8, sharedPrefixTokens: 6 }).mostCacheTokens).toBe(13);
    // One that comes while nothing else is there starts at once.
    expect(run([offline(3)], { maxNumSeqs: 8 }).served[0]?.waited).toBe(0);
    const late = run([{ at: 0, prompt: 10, output: 101 }, offline(0.5)], { maxNumSeqs: 8 }).served[0];
    expect(late?.arrival.offline).toBe(true);
    expect(late?.waited).toBeLessThan(0.01 + 1e-9);
  });

  it("a closed loop: each answer brings the next request, inserted by its time", () => {
    let left = 3;
    const { served } = runEngine([{ at: 0, prompt: 10, output: 2 }], level, { maxNumSeqs: 1 }, (one) =>
      left-- > 0 ? { at: one.arrival.at + one.endToEnd + 1, prompt: 10, output: 2 } : undefined,
    );
    [0, 1.02, 2.04, 3.06].forEach((at, i) => {
      expect(served[i]?.arrival.at).toBeCloseTo(at, 9);
    });
    for (const one of served) expect(one.waited).toBe(0);
    const early = runEngine(
      [
        { at: 0, prompt: 10, output: 1 },
        { at: 9, prompt: 10, output: 1 },
      ],
      level,
      { maxNumSeqs: 1 },
      (one) => (one.arrival.at === 0 ? { at: 4, prompt: 10, output: 1 } : undefined),
    );
    expect(early.served.map((one) => one.arrival.at)).toEqual([0, 4, 9]);
  });

  it("steps that take no time are refused", () => {
    const still = { decode: () => 0, prompt: () => 0, dispatch: () => 0 };
    expect(() => run([{ at: 0, prompt: 1, output: 1 }], { maxNumSeqs: 1 }, still)).toThrow("takes no time");
    const stuck = { ...still, prompt: () => 1 };
    expect(() => run([{ at: 0, prompt: 1, output: 3 }], { maxNumSeqs: 1 }, stuck)).toThrow("takes no time");
  });
});

describe("what ends first", () => {
  it("comes out first, equals in order of entry, and nothing before its step", () => {
    const heap = new FinishHeap<string>();
    expect(heap.first).toBeUndefined();
    expect(heap.pop(9)).toBeUndefined();
    for (const [name, at] of [
      ["e", 7],
      ["a", 3],
      ["c", 5],
      ["b", 3],
      ["d", 5],
      ["f", 9],
      ["g", 9],
    ] as const)
      heap.push(name, at);
    expect(heap.size).toBe(7);
    expect(heap.first).toBe(3);
    expect(heap.pop(2)).toBeUndefined();
    const out: (string | undefined)[] = [];
    while (heap.size > 0) out.push(heap.pop(99));
    expect(out).toEqual(["a", "b", "c", "d", "e", "f", "g"]);
  });

  it("any order in, sorted out", () => {
    const random = randomNumbers(3);
    const heap = new FinishHeap<number>();
    const steps = Array.from({ length: 200 }, () => Math.floor(random() * 50));
    steps.forEach((at, i) => {
      heap.push(i, at);
    });
    const expected = steps.map((at, i) => ({ at, i })).sort((a, b) => a.at - b.at || a.i - b.i);
    expect(expected.map(({ at }) => heap.pop(at))).toEqual(expected.map(({ i }) => i));
  });
});

describe("arrivals", () => {
  const load: Load = {
    requestsPerSecond: 2,
    variation: 0,
    prompt: { at: (share) => 100 * share, mean: 50, squaredVariation: 1 / 3 },
    output: { at: (share) => 10 * share, mean: 5, squaredVariation: 1 / 3 },
    sharedPrefix: 20,
    hitShare: 0,
    newShare: 1,
  };

  it("clockwork comes every 1 / rate; another rate stretches the same requests", () => {
    expect(loadArrivals(load, 2, 3, 1).map((one) => one.at)).toEqual([0.5, 1, 1.5]);
    const [slow, fast] = [1, 4].map((rate) => loadArrivals({ ...load, variation: 1 }, rate, 50, 7));
    fast?.forEach((one, i) => {
      expect(one.at * 4).toBeCloseTo(slow?.[i]?.at ?? 0, 9);
      expect(one.prompt).toBe(slow?.[i]?.prompt);
    });
    expect(poissonArrivals(4, 50, { prompt: 1, output: 2 }, 7).at(-1)?.at).toBeCloseTo((fast ?? []).at(-1)?.at ?? 0, 9);
  });

  it("lengths are drawn from the distributions, whole, at least one output; what is shared is not computed", () => {
    const all = loadArrivals(load, 2, 4000, 3);
    const mean = (of: (one: Arrival) => number) => all.reduce((sum, one) => sum + of(one), 0) / all.length;
    expect(Math.abs(mean((one) => one.prompt) - 50)).toBeLessThan(2);
    expect(Math.abs(mean((one) => one.output) - 5.05)).toBeLessThan(0.3);
    expect(Math.min(...all.map((one) => one.output))).toBe(1);
    expect(all.every((one) => Number.isInteger(one.prompt) && Number.isInteger(one.output))).toBe(true);
    for (const one of all) expect(one.computed).toBe(Math.max(1, one.prompt - 20));
    // A hit computes the new part alone.
    const hits = loadArrivals({ ...load, hitShare: 0.25, newShare: 0.5, prompt: fixedLength(100) }, 2, 4000, 3);
    const computed = hits.filter((one) => one.computed === 40).length;
    expect(Math.abs(computed / 4000 - 0.25)).toBeLessThan(0.03);
    expect(hits.filter((one) => one.computed === 80)).toHaveLength(4000 - computed);
    expect(loadArrivals({ ...load, output: fixedLength(0) }, 2, 5, 3).every((one) => one.output === 0)).toBe(true);
  });

  it("between clockwork and exponential the constant part is 1 - variation; beyond, bursts with a mean of 1", () => {
    expect(gaps(0.25, () => 0)()).toBe(0.75);
    expect(gaps(0.25, () => 1 - Math.exp(-2))()).toBeCloseTo(0.75 + 0.5, 12);
    // Variation 3: p = (1 + sqrt(8 / 10)) / 2 of the gaps have the mean 1 / 2p, the others 1 / 2(1 - p).
    const p = (1 + Math.sqrt(0.8)) / 2;
    const draws = (first: number) => {
      const values = [first, 1 - Math.exp(-1)];
      return gaps(3, () => values.shift() ?? 0)();
    };
    expect(draws(p - 1e-6)).toBeCloseTo(1 / (2 * p), 9);
    expect(draws(p + 1e-6)).toBeCloseTo(1 / (2 * (1 - p)), 9);
  });

  it("random numbers: the same for a seed, evenly spread, below 1", () => {
    const [one, same, other] = [randomNumbers(1), randomNumbers(1), randomNumbers(2)];
    const values = Array.from({ length: 20_000 }, one);
    expect(Array.from({ length: 5 }, same)).toEqual(values.slice(0, 5));
    expect(other()).not.toBe(values[0]);
    const tenths = Array.from({ length: 10 }, (_, i) => values.filter((v) => v >= i / 10 && v < (i + 1) / 10).length);
    for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(200);
    // Neighbours do not depend on each other.
    const product = values.slice(1).reduce((sum, v, i) => sum + (v - 0.5) * ((values[i] ?? 0) - 0.5), 0) / 20_000;
    expect(Math.abs(product)).toBeLessThan(0.003);
  });
});

describe("queues at their edges", () => {
  it("Erlang C grows from 0 to 1; the wait is its share of what is left of the servers", () => {
    expect(erlangC(2, 0)).toBe(0);
    expect(erlangC(2, 2)).toBe(1);
    expect(erlangC(2, 5)).toBe(1);
    // 2 servers, 1 busy on average: C = 1/3, wait = 1/3 x service / (2 - 1).
    expect(waitManyServers(2, 2, 0.5)).toBeCloseTo(0.5 / 3, 12);
    expect(waitManyServers(2, 4, 0.5)).toBe(Number.POSITIVE_INFINITY);
  });

  it("a full server has no mean wait; a share that never waits waits 0", () => {
    expect(meanWait(2, 0.5, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(meanWait(1, 0.5, 1, 3)).toBeCloseTo((0.5 * 0.5 * 10) / 1, 12);
    expect(waitAt(0.95, 0, 1, 1)).toBe(0);
    expect(waitAt(0.95, 1, 1, 1)).toBe(Number.POSITIVE_INFINITY);
    expect(waitAt(0.95, 1, 0.5, 0, 2)).toBeCloseTo(((0.5 * 0.5 * 4) / 1 / 0.5) * Math.log(10), 12);
    expect(peakedness(2, 0.5)).toBeCloseTo(Math.sqrt(3), 12);
    expect(peakedness(2, 4)).toBeCloseTo(Math.sqrt(2.5), 12);
    expect(peakedness(0, 0)).toBeCloseTo(Math.sqrt(0.05), 12);
  });
});

describe("steps of a machine in the simulation", () => {
  const m = even();

  it("a decode step at the mean context; a prompt's work, and the layers once where nothing else runs", () => {
    const reading = even({ shape: plain });
    const of = stepTimesOf(reading);
    expect(of.decode(4, 4000)).toBeCloseTo(decodeStep(reading, 4, 1000), 12);
    const steps = stepTimesOf(m, (tokens) => tokens * 1e-6);
    expect(steps.decode(4, 4000)).toBeCloseTo(0.01 + 4e-6, 12);
    expect(steps.prompt(1000, 4, 0)).toBeCloseTo(0.04 + 1e-3, 12);
    expect(steps.prompt(1000, 0, 0)).toBeCloseTo(0.04 + 1e-3 + 0.01, 12);
    expect(steps.prompt(1000, 4, 500)).toBeCloseTo(0.04 + 1e-3, 12);
  });

  it("outside of the steps: the fitted waits that the simulation does not have itself", () => {
    const rest = f.dispatch + (f.steps - 1.5) * 0.01 + f.perRequest * 4;
    expect(stepTimesOf(m).dispatch(4, 4000, 1000)).toBeCloseTo(rest + (f.dense - 1) * 0.04, 12);
    const two = even({ tensorParallel: 2 });
    const gathering = 60 * (f.gatherLayer + f.gatherToken * 500);
    const half = f.dispatch + (f.steps - 1.5) * 0.005 + f.perRequest * 4;
    expect(stepTimesOf(two).dispatch(4, 4000, 1000)).toBeCloseTo(half + (f.dense - 1) * 0.02 + gathering, 12);
    const experts = even({ shape: { ...mixed, kvHeads: 0 }, peak: 1e30 });
    const unread = 0.04 * 0.75 ** 4;
    const step = 0.05 - unread;
    const expected = f.dispatch + (f.steps - 1.5) * step + f.perRequest * 4 + (f.mixture - 1) * unread;
    expect(stepTimesOf(experts).dispatch(4, 4000, 1000)).toBeCloseTo(expected, 12);
  });

  it("a thin load: nobody waits, Little's law, a tenth is left out", () => {
    const found = simulateLoad(m, { prompt: 1000, output: 100 }, 0.01, { maxNumSeqs: 8 }, { requests: 100 });
    const first = 0.04 + 0.01 + f.dispatch + (f.steps - 1.5) * 0.01 + (f.dense - 1) * 0.04 + f.perRequest;
    expect(found.requests).toBe(90);
    expect(found.waitedP95).toBe(0);
    for (const one of [found.ttft.mean, found.ttft.p50, found.ttft.p95, found.ttft.p99])
      expect(one).toBeCloseTo(first, 9);
    expect(found.tpot.mean).toBeCloseTo(0.01, 9);
    expect(found.tpot.p95).toBeCloseTo(0.01, 9);
    expect(found.concurrency).toBeCloseTo(0.01 * (first + 0.99), 9);
  });

  it("a thin load on a replica, at the percentiles of its targets, offline work beside it", () => {
    const load: Load = {
      requestsPerSecond: 0.01,
      variation: 0,
      prompt: fixedLength(1000),
      output: fixedLength(100),
      sharedPrefix: 0,
      hitShare: 0,
      newShare: 1,
    };
    const replica = { machine: m, stepTokens: 8192, crossing: () => 0 };
    const found = simulateReplica(replica, load, 0.01, { maxNumSeqs: 8 }, { requests: 100 });
    const first = 0.04 + 0.01 + f.dispatch + (f.steps - 1.5) * 0.01 + (f.dense - 1) * 0.04 + f.perRequest;
    expect(found.requests).toBe(90);
    expect(found.ttft).toBeCloseTo(first, 9);
    expect(found.tpot).toBeCloseTo(0.01, 9);
    expect(found.endToEnd).toBeCloseTo(first + 0.99, 9);
    expect(found.concurrency).toBeCloseTo(0.01 * (first + 0.99), 9);
    expect(found.offlineTokensPerSecond).toBe(0);
    // Two offline requests of about 1000 and 100 tokens at a time: 100 tokens in 99 steps, a prompt each and one beside.
    const offline = { places: 2, prompt: 1000, output: 100 };
    const both = simulateReplica(replica, load, 0.01, { maxNumSeqs: 8 }, { requests: 20, offline });
    expect(both.offlineTokensPerSecond / (200 / (0.99 + 0.08))).toBeGreaterThan(0.9);
    expect(both.offlineTokensPerSecond / (200 / (0.99 + 0.08))).toBeLessThan(1.1);
  });

  it("a closed loop of one: the request's own times", () => {
    const { ttft, tpot } = simulateClosedLoop(m, { prompt: 1000, output: 100 }, 1, 30);
    expect(tpot).toBeCloseTo(0.01, 9);
    expect(ttft).toBeGreaterThan(0.05 * 0.9);
    expect(ttft).toBeLessThan(0.09);
  });

  it("percentiles lie between neighbours", () => {
    expect(percentile([10, 20, 40], 0.25)).toBe(15);
    expect(percentile([40, 10, 20], 0.75)).toBe(30);
  });
});

describe("cold start by component", () => {
  const seconds = (need: Partial<Parameters<typeof coldStart>[0]> = {}) =>
    coldStart({ weightsBytes: 14e9, networkGbps: 10, ...need }).components.map((one) => one.seconds);

  it("host, image at 60 MB/s, weights at 80 % of the network and from disk, compiling, two probes", () => {
    // 10 GB / 60 MB/s; 14 GB at 8 Gb/s; 14 GB at 3.5 GB/s.
    expect(seconds()).toEqual([60, expect.closeTo(166.667, 2), expect.closeTo(14, 9), expect.closeTo(4, 9), 50, 10]);
    expect(seconds({ imageGb: 6, diskMBps: 7000 })).toEqual([
      60,
      100,
      expect.closeTo(14, 9),
      expect.closeTo(2, 9),
      50,
      10,
    ]);
  });

  it("what is there already takes no time", () => {
    const ready = { imageCached: true, stream: true, compileCached: true, warmPool: true };
    expect(seconds(ready)).toEqual([20, 0, expect.closeTo(14, 9), 0, 12, 10]);
    const none = { imageCached: false, stream: false, compileCached: false, warmPool: false };
    expect(seconds(none)).toEqual(seconds());
  });
});
