import { describe, expect, it } from "vitest";
import { closedLoop, meanTimes, ownPrompt, tokenTime, waitedSteps } from "./closed-loop";
import { errorInterval, errorSources } from "./error-interval";
import { concurrencyAt, peakConcurrency, throughput, timesUnderLoad } from "./operating-point";
import { protocolTimes, type ProtocolLoad } from "./protocol-times";
import { errorQuantiles, firstTokenConstants, measured } from "./time-constants";
import { even, gpu, mixed, model, plain, roundFirstToken as c, toy, type ToyChange } from "./toy-machine.fixture";

// A step takes 10 ms, a prompt of 1000 tokens 40 ms of computing; each request puts out 100 tokens.
const m = even();
const l = { prompt: 1000, output: 100 };
const encoded = { prompt: 1000, output: 0 };
/** Of four that run at a time: 1 - (12 / 112)^4 of the others' prompts would be waited for, the rest fills the time anyway. */
const notFilled = 1 - (0.12 / 1.12) ** 4;

describe("a replica that always runs as many", () => {
  it("a token takes a step, and the other prompts of a round spread over the outputs", () => {
    expect(tokenTime(m, l, 1)).toBeCloseTo(0.01, 12);
    expect(tokenTime(m, l, 4)).toBeCloseTo(0.01 + 3 * 0.0004, 12);
    expect(tokenTime(m, l, 4, 0.5)).toBeCloseTo(0.01 + 3 * 0.0002, 12);
    expect(tokenTime(even({ dataParallel: 2 }), l, 4)).toBeCloseTo(0.01 + 0.0004, 12);
    expect(tokenTime(m, l, 0.5)).toBeCloseTo(0.01, 12);
  });

  it("its context is the prompt and half of the outputs, and no constants make it faster than the roofline", () => {
    // 10 GB + 1050 x 120 kB; 1 TB/s.
    expect(tokenTime(toy({ peak: 1e30, peak16: 1e30 }), l, 1)).toBeCloseTo(0.010126, 12);
    expect(tokenTime(toy({ peak: 1e30, peak16: 1e30, constants: { bandwidthShare: 4 } }), l, 1)).toBeCloseTo(
      0.010126,
      12,
    );
  });

  it("steps that carry a piece of a prompt read all experts", () => {
    const experts = (change: ToyChange = {}) =>
      toy({ shape: { ...mixed, kvHeads: 0 }, peak: 1e30, peak16: 1e30, ...change });
    const visited = 0.4375;
    expect(tokenTime(experts(), l, 2)).toBeCloseTo(0.01 + 0.04 * (visited + 0.01 * (1 - visited)), 12);
    // Prompts of two chunks are in twice as many steps; on two ranks each has one request and none beside it.
    expect(tokenTime(experts(), { ...l, prompt: 16_384 }, 2)).toBeCloseTo(
      0.01 + 0.04 * (visited + 0.02 * (1 - visited)),
      12,
    );
    expect(tokenTime(experts({ dataParallel: 2 }), l, 2)).toBeCloseTo(0.01 + 0.02 * visited, 12);
    expect(tokenTime(experts(), { prompt: 1000, output: 1 }, 3)).toBeCloseTo(0.05, 12);
  });

  it("a request waits for steps, its own prompt, its share of the others' and the handling of all", () => {
    expect(waitedSteps(1, c)).toBe(0);
    expect(waitedSteps(0.5, c)).toBe(0);
    expect(waitedSteps(4, c)).toBeCloseTo(1, 12);
    expect(waitedSteps(16, c)).toBeCloseTo(1.5, 12);
    const { ttft, tpot } = meanTimes(m, l, 4, c);
    expect(tpot).toBeCloseTo(0.0112, 12);
    expect(ttft).toBeCloseTo(0.01 + 0.01 + 0.06 + 0.1 * 0.12 * notFilled + 0.004, 12);
    // On two ranks there is one other on its own.
    const two = meanTimes(even({ dataParallel: 2 }), l, 4, c).ttft;
    expect(two).toBeCloseTo(0.01 + 0.01 + 0.06 + 0.1 * 0.04 * (1 - (0.04 / 1.04) ** 4) + 0.004, 12);
    expect(meanTimes(m, l, 1, c).ttft).toBeCloseTo(0.01 + 0.06 + 0.001, 12);
  });

  it("its step is that of a context half-way through the outputs", () => {
    // 10.48 + 0.024 ms: 4 x 1050 x 120 kB at 1 TB/s.
    const reading = toy({ peak: 1e30, peak16: 1e30 });
    expect(meanTimes(reading, l, 4, { ...c, others: 0 }).ttft).toBeCloseTo(0.01 + 0.010504 + 0.015 + 0.004, 12);
  });

  it("with few outputs the round's prompts come before one's own first token", () => {
    expect(meanTimes(m, { prompt: 1000, output: 1 }, 100, c).ttft).toBeCloseTo(4, 12);
    expect(meanTimes(even({ dataParallel: 2 }), { prompt: 1000, output: 1 }, 100, c).ttft).toBeCloseTo(2, 12);
    expect(meanTimes(m, { prompt: 1000, output: 2 }, 100, c).ttft).toBeCloseTo(0.04 * 50.5, 12);
  });

  it("an encoder's requests take turns", () => {
    expect(meanTimes(m, encoded, 4, c)).toEqual({ ttft: 0.01 + 0.16, tpot: 0 });
    expect(meanTimes(m, encoded, 0.5, c).ttft).toBeCloseTo(0.05, 12);
  });

  it("one's own prompt takes its factor, and what GPUs wait for each other", () => {
    expect(ownPrompt(m, 1000, c)).toBeCloseTo(0.06, 12);
    const two = even({ tensorParallel: 2 });
    expect(ownPrompt(two, 1000, { ...c, gatherLayer: 1e-4 })).toBeCloseTo(0.03 + 0.006, 12);
    expect(ownPrompt(even({ shape: { ...mixed, kvHeads: 0 } }), 1000, c)).toBeCloseTo(1.25 * 0.05, 12);
  });

  it("clients beyond the places wait for those before them", () => {
    const inside = meanTimes(m, l, 4, c);
    const times = closedLoop(m, l, 10, c, 4);
    expect(times.running).toBe(4);
    expect(times.tpot).toBe(inside.tpot);
    expect(times.ttft).toBeCloseTo(inside.ttft + 1.5 * (inside.ttft + 99 * inside.tpot), 12);
    expect(closedLoop(m, l, 3, c, 4).running).toBe(3);
    expect(closedLoop(m, l, 3, c, 4).ttft).toBe(meanTimes(m, l, 3, c).ttft);
  });
});

describe("random arrivals at one replica", () => {
  const f = firstTokenConstants;

  it("Little's law: what passes is what runs over the time that it takes; more than passes is refused", () => {
    const { ttft, tpot } = meanTimes(m, l, 4);
    expect(throughput(m, l, 4)).toBeCloseTo(4 / (ttft + 100 * tpot), 12);
    expect(throughput(m, encoded, 4)).toBeCloseTo(25, 12);
    const most = throughput(m, l, 64);
    expect(concurrencyAt(m, l, most * 1.001, 64)).toBeUndefined();
    expect(concurrencyAt(m, l, most, 64)).toBeCloseTo(64, 2);
    for (const rate of [0.5, 5, 12]) {
      const running = concurrencyAt(m, l, rate, 64) ?? 0;
      expect(throughput(m, l, running)).toBeGreaterThanOrEqual(rate);
      expect(throughput(m, l, running - 0.01)).toBeLessThanOrEqual(rate);
    }
  });

  it("19 times in 20 no more run than the mean and 1.645 deviations of a Poisson number", () => {
    expect(peakConcurrency(16)).toBeCloseTo(22.58, 9);
  });

  it("the first token waits for steps, its prompt, those before it (M/D/1) and the handling", () => {
    const times = timesUnderLoad(m, l, 5, 64);
    if (!times) throw new Error("keeps up");
    expect(times.peak).toBeCloseTo(peakConcurrency(times.concurrency), 12);
    // Prompts fill a fifth of the time: 95 of 100 wait less than 0.04 / 1.6 x ln(20 x 0.2).
    const wait = 0.025 * Math.log(4);
    const expected = f.dispatch + waitedSteps(times.peak) * 0.01 + f.dense * 0.04 + wait + f.perRequest * times.peak;
    expect(times.ttft).toBeCloseTo(expected, 12);
    expect(times.tpot).toBeCloseTo(tokenTime(m, l, times.peak), 12);
    // Below 5 % of the time nobody of 95 waits; no fewer than one runs, and no more than there are places.
    const seldom = timesUnderLoad(m, l, 0.1, 64);
    expect(seldom?.peak).toBe(1);
    expect(seldom?.ttft).toBeCloseTo(f.dispatch + f.dense * 0.04 + f.perRequest, 12);
    expect(timesUnderLoad(m, l, 5, 8)?.peak).toBe(8);
  });

  it("its step is at a context half-way through the outputs", () => {
    const reading = toy({ peak: 1e30, peak16: 1e30 });
    const times = timesUnderLoad(reading, l, 0.01, 64);
    expect(times?.tpot).toBeCloseTo(0.010126, 9);
    const busy = timesUnderLoad(reading, l, 20, 64);
    const step = 0.01 + (busy?.peak ?? 0) * 1050 * 120e3 * 1e-12;
    const own = f.dense * 0.01;
    expect(busy?.ttft).toBeCloseTo(
      f.dispatch + waitedSteps(busy?.peak ?? 0) * step + own + f.perRequest * (busy?.peak ?? 0),
      9,
    );
  });

  it("beyond 95 % of the time in prompts there is no steady state", () => {
    expect(throughput(m, l, 10_000)).toBeGreaterThan(23.8);
    expect(timesUnderLoad(m, l, 23.8, 10_000)).toBeUndefined();
    expect(timesUnderLoad(m, l, 23.7, 10_000)).toBeDefined();
    expect(timesUnderLoad(m, l, 30, 64)).toBeUndefined();
  });

  it("an encoder is one server with a fixed service", () => {
    const times = timesUnderLoad(m, encoded, 10, 64);
    const wait = (0.04 / 1.2) * Math.log(8);
    expect(times?.concurrency).toBeCloseTo(0.4, 12);
    expect(times?.peak).toBeCloseTo(0.4 + 1.645 * Math.sqrt(0.4), 12);
    expect(times?.ttft).toBeCloseTo(f.dispatch + f.dense * 0.04 + wait, 12);
    expect(times?.tpot).toBe(0);
    expect(timesUnderLoad(m, encoded, 23.75, 64)).toBeUndefined();
    expect(timesUnderLoad(m, encoded, 23.7, 64)).toBeDefined();
  });
});

describe("the five loads", () => {
  const at = (load: ProtocolLoad, lengths = l, on = m) => protocolTimes(on, lengths, load, c);

  it("closed loop: what passes is what is there over a request's time", () => {
    const times = at({ protocol: "closed_loop", concurrency: 4, limit: 8 });
    const { ttft, tpot } = meanTimes(m, l, 4, c);
    expect(times).toMatchObject({ running: 4, ttft, tpot, overloaded: false });
    expect(times.endToEnd).toBeCloseTo(ttft + 99 * tpot, 12);
    expect(times.tokensPerSecond).toBeCloseTo(400 / (ttft + 99 * tpot), 9);
    expect(at({ protocol: "closed_loop", concurrency: 4, limit: 8 }, encoded).tokensPerSecond).toBeCloseTo(
      4000 / 0.17,
      6,
    );
  });

  it("burst: half of the prompts come before one's own, and the last is served after one round", () => {
    const times = at({ protocol: "burst", concurrency: 4, limit: 8 });
    expect(times.running).toBe(4);
    expect(times.tpot).toBeCloseTo(0.0106, 12);
    expect(times.ttft).toBeCloseTo(0.07 + 0.06 + 0.004, 12);
    expect(times.endToEnd).toBeCloseTo(0.134 + 99 * 0.0106, 12);
    // A round: 70 ms, three prompts, one step waited for and 99 more.
    expect(times.tokensPerSecond).toBeCloseTo(400 / (0.07 + 0.12 + 0.01 + 0.99), 9);
  });

  it("burst beyond the places: those that wait have all prompts before them and wait rounds", () => {
    const times = at({ protocol: "burst", concurrency: 8, limit: 4 });
    expect(times.running).toBe(4);
    expect(times.tpot).toBeCloseTo(0.01 + 0.75 * 0.0012, 12);
    // Half of them wait one round of 1.19 s and none the half of it: (4 / 8) x 4 / (2 x 4) rounds on average.
    expect(times.ttft).toBeCloseTo(0.07 + 0.75 * 0.12 + 0.008 + 0.25 * 1.19, 12);
    expect(times.tokensPerSecond).toBeCloseTo(800 / 2.38, 9);
  });

  it("burst on two ranks, and of an encoder", () => {
    const two = at({ protocol: "burst", concurrency: 4, limit: 8 }, l, even({ dataParallel: 2 }));
    expect(two.ttft).toBeCloseTo(0.07 + 0.02 + 0.004, 12);
    const encoder = at({ protocol: "burst", concurrency: 4, limit: 8 }, encoded);
    expect(encoder.tpot).toBe(0);
    expect(encoder.ttft).toBeCloseTo(0.134, 12);
    expect(encoder.endToEnd).toBeCloseTo(0.134, 12);
    expect(encoder.tokensPerSecond).toBeCloseTo(4000 / 0.19, 6);
  });

  it("offline batch: all prompts, then all outputs in waves; the first token is the last request's", () => {
    const one = at({ protocol: "offline_batch", concurrency: 4, limit: 8 });
    expect(one).toMatchObject({ running: 4, overloaded: false });
    expect(one.tpot).toBeCloseTo(0.01, 12);
    expect(one.ttft).toBeCloseTo(0.16, 12);
    expect(one.endToEnd).toBeCloseTo(0.16 + 0.99, 12);
    const waves = at({ protocol: "offline_batch", concurrency: 8, limit: 4 });
    expect(waves.running).toBe(4);
    expect(waves.ttft).toBeCloseTo(0.32 + 0.99, 12);
    expect(waves.endToEnd).toBeCloseTo(2.3, 12);
    expect(waves.tokensPerSecond).toBeCloseTo(800 / 2.3, 9);
    expect(at({ protocol: "offline_batch", concurrency: 8, limit: 8 }, l, even({ dataParallel: 2 })).ttft).toBeCloseTo(
      0.16,
      12,
    );
    // A short prompt takes a reading of the weights; half a request on each rank is one.
    expect(at({ protocol: "offline_batch", limit: 8 }, { prompt: 10, output: 1 }).ttft).toBeCloseTo(0.01, 12);
    expect(at({ protocol: "offline_batch", limit: 8 }, l, even({ dataParallel: 2 })).ttft).toBeCloseTo(0.04, 12);
    const encoder = at({ protocol: "offline_batch", concurrency: 4, limit: 8 }, encoded);
    expect(encoder).toMatchObject({ tpot: 0, ttft: 0.16, endToEnd: 0.16 });
    expect(encoder.tokensPerSecond).toBeCloseTo(25_000, 6);
    const f = firstTokenConstants;
    const gathered = at({ protocol: "offline_batch", limit: 8 }, l, even({ tensorParallel: 2 })).ttft;
    expect(gathered).toBeCloseTo(0.02 + 60 * (f.gatherLayer + f.gatherToken * 500), 12);
  });

  it("decode window: steps of as many as there is room for, never under the roofline", () => {
    const times = at({ protocol: "decode_window", concurrency: 8, limit: 4 });
    expect(times).toMatchObject({ running: 4, overloaded: false });
    expect(times.tpot).toBeCloseTo(0.01, 12);
    expect(times.tokensPerSecond).toBeCloseTo(400, 9);
    expect("ttft" in times || "endToEnd" in times).toBe(false);
    const context = at(
      { protocol: "decode_window", limit: 4 },
      l,
      toy({ peak: 1e30, constants: { bandwidthShare: 4 } }),
    );
    expect(context.tpot).toBeCloseTo(0.010126, 12);
    const slow = at({ protocol: "decode_window", limit: 4 }, l, even({ constants: { bandwidthShare: 0.5 } }));
    expect(slow.tpot).toBeCloseTo(0.02, 12);
  });

  it("arrivals: Little's law without the wait, and the mean wait of M/D/1 on top", () => {
    const times = at({ protocol: "open_loop_poisson", requestRate: 5, limit: 64 });
    const n = times.running;
    const alone = 0.01 + 0.06 + waitedSteps(n, c) * 0.01 + 0.001 * n;
    const tpot = 0.01 + (n - 1) * 0.0004;
    expect(n / (alone + 99 * tpot)).toBeCloseTo(5, 4);
    expect(times.tpot).toBeCloseTo(tpot, 9);
    // A fifth of the time is prompts: 0.2 x 0.04 / (2 x 0.8) = 5 ms.
    expect(times.ttft).toBeCloseTo(alone + 0.005, 9);
    expect(times.endToEnd).toBeCloseTo(alone + 0.005 + 99 * tpot, 9);
    expect(times).toMatchObject({ tokensPerSecond: 500, overloaded: false });
    // Half of them on each of two ranks: a tenth of the time each.
    const two = at({ protocol: "open_loop_poisson", requestRate: 5, limit: 64 }, l, even({ dataParallel: 2 }));
    const less = 0.07 + waitedSteps(two.running, c) * 0.01 + 0.001 * two.running + (0.1 * 0.04) / 1.8;
    expect(two.ttft).toBeCloseTo(less, 9);
    // No fewer than one counts for a request's times.
    const seldom = at({ protocol: "open_loop_poisson", requestRate: 0.1, limit: 64 });
    expect(seldom.running).toBeLessThan(0.2);
    expect(seldom.tpot).toBeCloseTo(0.01, 12);
  });

  it("arrivals beyond what is served have no mean wait", () => {
    const over = at({ protocol: "open_loop_poisson", requestRate: 6, limit: 4 });
    const served = 4 / (0.01 + 0.06 + 0.01 + 0.004 + 99 * 0.0112);
    expect(over).toMatchObject({ running: 4, overloaded: true });
    expect(over.tpot).toBeCloseTo(0.0112, 12);
    expect(over.tokensPerSecond).toBeCloseTo(100 * served, 9);
    expect("ttft" in over || "endToEnd" in over).toBe(false);
    // However many places: prompts alone let 25 a second through, and all passes of 1000 + 4999 tokens 1e14 / (2e9 x 5999).
    const short = { prompt: 1000, output: 1 };
    expect(at({ protocol: "open_loop_poisson", requestRate: 60, limit: 1e5 }, short).tokensPerSecond).toBeCloseTo(
      25,
      9,
    );
    const long = at({ protocol: "open_loop_poisson", requestRate: 30, limit: 1e6 }, { prompt: 1000, output: 5000 });
    expect(long.tokensPerSecond).toBeCloseTo((5000 * 1e14) / (2e9 * 5999), 3);
    const two = even({ dataParallel: 2 });
    expect(at({ protocol: "open_loop_poisson", requestRate: 60, limit: 1e5 }, short, two).tokensPerSecond).toBeCloseTo(
      50,
      9,
    );
    const wide = even({ tensorParallel: 2 });
    const doubled = at(
      { protocol: "open_loop_poisson", requestRate: 60, limit: 1e6 },
      { prompt: 1000, output: 5000 },
      wide,
    );
    expect(doubled.tokensPerSecond).toBeCloseTo((5000 * 2e14) / (2e9 * 5999), 3);
  });

  it("arrivals told by how many are there: those beyond the places wait for what is served", () => {
    const { ttft, tpot } = meanTimes(m, l, 4, c);
    const served = 4 / (0.01 + 0.06 + 0.01 + 0.004 + 99 * 0.0112);
    const inside = at({ protocol: "open_loop_poisson", concurrency: 4, limit: 8 });
    expect(inside).toMatchObject({ running: 4, tpot, ttft, overloaded: false });
    expect(inside.endToEnd).toBeCloseTo(ttft + 99 * tpot, 12);
    expect(inside.tokensPerSecond).toBeCloseTo(100 * served, 9);
    const beyond = at({ protocol: "open_loop_poisson", concurrency: 10, limit: 4 });
    expect(beyond.ttft).toBeCloseTo(ttft + 6 / served, 9);
    expect(at({ protocol: "open_loop_poisson", concurrency: 4, requestRate: 1, limit: 8 }).tokensPerSecond).toBe(100);
    expect(at({ protocol: "open_loop_poisson", limit: 8 }).running).toBe(1);
  });

  it("arrivals at an encoder wait for those before them only", () => {
    const times = at({ protocol: "open_loop_poisson", requestRate: 10, limit: 64 }, encoded);
    expect(times.tpot).toBe(0);
    const n = Math.max(1, times.running);
    expect(times.ttft).toBeCloseTo(0.07 + 0.001 * n + (0.4 * 0.04) / 1.2, 9);
    expect(times.endToEnd).toBeCloseTo(times.ttft ?? 0, 12);
    expect(times.tokensPerSecond).toBe(10_000);
  });
});

describe("bounds", () => {
  const [knownGpu, newGpu] = [gpu("h100-sxm"), gpu("l4")];
  const [dense, mixture] = [model("llama-3.1-70b-instruct"), model("gpt-oss-120b")];
  const [newDense, newMixture] = [model("llama-3.1-8b-instruct"), model("qwen3-30b-a3b")];

  it("what was measured counts its own errors; all that is new adds those made when it was held out", () => {
    expect(measured.gpus).toContain("h100-sxm");
    expect(errorSources({ gpu: knownGpu, model: dense })).toEqual(["dense"]);
    expect(errorSources({ gpu: knownGpu, model: mixture })).toEqual(["mixture"]);
    expect(errorSources({ gpu: knownGpu, model: newDense })).toEqual(["dense", "newDense"]);
    expect(errorSources({ gpu: knownGpu, model: newMixture })).toEqual(["mixture", "newMixture"]);
    expect(errorSources({ gpu: newGpu, model: dense })).toEqual(["dense", "newGpu", "otherEngine"]);
    const of = { gpu: knownGpu, model: dense };
    expect(errorSources({ ...of, engine: "ollama" })).toEqual(["dense", "otherEngine"]);
    expect(errorSources({ ...of, engineVersion: "0.9.0" })).toEqual(["dense", "otherEngine"]);
    expect(errorSources({ ...of, engineVersion: "0.2.0" })).toEqual(["dense", "otherEngine", "firstEngine"]);
    expect(errorSources({ ...of, protocol: "burst" })).toEqual(["dense", "burst"]);
  });

  it("the widest bounds count, and more that is new never narrows them", () => {
    const known = { gpu: knownGpu, model: dense };
    expect(errorInterval(known)).toEqual(errorQuantiles.dense);
    const all = { gpu: newGpu, model: newDense, engineVersion: "0.2.0", protocol: "burst" } as const;
    const { tpot, ttft, endToEnd } = errorInterval(all);
    const { dense: a, newDense: b, newGpu: g, otherEngine: o, firstEngine: f, burst } = errorQuantiles;
    const lows = (key: keyof typeof a) => [a, b, g, o, f, burst].map((one) => one[key][0]);
    const highs = (key: keyof typeof a) => [a, b, g, o, f, burst].map((one) => one[key][1]);
    expect(tpot[0]).toBe(lows("tpot").sort((x, y) => x - y)[0]);
    expect(tpot[1]).toBe(highs("tpot").sort((x, y) => y - x)[0]);
    expect(ttft[0]).toBe(lows("ttft").sort((x, y) => x - y)[0]);
    expect(endToEnd[1]).toBe(highs("endToEnd").sort((x, y) => y - x)[0]);
    expect(plain.experts).toBeUndefined();
  });
});
