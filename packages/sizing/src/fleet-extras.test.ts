import { describe, expect, it } from "vitest";
import type { FleetNeed, FleetSizing } from "./fleet";
import { predictConfiguration } from "./predict-configuration";
import { sizeFleet } from "./size-fleet";

const need: FleetNeed = {
  fleet: "chat",
  model: "llama-3.1-70b-instruct",
  format: "fp8",
  region: "us-east-1",
  instanceType: "p5.48xlarge",
  workload: { promptTokens: 2000, outputTokens: 400, requestsPerSecond: 1, ttftSeconds: 5, tpotMs: 100 },
};
function sized(changes: Partial<FleetNeed>): FleetSizing {
  const outcome = sizeFleet({ ...need, ...changes });
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.sizing;
}

describe("adapters and a draft model are paid for in memory", () => {
  it("in a fleet", () => {
    const plain = sized({});
    const adapted = sized({ adapters: { count: 8, rank: 64 } });
    const drafted = sized({ draft: { model: "llama-3.1-8b-instruct", format: "fp8" } });
    const perGpu = (one: FleetSizing) => one.memoryGiB.overhead / one.gpusPerReplica;
    if (adapted.gpusPerReplica === plain.gpusPerReplica) expect(perGpu(adapted)).toBeGreaterThan(perGpu(plain) + 4);
    else expect(adapted.gpusPerReplica).toBeGreaterThan(plain.gpusPerReplica);
    expect(drafted.memoryGiB.overhead).toBeGreaterThan(plain.memoryGiB.overhead + 8);
  });

  it.each([
    [
      { adapters: { count: 0, rank: 16 } },
      "adapters need a whole count and rank of at least 1, got count 0 and rank 16",
    ],
    [{ adapters: { count: 2, rank: Number.NaN } }, "got count 2 and rank NaN"],
    [{ draft: { model: "nonsense" } }, 'draft model "nonsense" is not in the catalogue'],
    [{ draft: { model: "qwen3-0.6b" } }, "a draft needs the target's vocabulary"],
    [{ draft: { model: "llama-3.1-8b-instruct", format: "int3" } }, 'unknown format "int3" of the draft model'],
  ] as const)("%o is refused with the reason", (changes, reason) => {
    const outcome = sizeFleet({ ...need, ...changes });
    expect(outcome.ok ? "" : outcome.reason).toContain(reason);
  });

  it("in one fixed configuration", () => {
    const fixed = {
      model: "llama-3.1-70b-instruct",
      format: "fp8",
      gpu: "h100-sxm",
      tensorParallel: 2,
      promptTokens: 1000,
      outputTokens: 100,
      concurrency: 4,
    };
    const kv = (changes: object) => {
      const outcome = predictConfiguration({ ...fixed, ...changes });
      if (!outcome.ok) throw new Error(outcome.reason);
      return outcome.prediction.kvGiB;
    };
    expect(kv({ draft: { model: "llama-3.1-8b-instruct", format: "fp8" } })).toBeCloseTo(kv({}) - 4.23, 1);
    expect(kv({ adapters: { count: 4, rank: 16 } })).toBeLessThan(kv({}) - 1);
    expect(predictConfiguration({ ...fixed, draft: { model: "nonsense" } })).toMatchObject({ ok: false });
    for (const bad of [Number.NaN, 0, -1, Number.POSITIVE_INFINITY]) {
      for (const name of ["memoryUtilisation", "maxNumSeqs", "maxNumBatchedTokens", "promptTokens", "tensorParallel"]) {
        const outcome = predictConfiguration({ ...fixed, [name]: bad });
        expect(outcome.ok ? "" : outcome.reason, name).toContain(name);
      }
    }
    const weights = (engine: string, format?: string) => {
      const outcome = predictConfiguration({ ...fixed, engine, format: format ?? "" });
      return outcome.ok ? outcome.prediction.weightsGiB : Number.NaN;
    };
    expect(weights("ollama")).toBe(weights("ollama", "q4_k_m"));
    expect(weights("vllm")).toBe(weights("vllm", "bf16"));
  });
});
