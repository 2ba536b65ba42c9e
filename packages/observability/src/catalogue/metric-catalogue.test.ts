import { describe, expect, it } from "vitest";
import { bucketMatcher, placeOnBucket } from "../bucket-target";
import { prodLikeSpec } from "../fixtures/prod-like-spec";
import { storageSize } from "../storage-size";
import { recordingGroups } from "../rules/recordings";
import { waitingLimit } from "../rules/promises";
import { engineMetrics, engineMetricsProblem, metricCatalogue } from "./metric-catalogue";
import { sourceNames } from "./source-names";
import { vllmBuckets } from "./vllm-changes";

const names = (version: string) => new Set(engineMetrics({ kind: "vllm", version }).map(({ name }) => name));

describe("the metric catalogue", () => {
  it("knows which vLLM version has which metric", () => {
    expect(names("0.32.0").has("vllm:admission_rejections_total")).toBe(true);
    expect(names("0.28.0").has("vllm:admission_rejections_total")).toBe(false);
    expect(names("0.11.2").has("vllm:kv_cache_usage_perc")).toBe(true);
    expect(names("0.11.2").has("vllm:prompt_tokens_by_source_total")).toBe(false);
    for (const version of ["0.11.2", "0.33.0"]) expect(names(version).has("vllm:gpu_cache_usage_perc")).toBe(false);
  });

  it("refuses versions that nobody has looked at", () => {
    expect(engineMetricsProblem({ kind: "vllm", version: "0.25.1" })).toBeUndefined();
    expect(engineMetricsProblem({ kind: "vllm", version: "0.34.0" })).toContain("known: 0.11.2 to 0.33.0");
    expect(engineMetricsProblem({ kind: "vllm", version: "0.9.0" })).toContain("not in the catalogue");
    expect(engineMetricsProblem({ kind: "vllm", version: "latest" })).toContain("not a version number");
  });

  it("gives every metric one place, and no name the gate could confuse with a histogram's parts", () => {
    const catalogue = metricCatalogue([{ kind: "vllm", version: "0.33.0" }]);
    expect(catalogue.size).toBeGreaterThan(500);
    for (const { name, type } of catalogue.values()) {
      if (type === "histogram")
        for (const part of ["_bucket", "_sum", "_count"]) expect(catalogue.has(name + part), name).toBe(false);
    }
  });

  it("leads from the names that articles use to series that exist", () => {
    const records = new Set(recordingGroups(prodLikeSpec).flatMap(({ rules }) => rules.map(({ record }) => record)));
    for (const [name, record] of Object.entries(sourceNames))
      expect(records.has(record), `${name} -> ${record}`).toBe(true);
  });
});

describe("targets", () => {
  it.each([
    [2, { target: 2, bound: 2.5, below: 1 }],
    [1, { target: 1, bound: 1 }],
    [0.05, { target: 0.05, bound: 0.06, below: 0.04 }],
    [0.0005, { target: 0.0005, bound: 0.001 }],
    [5000, undefined],
  ])("of %d s for the first token are watched at a bound of the histogram", (target, placed) => {
    expect(placeOnBucket(target, vllmBuckets.timeToFirstToken)).toEqual(placed);
  });

  it("are matched however a client writes whole numbers", () => {
    expect(bucketMatcher(2.5)).toBe('le="2.5"');
    expect(bucketMatcher(5)).toBe('le=~"5(\\\\.0)?"');
  });

  it("limit the queue by Little's law, or to one full batch", () => {
    const [chat, , analysis] = prodLikeSpec.fleets;
    if (chat === undefined || analysis === undefined) throw new Error("the fixture has no fleets");
    expect(waitingLimit(chat)).toBe(4 * 2);
    expect(waitingLimit(analysis)).toBe(4 * 24);
  });
});

describe("storageSize", () => {
  it("grows with retention, fleets and replicas, and leaves a fifth for the rest", () => {
    const { series, volumeGiB, prometheusGiB } = storageSize(prodLikeSpec);
    expect(series).toBeGreaterThan(10_000);
    expect(prometheusGiB).toBe(Math.floor(volumeGiB * 0.8));
    // 90 days of 15 s samples at two bytes, twice over.
    expect(prometheusGiB * 1024 ** 3).toBeGreaterThanOrEqual(series * 90 * 5760 * 2 * 2 * 0.99);
    expect(storageSize({ ...prodLikeSpec, retention: "365 days" }).volumeGiB).toBeGreaterThan(volumeGiB);
    expect(storageSize({ ...prodLikeSpec, volumeGiB: 500 }).volumeGiB).toBe(500);
  });
});
