import { findInstance, instancePrice, instances } from "@holdfast/catalog";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FleetNeed, FleetSizing } from "./fleet";
import { sizeFleet } from "./size-fleet";

/** So many examples, or as many as a busy machine manages in a third of the test's limit. */
const runs = (numRuns: number) => ({ numRuns, interruptAfterTimeLimit: 20_000 });

const chat: FleetNeed = {
  fleet: "chat",
  model: "llama-3.1-70b-instruct",
  format: "fp8",
  region: "eu-central-1",
  minimumReplicas: 2,
  workload: { promptTokens: 2000, outputTokens: 400, requestsPerSecond: 4, ttftSeconds: 2, tpotMs: 50 },
};
const code: FleetNeed = {
  fleet: "code",
  model: "qwen2.5-coder-7b-instruct",
  gpuClass: "A10G class",
  region: "eu-central-1",
  minimumReplicas: 2,
  workload: { promptTokens: 1500, outputTokens: 300, requestsPerSecond: 2, ttftSeconds: 1.5, tpotMs: 50 },
};
const analysis: FleetNeed = {
  fleet: "analysis",
  model: "meta-llama/Llama-3.3-70B-Instruct",
  format: "4-bit",
  gpuClass: "A100 class",
  region: "eu-central-1",
  batch: true,
  workload: { promptTokens: 6000, outputTokens: 800, requestsPerSecond: 0.5 },
};
const embeddings: FleetNeed = {
  fleet: "embeddings",
  model: "bge-m3",
  region: "eu-central-1",
  minimumReplicas: 2,
  workload: { promptTokens: 512, outputTokens: 0, requestsPerSecond: 20, ttftSeconds: 0.5 },
};

function sized(need: FleetNeed): FleetSizing {
  const outcome = sizeFleet(need);
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.sizing;
}
function refused(need: FleetNeed) {
  const outcome = sizeFleet(need);
  if (outcome.ok) throw new Error("was not refused");
  return outcome;
}

describe("the fleets of the committed environments", () => {
  it.each([chat, code, analysis, embeddings])(
    "$fleet: memory adds up, targets are met, the price is the instances'",
    (need) => {
      const sizing = sized(need);
      const { memoryGiB: memory, predicted } = sizing;
      expect(memory.weights + memory.overhead + memory.kvCache).toBeCloseTo(memory.available, 1);
      if (need.workload.ttftSeconds) expect(predicted.ttftMs).toBeLessThanOrEqual(need.workload.ttftSeconds * 1000);
      if (need.workload.tpotMs) expect(predicted.tpotMs).toBeLessThanOrEqual(need.workload.tpotMs);
      const price = instancePrice(sizing.instanceType, need.region)?.usd ?? 0;
      expect(sizing.monthlyUsd).toBeCloseTo(price * sizing.instances * 730, 1);
      expect(sizing.replicas).toBeLessThanOrEqual(sizing.instances * sizing.replicasPerInstance);
      expect(sizing.tensorParallel * sizing.replicasPerInstance).toBeLessThanOrEqual(
        findInstance(sizing.instanceType)?.gpus ?? 0,
      );
      expect(sizing.why.join("\n")).toMatch(/weights: .*\n.*memory: [^]*cost: /);
      // Only what keeps too little of the quality may be cheaper, and says so.
      for (const other of sizing.alternatives)
        if (!other.reason.includes("of the quality, less than is asked for"))
          expect(other.monthlyUsd).toBeGreaterThanOrEqual(Math.floor(sizing.monthlyUsd));
    },
  );

  it("chat carries its load with one host gone", () => {
    const sizing = sized(chat);
    const capacity = sizing.predicted.tokensPerSecond / chat.workload.outputTokens;
    expect(sizing.instances).toBeGreaterThanOrEqual(2);
    expect((capacity / sizing.instances) * (sizing.instances - 1)).toBeGreaterThanOrEqual(
      chat.workload.requestsPerSecond,
    );
  });

  it("code runs on A10G, on hosts with at least 32 GB", () => {
    const sizing = sized(code);
    expect(sizing.gpu).toBe("a10g");
    expect(sizing.instanceType).not.toBe("g5.xlarge");
  });

  it("analysis runs on A100, which AWS sells by eight only", () => {
    const sizing = sized(analysis);
    expect(sizing.gpu).toMatch(/^a100/);
    expect(sizing.format).toBe("awq");
    expect(findInstance(sizing.instanceType)?.gpus).toBe(8);
    expect(sizing.replicasPerInstance * sizing.tensorParallel).toBe(8);
  });

  it("FP8 on a GPU without FP8 arithmetic is said to be weights only", () => {
    expect(sized({ ...chat, gpuClass: "a100" }).why.join("\n")).toContain("has no FP8 arithmetic");
    expect(sized({ ...chat, gpuClass: "l40s" }).why.join("\n")).not.toContain("has no FP8 arithmetic");
  });

  it("embeddings have no KV cache and no time per token", () => {
    const sizing = sized(embeddings);
    expect(sizing.predicted.tpotMs).toBe(0);
    expect(sizing.engine.maxNumBatchedTokens).toBeGreaterThanOrEqual(sizing.engine.maxModelLen);
  });

  it("gives the same bytes twice", () => {
    expect(JSON.stringify(sizeFleet(chat))).toBe(JSON.stringify(sizeFleet(chat)));
  });
});

describe("refusals", () => {
  it("a model that does not fit names the lacking memory and three or fewer that can", () => {
    const outcome = refused({ ...chat, model: "llama-3.1-70b-instruct", format: "bf16", instanceType: "g5.xlarge" });
    expect(outcome.reason).toMatch(
      /cannot be served on g5\.xlarge, eu-central-1: .*weights 131\.4 \+ overhead .* do not fit 20\.3 GiB/,
    );
    expect(outcome.nearest.length).toBeGreaterThan(0);
    expect(outcome.nearest.length).toBeLessThanOrEqual(3);
    for (const sizing of outcome.nearest) expect(sizing.why[0]).toMatch(/^gives up: /);
  });

  it("a context that the cache cannot hold is refused, although the weights fit", () => {
    const outcome = refused({
      ...code,
      model: "codellama-7b-instruct",
      format: "native",
      maxModelLen: 16_384,
      minimumReplicas: 1,
      instanceType: "g5.xlarge",
    });
    expect(outcome.reason).toMatch(
      /one request of 16384 tokens needs 8\.0 GiB of KV cache per GPU, \d\.\d GiB are left/,
    );
    expect(outcome.nearest.some((one) => one.why[0] === "gives up: a context of 1800 tokens")).toBe(true);
  });

  it("targets below the physical floor are refused with the floor", () => {
    const outcome = refused({ ...code, workload: { ...code.workload, tpotMs: 5 } });
    expect(outcome.reason).toMatch(/a single request already takes \d+\.\d ms per token/);
  });

  it.each([
    [
      { model: "llama-3.1-7b-instruct" },
      'model "llama-3.1-7b-instruct" is not in the catalogue; nearest: "llama-3.1-8b-instruct"',
    ],
    [{ format: "fp6" }, 'unknown format "fp6"; nearest: '],
    [{ gpuClass: "a1oog" }, 'unknown GPU class "a1oog"'],
    [{ region: "eu-central-9" }, 'unknown region "eu-central-9"; nearest: "eu-central-1"'],
    [{ instanceType: "g5.huge" }, 'unknown GPU instance type "g5.huge"'],
    [{ maxModelLen: 1000 }, "maxModelLen 1000 is below promptTokens + outputTokens = 2400"],
    [{ maxModelLen: 500_000 }, "maxModelLen is 500000 tokens, llama-3.1-70b-instruct supports 131072"],
    [{ engine: { kind: "vllm", version: "0.6.0" } }, "engine vllm 0.6.0 is older than any version in the catalogue"],
    [{ workload: { ...chat.workload, requestsPerSecond: 0 } }, "workload.requestsPerSecond must be more than 0, got 0"],
    [
      { workload: { ...chat.workload, outputTokens: 0 } },
      "workload.outputTokens is 0, but llama-3.1-70b-instruct generates text",
    ],
    [{ workload: { ...chat.workload, promptTokens: Number.NaN } }, "workload.promptTokens must be at least 1, got NaN"],
  ] as [Partial<FleetNeed>, string][])("%j", (change, reason) => {
    expect(refused({ ...chat, ...change }).reason).toContain(reason);
  });

  it("a type that the region lacks is refused with one that can", () => {
    const outcome = refused({ ...chat, gpuClass: "h100" });
    expect(outcome.reason).toContain("no such instance type is offered in eu-central-1");
    expect(outcome.nearest[0]?.why[0]).toBe("gives up: another GPU class");
  });

  it("a type that is not for plans is refused with the reason, and a plan never takes one by itself", () => {
    const small = { ...embeddings, model: "nomic-embed-text-v1.5", region: "us-east-1", minimumReplicas: 1 };
    const part = refused({ ...small, instanceType: "g6f.xlarge" });
    expect(part.reason).toMatch(
      /^g6f\.xlarge is not for plans: it has a part of an L4 \(NVIDIA vGPU\): nobody has measured/,
    );
    const rack = refused({ ...chat, region: "us-east-1", gpuClass: "gb200" });
    expect(rack.reason).toContain(
      "the only type with that GPU, p6e-gb200.36xlarge, is not for plans: it is sold only as an UltraServer",
    );
    const chosen = sized(small);
    // A part would cost less than any whole GPU.
    expect(instancePrice("g6f.large", "us-east-1")?.usd).toBeLessThan(chosen.monthlyUsd / 730 / chosen.instances);
    const outside = new Set(instances.filter(({ notPlanned }) => notPlanned !== undefined).map(({ type }) => type));
    const all = [chosen.instanceType, ...chosen.alternatives.map(({ instanceType }) => instanceType)];
    expect(all.filter((type) => outside.has(type))).toEqual([]);
    expect(refused({ ...small, instanceType: "g6x.xlarge" }).reason).toBe(
      'unknown GPU instance type "g6x.xlarge"; nearest: "g6.xlarge"',
    );
  });

  it("GPU-R03: one A100 is refused with how they are sold, and the nearest that can", () => {
    const one = { ...chat, model: "llama-3.1-8b-instruct", region: "us-east-1", gpuClass: "a100", gpusPerHost: 1 };
    const { reason, nearest } = refused(one);
    expect(reason).toBe(
      "llama-3.1-8b-instruct in fp8 cannot be served on a100 class, 1 GPU a host, us-east-1: A100 comes in us-east-1 by 8 only: p4d.24xlarge with 8 at $2.745 a GPU and hour, p4de.24xlarge with 8 at $3.431 a GPU and hour; one card can be divided by MIG between small models, but not bought alone",
    );
    expect(refused({ ...one, gpuClass: "A100 class" }).reason).toBe(reason.replace("on a100 class", "on A100 class"));
    expect(nearest.map(({ why, gpu, instanceType }) => [why[0], gpu.split("-")[0], instanceType])).toEqual([
      ["gives up: another number of GPUs in a host", "a100", "p4d.24xlarge"],
      ["gives up: another GPU class", expect.not.stringMatching(/^a100/), expect.stringMatching(/\.\d?xlarge$/)],
    ]);
    // MIG is named only where the card has it; what is sold alone is not refused.
    expect(refused({ ...one, gpuClass: "l40s", gpusPerHost: 2 }).reason).toMatch(
      /L40S comes in us-east-1 by 1 or 4 or 8 only: (?!.*MIG)/,
    );
    expect(sized({ ...one, gpuClass: "h100" }).instanceType).toBe("p5.4xlarge");
  });

  it("zones decide: a type offered in one of two zones is no choice for two replicas", () => {
    const zones = ["euc1-az1", "euc1-az3"];
    const sizing = sized({ ...chat, zones });
    expect(sizing.instanceType).not.toMatch(/^g7e\./);
    expect(refused({ ...chat, zones, gpuClass: "rtx-pro-6000" }).reason).toContain("in the zones euc1-az1, euc1-az3");
  });
});

describe("properties", () => {
  const need = fc.record({
    promptTokens: fc.integer({ min: 50, max: 6000 }),
    outputTokens: fc.integer({ min: 10, max: 1500 }),
    requestsPerSecond: fc.double({ min: 0.05, max: 20, noNaN: true }),
    tpotMs: fc.integer({ min: 20, max: 200 }),
    ttftSeconds: fc.double({ min: 0.5, max: 10, noNaN: true }),
  });
  const models = fc.constantFrom("llama-3.1-8b-instruct", "qwen3-32b", "gpt-oss-20b", "mixtral-8x7b-instruct-v0.1");

  it("more load never costs less, and looser targets never cost more", () => {
    fc.assert(
      fc.property(need, models, fc.double({ min: 1, max: 4, noNaN: true }), (workload, model, factor) => {
        const base: FleetNeed = { fleet: "x", model, region: "us-east-1", minimumReplicas: 2, workload };
        const before = sizeFleet(base);
        const loaded = sizeFleet({
          ...base,
          workload: { ...workload, requestsPerSecond: workload.requestsPerSecond * factor },
        });
        const loose = sizeFleet({
          ...base,
          workload: { ...workload, tpotMs: workload.tpotMs * factor, ttftSeconds: workload.ttftSeconds * factor },
        });
        if (before.ok && loaded.ok) expect(loaded.sizing.monthlyUsd).toBeGreaterThanOrEqual(before.sizing.monthlyUsd);
        if (before.ok) {
          expect(loose.ok).toBe(true);
          if (loose.ok) expect(loose.sizing.monthlyUsd).toBeLessThanOrEqual(before.sizing.monthlyUsd + 0.01);
        }
      }),
      runs(60),
    );
  });

  it("what is chosen meets the targets and fits", () => {
    fc.assert(
      fc.property(need, models, (workload, model) => {
        const outcome = sizeFleet({ fleet: "x", model, region: "eu-central-1", workload });
        if (!outcome.ok) return;
        const { predicted, memoryGiB, engine } = outcome.sizing;
        expect(predicted.tpotMs).toBeLessThanOrEqual(workload.tpotMs + 0.1);
        expect(predicted.ttftMs).toBeLessThanOrEqual(workload.ttftSeconds * 1000 + 0.1);
        expect(memoryGiB.kvCache).toBeGreaterThan(0);
        expect(engine.maxModelLen).toBeGreaterThanOrEqual(workload.promptTokens + workload.outputTokens);
      }),
      runs(60),
    );
  });
});
