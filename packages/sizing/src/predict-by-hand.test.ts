import { describe, expect, it } from "vitest";
import { usableGiB } from "@holdfast/catalog";
import type { Configuration } from "./configuration";
import { errorInterval } from "./error-interval";
import { predictConfiguration, type ConfigurationPrediction } from "./predict-configuration";
import { gpu, model } from "./toy-machine.fixture";

const base: Configuration = {
  model: "llama-3.1-8b-instruct",
  gpu: "h100-sxm",
  format: "bf16",
  promptTokens: 1000,
  outputTokens: 101,
  concurrency: 32,
};
const predict = (change: Partial<Configuration> = {}, from: Configuration = base): ConfigurationPrediction => {
  const outcome = predictConfiguration({ ...from, ...change });
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.prediction;
};
/** Random arrivals, no number of clients. */
const arrivals = (change: Partial<Configuration> & { readonly requestRate: number }) => {
  const { model: name, gpu: card, format, promptTokens, outputTokens } = base;
  return predict(change, {
    model: name,
    gpu: card,
    ...(format === undefined ? {} : { format }),
    promptTokens,
    outputTokens,
    protocol: "open_loop_poisson",
  });
};
/** Within rounding to a thousandth of what is stated. */
const near = (value: number, expected: number, share = 1e-3) => {
  expect(Math.abs(value / expected - 1)).toBeLessThan(share);
};

describe("times", () => {
  it("a whole request is its first token and a step for each of the other 100", () => {
    const { ttftMs = 0, tpotMs, endToEndMs = 0 } = predict();
    // 16 GB at 3.35 TB/s: 4.8 ms a token at least, and no more than 20 for 32 at once.
    expect(tpotMs).toBeGreaterThan(4.8);
    expect(tpotMs).toBeLessThan(20);
    expect(ttftMs).toBeGreaterThan(1);
    near(endToEndMs, ttftMs + 100 * tpotMs);
  });

  it("Little's law: those that run over the time of a request, whatever the stages", () => {
    for (const pipelineParallel of [1, 2, 4]) {
      const { endToEndMs = 0, tokensPerSecond, running } = predict({ pipelineParallel });
      near(tokensPerSecond, (32 * 101) / (endToEndMs / 1000));
      expect(running).toBe(32);
    }
  });

  it("fewer clients than stages fill as many groups as there are clients", () => {
    const alone = predict({ concurrency: 1 });
    const staged = predict({ concurrency: 1, pipelineParallel: 2 });
    expect(staged.running).toBe(1);
    near(staged.tokensPerSecond, 101 / ((staged.endToEndMs ?? 0) / 1000));
    near(staged.tpotMs, alone.tpotMs);
  });

  it("each group of a pipeline runs its share", () => {
    const { tpotMs, ttftMs } = predict({ concurrency: 16 });
    const staged = predict({ concurrency: 32, pipelineParallel: 2 });
    expect([staged.tpotMs, staged.ttftMs]).toEqual([tpotMs, ttftMs]);
  });

  it("arrivals are served as they come, over all stages", () => {
    for (const pipelineParallel of [1, 2]) {
      const { tokensPerSecond, running, overloaded, endToEndMs = 0 } = arrivals({ requestRate: 4, pipelineParallel });
      expect(overloaded).toBe(false);
      near(tokensPerSecond, 404);
      // As many in the engine as arrive while one is served; the search for it stops at a millionth.
      near(running, (4 * endToEndMs) / 1000, 0.05);
    }
    const two = arrivals({ requestRate: 8, pipelineParallel: 2 });
    const one = arrivals({ requestRate: 4 });
    expect([two.tpotMs, two.ttftMs]).toEqual([one.tpotMs, one.ttftMs]);
    near(two.running, 2 * one.running);
  });

  it("more than is served has no time to the first token", () => {
    const over = arrivals({ requestRate: 1000 });
    expect(over.overloaded).toBe(true);
    expect(over.tokensPerSecond).toBeLessThan(1000 * 101);
    for (const one of [over, over.interval, predict({ protocol: "decode_window" })]) {
      expect(one).not.toHaveProperty("ttftMs");
      expect(one).not.toHaveProperty("endToEndMs");
      expect(one).toHaveProperty("tpotMs");
    }
    expect(predict({ protocol: "decode_window" }).interval).not.toHaveProperty("ttftMs");
  });
});

describe("intervals", () => {
  it("are the errors around each time, and around the throughput those of a whole request turned over", () => {
    for (const engineVersion of [undefined, "0.2.7"]) {
      const {
        ttftMs = 0,
        tpotMs,
        endToEndMs = 0,
        tokensPerSecond,
        interval,
      } = predict(engineVersion === undefined ? {} : { engineVersion });
      const errors = errorInterval({
        gpu: gpu("h100-sxm"),
        model: model("llama-3.1-8b-instruct"),
        ...(engineVersion === undefined ? {} : { engineVersion }),
      });
      expect(errors.tpot[0]).toBeLessThan(1);
      expect(errors.tpot[1]).toBeGreaterThan(1);
      for (const [value, range, [low, high]] of [
        [tpotMs, interval.tpotMs, errors.tpot],
        [ttftMs, interval.ttftMs, errors.ttft],
        [endToEndMs, interval.endToEndMs, errors.endToEnd],
        [tokensPerSecond, interval.tokensPerSecond, [1 / errors.endToEnd[1], 1 / errors.endToEnd[0]]],
      ] as const) {
        if (range === undefined) throw new Error("no range");
        expect(range).toHaveLength(2);
        near(range[0], value * low);
        near(range[1], value * high);
      }
    }
  });
});

describe("memory and limits", () => {
  it("the share of the memory that the engine may take goes to the cache", () => {
    const less = predict({ memoryUtilisation: 0.9 }).kvGiB - predict({ memoryUtilisation: 0.5 }).kvGiB;
    expect(less).toBeCloseTo(0.4 * usableGiB(gpu("h100-sxm")), 2);
  });

  it("larger steps take activations from it: 2 bytes x tokens x (4.25 x hidden + three of the feed-forward layer)", () => {
    const kv = (maxNumBatchedTokens: number) => predict({ maxNumBatchedTokens, maxNumSeqs: 8 }).kvGiB;
    expect(kv(8192) - kv(16_384)).toBeCloseTo((2 * 8192 * (4.25 * 4096 + 3 * 14_336)) / 2 ** 30, 2);
    expect(predict().kvGiB).toBeCloseTo(predict({ maxNumBatchedTokens: 8192, maxNumSeqs: 1024 }).kvGiB, 3);
  });

  it("fewer sequences leave room, and the others wait", () => {
    const few = predict({ maxNumSeqs: 4 });
    expect(few.running).toBe(4);
    expect(few.kvGiB).toBeGreaterThan(predict().kvGiB);
    expect(few.ttftMs ?? 0).toBeGreaterThan(predict().ttftMs ?? 0);
    expect(predict({ maxNumSeqs: 4, pipelineParallel: 2 }).running).toBeLessThanOrEqual(4);
  });

  it("small steps feed few: a prompt of 10,000 takes 40 of 256 while an answer of 10 lasts 10", () => {
    const load = { promptTokens: 10_000, outputTokens: 10, concurrency: 64 };
    // 1 + 256 x 10 / 10,000, of 64.
    expect(predict({ ...load, maxNumBatchedTokens: 256 }).running).toBeCloseTo(1.256, 3);
    expect(predict({ ...load, maxNumBatchedTokens: 10_000 }).running).toBeCloseTo(11, 3);
  });

  it("an older version: its rules of memory, its host, its errors", () => {
    const [old, now] = [predict({ engineVersion: "0.6.3" }), predict()];
    expect(old.tpotMs).toBeGreaterThan(now.tpotMs * 1.1);
    // A share of 0.90 in place of 0.92, and 0.9 GiB of graphs that are not counted.
    const before = predict({ engineVersion: "0.20.2" }).kvGiB;
    expect(now.kvGiB - before).toBeCloseTo(0.02 * usableGiB(gpu("h100-sxm")) - 0.9, 2);
    expect(old.interval.tpotMs[1] / old.tpotMs).toBeGreaterThan(now.interval.tpotMs[1] / now.tpotMs);
  });

  it("vLLM runs what its cache holds on average, at half of the output; engines with slots what fits whole", () => {
    const long = { promptTokens: 8000, outputTokens: 8000, concurrency: 1000 };
    const vllm = predict(long);
    expect(vllm.running / vllm.cacheRequests).toBeGreaterThan(1.2);
    expect(vllm.running / vllm.cacheRequests).toBeLessThan(1.5);
    for (const engine of ["llamacpp", "tgi"]) {
      const { running, cacheRequests } = predict({ ...long, engine });
      expect(cacheRequests).toBeGreaterThan(10);
      expect(running).toBe(cacheRequests);
    }
    expect(predict({ ...long, engine: "llamacpp", gpu: "t4" })).toMatchObject({
      fits: false,
      cacheRequests: 0,
      running: 1,
    });
  });

  it("what an engine does not do is its reason", () => {
    const refused = predictConfiguration({ ...base, engine: "tgi", format: "nvfp4" });
    expect(refused).toMatchObject({ ok: false });
    expect(refused.ok ? "" : refused.reason).toContain("nvfp4");
  });

  it("an encoder holds as many as come, since it keeps nothing", () => {
    const encoder: Configuration = { model: "bge-m3", gpu: "l4", promptTokens: 512, outputTokens: 0 };
    expect(predict({ concurrency: 7 }, encoder)).toMatchObject({ cacheRequests: 7, tpotMs: 0, fits: true });
    const open = predict({ protocol: "open_loop_poisson", requestRate: 20 }, encoder);
    expect(open.cacheRequests).toBe(Math.ceil(open.running));
    near(open.tokensPerSecond, 20 * 512);
  });
});
