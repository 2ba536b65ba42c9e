import { describe, expect, it } from "vitest";
import type { FleetNeed, FleetSizing } from "../fleet";
import { sequenceBytes } from "../kv-cache";
import { predictConfiguration } from "../predict-configuration";
import { model } from "../toy-machine.fixture";
import { neighbours, type Neighbour } from "./neighbours";
import { contextFor, percentileOf, recordedWorkload } from "./request-histogram";

describe("histograms of requests", () => {
  const bins = [
    { upTo: 3000, count: 1 },
    { upTo: 1000, count: 6 },
    { upTo: 2000, count: 3 },
  ];

  it("a percentile is linear inside its bin, from the end of the bin below", () => {
    expect([0.3, 0.6, 0.75, 0.9, 1].map((share) => percentileOf(bins, share))).toEqual([500, 1000, 1500, 2000, 3000]);
    expect(
      percentileOf(
        [
          { upTo: 100, count: 0 },
          { upTo: 200, count: 2 },
        ],
        0.5,
      ),
    ).toBe(150);
    expect(
      percentileOf(
        [
          { upTo: 100, count: 2 },
          { upTo: 200, count: 0 },
        ],
        1,
      ),
    ).toBe(100);
  });

  it("nothing counted, or no share, is refused", () => {
    expect(() => percentileOf([], 0.5)).toThrow("holds no requests");
    expect(() => percentileOf([{ upTo: 9, count: 0 }], 0.5)).toThrow("holds no requests");
    for (const share of [0, -1, 1.01, Number.NaN])
      expect(() => percentileOf(bins, share)).toThrow("above 0 and at most 1");
  });

  it("context: the 95th percentile in whole pages of 1,024, what is longer is cut off", () => {
    // 95 of 100: half-way through the last bin, 2500: three pages.
    expect(contextFor(bins, 1e6)).toEqual({ maxModelLen: 3072, refusedShare: 0 });
    expect(contextFor(bins, 2048)).toEqual({ maxModelLen: 2048, refusedShare: 0.1 });
    expect(contextFor(bins, 1000)).toEqual({ maxModelLen: 1000, refusedShare: 0.4 });
  });
});

describe("recorded requests", () => {
  const request = (at: number, promptTokens: number, outputTokens = 10) => ({ at, promptTokens, outputTokens });

  it("percentiles are the values that so many stay at or below, whatever the order", () => {
    const found = recordedWorkload(Array.from({ length: 20 }, (_, i) => request(i, 20 - i, 2 * (i + 1))));
    expect(found.promptLengths).toEqual({ p10: 2, p25: 5, p50: 10, p75: 15, p90: 18, p95: 19, p99: 20 });
    expect(found.outputLengths).toEqual({ p10: 4, p25: 10, p50: 20, p75: 30, p90: 36, p95: 38, p99: 40 });
    expect(found).toMatchObject({ promptTokens: 19, outputTokens: 38 });
    expect(found.arrivals).toBeUndefined();
  });

  it("outputs of nothing have no lengths to speak of", () => {
    expect(recordedWorkload([request(0, 5, 0), request(1, 5, 0)])).toMatchObject({ outputTokens: 0 });
    expect("outputLengths" in recordedWorkload([request(0, 5, 0)])).toBe(false);
    expect("outputLengths" in recordedWorkload([request(0, 5, 1)])).toBe(true);
  });

  it("the rate of the busiest minute; of a shorter record, the whole", () => {
    // One a minute, and ten in one second of the third hour.
    const thin = Array.from({ length: 300 }, (_, i) => request(i * 60, 5));
    const burst = Array.from({ length: 10 }, (_, i) => request(10_020 + i / 10, 5));
    // From 10,020 to 10,080 s: the ten, and the two at either end.
    expect(recordedWorkload([...burst, ...thin]).requestsPerSecond).toBeCloseTo(12 / 60, 12);
    expect(recordedWorkload([request(0, 5), request(10, 5), request(5, 5)]).requestsPerSecond).toBeCloseTo(0.3, 12);
    expect(recordedWorkload([request(7, 5)]).requestsPerSecond).toBe(1);
    expect(recordedWorkload([request(7, 5), request(7.1, 5)]).requestsPerSecond).toBe(2);
  });

  it("clockwork has no variation; pairs have; thousands at one instant say nothing", () => {
    const every = (times: number[]) => recordedWorkload(times.map((at) => request(at, 5))).arrivals;
    expect(every(Array.from({ length: 100 }, (_, i) => i))?.variation).toBeCloseTo(0, 12);
    expect(every(Array.from({ length: 99 }, (_, i) => i))).toBeUndefined();
    // Gaps of 0 and 2 in turn: mean 1, deviation 1.
    expect(every(Array.from({ length: 201 }, (_, i) => 2 * Math.floor(i / 2)))?.variation).toBeCloseTo(1, 12);
    expect(every(Array.from({ length: 200 }, () => 3))).toBeUndefined();
    // All but one at once: sqrt(n - 1) would be 31.6, and 20 is the most.
    expect(every([...Array.from({ length: 1000 }, () => 0), 1])?.variation).toBe(20);
  });

  it("what cannot be is refused", () => {
    expect(() => recordedWorkload([])).toThrow("no requests");
    for (const bad of [request(Number.NaN, 5), request(0, 0.5), request(0, 5, -1)])
      expect(() => recordedWorkload([request(0, 1), bad])).toThrow("needs a time");
    expect(recordedWorkload([request(0, 1, 0)])).toMatchObject({ promptTokens: 1 });
  });
});

describe("neighbours by hand", () => {
  const need = {
    fleet: "f",
    model: "llama-3.1-8b-instruct",
    region: "us-east-1",
    workload: { promptTokens: 2000, outputTokens: 400, requestsPerSecond: 1 },
  } satisfies FleetNeed;
  const sizingOf = (more: object = {}, kvCacheDtype: "auto" | "fp8" = "auto", maxModelLen = 8192) =>
    ({
      model: "llama-3.1-8b-instruct",
      gpu: "h100-sxm",
      format: "bf16",
      tensorParallel: 2,
      maxConcurrency: 33,
      engine: { kvCacheDtype, maxModelLen },
      ...more,
    }) as unknown as FleetSizing;
  const named = (sizing: FleetSizing) =>
    new Map(neighbours(need, sizing).map((one): [Neighbour["name"], Neighbour] => [one.name, one]));
  const predicted = (more: object = {}) => {
    const outcome = predictConfiguration({
      model: need.model,
      gpu: "h100-sxm",
      format: "bf16",
      kvFormat: "bf16",
      tensorParallel: 2,
      promptTokens: 2000,
      outputTokens: 400,
      concurrency: 33,
      ...more,
    });
    if (!outcome.ok) throw new Error(outcome.reason);
    return outcome.prediction;
  };
  const contexts = (kvGiB: number, tokens: number, kv: "bf16" | "fp8") =>
    Math.floor(kvGiB / (sequenceBytes(model(need.model).architecture, tokens, 2, kv) / 2 ** 30));

  it("the chosen one is what is predicted for it, all GPUs of a replica together", () => {
    const chosen = named(sizingOf()).get("chosen");
    const { weightsGiB, kvGiB, ttftMs, tpotMs, tokensPerSecond } = predicted();
    expect(chosen).toMatchObject({
      format: "bf16",
      kvFormat: "bf16",
      contextTokens: 8192,
      slots: 33,
      tpotMs,
      ttftMs,
      tokensPerSecond,
    });
    expect(chosen?.weightsGiB).toBeCloseTo(2 * weightsGiB, 9);
    expect(chosen?.kvGiB).toBeCloseTo(2 * kvGiB, 9);
    expect(chosen?.fullContexts).toBe(contexts(kvGiB, 8192, "bf16"));
  });

  it("each changes one setting", () => {
    const found = named(sizingOf());
    expect([...found.keys()]).toEqual([
      "chosen",
      "fp8 KV cache",
      "longer context",
      "fewer slots",
      "fp8 weights",
      "4-bit weights",
    ]);
    expect(found.get("fp8 KV cache")).toMatchObject({ kvFormat: "fp8", slots: 33, format: "bf16" });
    expect(found.get("fp8 KV cache")?.fullContexts).toBe(contexts(predicted({ kvFormat: "fp8" }).kvGiB, 8192, "fp8"));
    expect(found.get("longer context")).toMatchObject({ contextTokens: 16_384, slots: 33 });
    expect(found.get("longer context")?.fullContexts).toBe(contexts(predicted().kvGiB, 16_384, "bf16"));
    expect(found.get("fewer slots")).toMatchObject({ slots: 16, tpotMs: predicted({ concurrency: 16 }).tpotMs });
    expect(found.get("fp8 weights")).toMatchObject({ format: "fp8", tpotMs: predicted({ format: "fp8" }).tpotMs });
    expect(found.get("4-bit weights")).toMatchObject({ format: "awq" });
    const base = found.get("chosen");
    const eight = found.get("fp8 weights");
    expect(eight?.gains).toBe(`${((eight?.kvGiB ?? 0) - (base?.kvGiB ?? 0)).toFixed(1)} GiB more cache`);
    const few = found.get("fewer slots");
    const share = Math.round((1 - (few?.tokensPerSecond ?? 0) / (base?.tokensPerSecond ?? 1)) * 100);
    expect(few?.givesUp).toContain(`${share} % less throughput`);
    expect(few?.gains).toBe(
      `${Math.round((1 - (few?.tpotMs ?? 0) / (base?.tpotMs ?? 1)) * 100)} % less time per token`,
    );
  });

  it("an 8-bit configuration has 16-bit neighbours; a narrow one none in weights", () => {
    const eight = named(sizingOf({ format: "fp8" }, "fp8"));
    expect([...eight.keys()]).toEqual([
      "chosen",
      "16-bit KV cache",
      "longer context",
      "fewer slots",
      "16-bit weights",
      "4-bit weights",
    ]);
    expect(eight.get("16-bit KV cache")?.fullContexts).toBeLessThan(eight.get("chosen")?.fullContexts ?? 0);
    const [base, wide] = [eight.get("chosen"), eight.get("16-bit weights")];
    const slower = Math.round((100 * ((wide?.tpotMs ?? 0) - (base?.tpotMs ?? 1))) / (base?.tpotMs ?? 1));
    expect(wide?.givesUp).toBe(
      `${((base?.kvGiB ?? 0) - (wide?.kvGiB ?? 0)).toFixed(1)} GiB of cache, ${slower} % more time per token`,
    );
    expect([...named(sizingOf({ format: "awq" })).keys()]).toEqual([
      "chosen",
      "fp8 KV cache",
      "longer context",
      "fewer slots",
    ]);
    expect(named(sizingOf({ gpu: "a100-80" })).get("fp8 KV cache")?.givesUp).toContain("no FP8 arithmetic");
    expect(named(sizingOf()).get("fp8 KV cache")?.givesUp).toBe("some quality: test it");
    expect(named(sizingOf({ gpu: "l4" })).get("fp8 KV cache")?.givesUp ?? "some quality: test it").toBe(
      "some quality: test it",
    );
  });

  it("no longer than the model's context, no fewer slots than one, nothing where nothing fits", () => {
    const most = model(need.model).contextTokens;
    expect(named(sizingOf({}, "auto", most)).has("longer context")).toBe(false);
    expect(named(sizingOf({}, "auto", most - 1000)).get("longer context")?.contextTokens).toBe(most);
    expect(named(sizingOf({ maxConcurrency: 1 })).has("fewer slots")).toBe(false);
    expect(named(sizingOf({ maxConcurrency: 2 })).get("fewer slots")?.slots).toBe(1);
    expect(neighbours(need, sizingOf({ gpu: "rtx-3060", tensorParallel: 1 }))).toEqual([]);
    expect(neighbours(need, sizingOf({ model: "nonsense" }))).toEqual([]);
    expect(neighbours(need, sizingOf({ gpu: "nonsense" }))).toEqual([]);
    expect(neighbours(need, sizingOf({ model: "bge-m3" }))).toEqual([]);
  });
});
