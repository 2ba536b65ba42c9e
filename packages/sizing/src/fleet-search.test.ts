import { findGpu, findModel, type ModelRecord } from "@holdfast/catalog";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeReplicas } from "./candidate";
import { choose } from "./choose";
import type { FleetNeed, FleetSizing } from "./fleet";
import type { OwnServer } from "./own-server";
import { planReplica } from "./replica-plan";
import { requirementOf, type Requirement } from "./requirement";
import { byPreference, searchAll } from "./search";
import { simulationOf } from "./simulation-of";
import { sizeFleet } from "./size-fleet";

/** So many examples, or as many as a busy machine manages in a third of the test's limit. */
const runs = (numRuns: number) => ({ numRuns, interruptAfterTimeLimit: 20_000 });

const need: FleetNeed = {
  fleet: "chat",
  model: "llama-3.1-8b-instruct",
  region: "us-east-1",
  minimumReplicas: 2,
  workload: { promptTokens: 2000, outputTokens: 400, requestsPerSecond: 4, ttftSeconds: 1, tpotMs: 50 },
};
const sized = (change: Partial<FleetNeed> = {}): FleetSizing => {
  const outcome = sizeFleet({ ...need, ...change });
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.sizing;
};
const required = (change: Partial<FleetNeed> = {}): Requirement => {
  const requirement = requirementOf({ ...need, ...change });
  if (typeof requirement === "string") throw new Error(requirement);
  return requirement;
};

describe("the format, where the need leaves it open", () => {
  it("is the cheapest that keeps the quality asked for; narrower ones are named with what they would save", () => {
    const open = sized();
    expect(open.format).toBe("fp8");
    expect(open.why[0]).toMatch(/^format: fp8 is the cheapest that keeps 98 % .* not nvfp4 about 97 %, awq about 92 %/);
    expect(open.monthlyUsd).toBeLessThan(sized({ format: "native" }).monthlyUsd);
    expect(open.monthlyUsd).toBe(sized({ format: "fp8" }).monthlyUsd);
    const long = { ...need.workload, tpotMs: 25, requestsPerSecond: 12 };
    const narrow = sized({ workload: long }).alternatives.filter(({ reason }) => reason.includes("cheaper, but"));
    for (const { format, reason } of narrow) expect(reason).toContain(`but ${format} keeps about`);
    expect(sized({ workload: long, minimumQuality: 90 }).monthlyUsd).toBeLessThanOrEqual(
      sized({ workload: long }).monthlyUsd,
    );
  });

  it("is the publisher's own when full quality is asked for, when it is narrow already, and for encoders", () => {
    expect(sized({ minimumQuality: 100 })).toMatchObject({ format: "bf16", engine: { kvCacheDtype: "auto" } });
    expect(sized({ model: "gpt-oss-20b" }).format).toBe("mxfp4");
    const embeddings = { promptTokens: 512, outputTokens: 0, requestsPerSecond: 20, ttftSeconds: 0.5 };
    expect(sized({ model: "bge-m3", workload: embeddings }).format).toBe("bf16");
  });

  it("a fixed one is never changed", () => {
    for (const format of ["bf16", "fp8", "awq"]) expect(sized({ format }).format).toBe(format);
  });
});

describe("every alternative lost for a reason", () => {
  it("dearer, slower, of less quality, or impossible with what is lacking", () => {
    const { alternatives, rejected, monthlyUsd } = sized();
    expect(alternatives.length).toBeGreaterThan(4);
    for (const one of alternatives) {
      expect(one.reason).toMatch(/dearer$|^the same price|cheaper, but/);
      if (one.reason.endsWith("dearer")) expect(one.monthlyUsd).toBeGreaterThan(monthlyUsd);
    }
    expect(rejected.map(({ gpu }) => gpu)).toContain("t4");
    for (const { reason } of rejected)
      expect(reason).toMatch(
        /compute capability|do not fit|KV cache|already takes|without any queue|offered|host memory|arithmetic|simulation/,
      );
  });
});

describe("very large models (SIZ-R21)", () => {
  const slow = { promptTokens: 2000, outputTokens: 400, requestsPerSecond: 0.5, ttftSeconds: 20, tpotMs: 150 };

  it("405B in 16 bit on A100: tensor parallelism over 8 GPUs first, then two hosts as stages", () => {
    const sizing = sized({ model: "llama-3.1-405b-instruct", format: "bf16", gpuClass: "a100", workload: slow });
    expect(sizing).toMatchObject({
      tensorParallel: 8,
      hostsPerReplica: sizing.pipelineParallel,
      replicasPerInstance: 1 / sizing.hostsPerReplica,
    });
    expect(sizing.pipelineParallel).toBeGreaterThanOrEqual(2);
    expect(sizing.gpusPerReplica).toBe(8 * sizing.pipelineParallel);
    expect(sizing.engine.pipelineParallel).toBe(sizing.pipelineParallel);
    expect(sizing.instances).toBe(sizing.replicas * sizing.hostsPerReplica);
    // A host that fails takes a whole replica with it.
    expect(sizing.replicas).toBeGreaterThanOrEqual(2);
    expect(sizing.why.join("\n")).toMatch(/a replica of \d+ GPUs spans \d hosts/);
    expect(sizing.engineReasons.pipelineParallel).toContain("tensor parallelism alone does not hold the model");
  });

  it("one that fits a host has one stage, and one host per replica is respected", () => {
    const coder = sized({ model: "deepseek-coder-v2-instruct", format: "bf16", workload: slow });
    expect(coder).toMatchObject({ pipelineParallel: 1, hostsPerReplica: 1 });
    const outcome = sizeFleet({
      ...need,
      model: "llama-3.1-405b-instruct",
      format: "bf16",
      gpuClass: "a100",
      hostsPerReplica: 1,
      workload: slow,
    });
    expect(outcome.ok).toBe(false);
    if (!outcome.ok) expect(outcome.reason).toMatch(/weights \d+\.\d \+ overhead .* do not fit/);
  });

  it("two stages carry more than one and less than twice as much on the same GPUs each", () => {
    const requirement = required({ model: "llama-3.1-70b-instruct", format: "fp8", workload: slow });
    const h100 = findGpu("h100-sxm");
    if (h100 === undefined) throw new Error("catalogue");
    const rate = (stages: number) => {
      const outcome = planReplica(requirement, h100, "fp8", { tensor: 2, stages, hosts: 1 }, 400_000);
      return outcome.ok ? outcome.plan.rate : 0;
    };
    expect(rate(2)).toBeGreaterThan(rate(1));
    expect(rate(2)).toBeLessThan(2.2 * rate(1));
  });
});

describe("engine settings", () => {
  it("8-bit keys and values where GPU and attention support them, else 16 bit with the reason (SRV-R15)", () => {
    expect(sized({ gpuClass: "l40s" }).engine.kvCacheDtype).toBe("fp8");
    expect(sized({ gpuClass: "a10g" })).toMatchObject({
      engine: { kvCacheDtype: "auto" },
      engineReasons: { kvCacheDtype: "16 bit: NVIDIA A10G has no FP8 arithmetic" },
    });
    expect(sized({ model: "gpt-oss-20b" }).engineReasons.kvCacheDtype).toContain("attention with sinks");
    expect(
      sized({ model: "deepseek-v3", workload: { ...need.workload, tpotMs: 100, ttftSeconds: 5 } }).engineReasons
        .kvCacheDtype,
    ).toContain("latent");
    expect(sized({ gpuClass: "l40s", kvCacheDtype: "auto" }).engine.kvCacheDtype).toBe("auto");
    expect(sized({ gpuClass: "a10g", kvCacheDtype: "fp8" }).engine.kvCacheDtype).toBe("fp8");
  });

  it("SRV-R16: twice the tokens with 8-bit keys and values on 24 GB, 1.88 times with q8_0 in llama.cpp", () => {
    const slots = (change: Partial<FleetNeed>) => {
      const search = searchAll(required(change), { gpuClass: "l4" });
      return (
        search.candidates.find((one) => one.plan.parallelism.tensor === 1 && one.plan.parallelism.stages === 1)?.plan
          .cacheSequences ?? 0
      );
    };
    const loose = { ...need.workload, tpotMs: 400, ttftSeconds: 10, requestsPerSecond: 0.1 };
    const change = { minimumReplicas: 1, format: "fp8", workload: loose };
    const ratio = slots({ ...change, kvCacheDtype: "fp8" }) / slots({ ...change, kvCacheDtype: "auto" });
    expect(Math.abs(ratio - 2)).toBeLessThan(0.05);
    const llama = { ...change, format: "q8_0", engine: { kind: "llamacpp", version: "b9999" } } as const;
    const slotRatio = slots(llama) / slots({ ...llama, kvCacheDtype: "auto" });
    expect(Math.abs(slotRatio - 1.88)).toBeLessThan(0.2);
  });

  it("every setting has a reason, and llama.cpp has slots that add up to its context", () => {
    const vllm = sized();
    expect(Object.keys(vllm.engineReasons).sort()).toEqual(Object.keys(vllm.engine).sort());
    const slotted = sized({
      minimumReplicas: 1,
      engine: { kind: "llamacpp", version: "b9999" },
      workload: { ...need.workload, requestsPerSecond: 0.3 },
    });
    const { parallelSlots = 0, maxModelLen, kvCacheDtype } = slotted.engine;
    expect(parallelSlots).toBe(slotted.maxConcurrency);
    expect(kvCacheDtype).toBe("q8_0");
    expect(slotted.tensorParallel).toBe(1);
    expect(slotted.engineReasons.parallelSlots).toContain(`a context of ${parallelSlots * maxModelLen} tokens in all`);
    expect(Object.keys(slotted.engineReasons).sort()).toEqual(Object.keys(slotted.engine).sort());
  });

  it("SRV-R49: 32 at once run at once where memory and targets allow", () => {
    expect(sized({ workload: { ...need.workload, tpotMs: 100 } }).engine.maxNumSeqs).toBeGreaterThanOrEqual(32);
  });
});

describe("growth and failure", () => {
  it("cold start and autoscaling are in the outcome, from its own replicas", () => {
    const { coldStart, autoscaling, replicas, why } = sized();
    expect(coldStart.components.map(({ what }) => what)).toContain("weights from the store");
    expect(coldStart.seconds).toBeGreaterThan(100);
    expect(autoscaling.maximumReplicas).toBeGreaterThanOrEqual(replicas);
    expect(autoscaling.scaleInSeconds).toBeGreaterThanOrEqual(2 * coldStart.seconds);
    expect(why.join("\n")).toMatch(/cold start: host 60 .* = \d+ s\nautoscaling: 2 to \d+ replicas/);
    const warm = sized({ start: { imageCached: true, stream: true, compileCached: true, warmPool: true } });
    expect(warm.coldStart.seconds).toBeLessThan(coldStart.seconds);
    const known = sized({ scaling: { quietRequestsPerSecond: 4, burstRequestsPerSecond: 40, risePerMinute: 1 } });
    expect(known.autoscaling.maximumReplicas).toBeGreaterThan(autoscaling.maximumReplicas);
    expect(known.why.join("\n")).not.toContain("assumed: a quarter");
  });

  it("spare hosts and headroom are what is asked for", () => {
    const plain = sized();
    expect(sized({ spareHosts: 0 }).instances).toBe(plain.instances - 1);
    expect(sized({ spareHosts: 2 }).instances).toBe(plain.instances + 1);
    expect(sized({ headroom: 0.6, workload: { ...need.workload, requestsPerSecond: 20 } }).monthlyUsd).toBeGreaterThan(
      sized({ workload: { ...need.workload, requestsPerSecond: 20 } }).monthlyUsd,
    );
  });
});

describe("the simulation has the last word", () => {
  it("what is chosen keeps the targets in it, at this load and with the spare host gone", () => {
    for (const model of ["llama-3.1-8b-instruct", "qwen3-32b", "mixtral-8x7b-instruct-v0.1", "gpt-oss-120b"]) {
      const { simulated } = sized({ model, workload: { ...need.workload, ttftSeconds: 3, tpotMs: 60 } });
      expect(simulated?.keepsTargets).toBe(true);
      expect(simulated?.requests).toBeGreaterThan(500);
    }
  });

  it("where it refuses the closed form's choice, the outcome says so and moves up", () => {
    // A closed form that promises five times too much, whatever the constants of the day.
    const requirement = required({ workload: { ...need.workload, requestsPerSecond: 20 } });
    const search = searchAll(requirement, {});
    const candidates = search.candidates.flatMap(({ instance, price, plan }) => {
      const placed = placeReplicas(requirement, instance, price, { ...plan, rate: plan.rate * 5 });
      return placed.ok ? [placed.candidate] : [];
    });
    const boasting = { ...search, candidates: candidates.sort(byPreference) };
    const choice = choose(requirement, boasting);
    if (choice === undefined) throw new Error("nothing was chosen");
    expect(choice.verified).toBe(true);
    expect(choice.chosen.monthlyUsd).toBeGreaterThan(choice.first.monthlyUsd);
    const simulation = simulationOf(requirement, choice);
    expect(simulation.verdict).toMatch(/^refused \d+ x /);
    expect(simulation.keepsTargets).toBe(true);
    // The honest closed form needs about as many.
    expect(choice.chosen.monthlyUsd).toBeLessThan(2 * (search.best?.monthlyUsd ?? 0));
  });

  it("says nothing where nothing is promised", () => {
    expect(sized({ batch: true }).simulated?.verdict).toContain("batch work has no targets");
    const { promptTokens, outputTokens, requestsPerSecond } = need.workload;
    expect(sized({ workload: { promptTokens, outputTokens, requestsPerSecond } }).simulated?.verdict).toContain(
      "nothing to hold it to",
    );
  });
});

describe("properties", () => {
  const workload = fc.record({
    promptTokens: fc.integer({ min: 50, max: 6000 }),
    outputTokens: fc.integer({ min: 10, max: 1500 }),
    requestsPerSecond: fc.double({ min: 0.05, max: 20, noNaN: true }),
    tpotMs: fc.integer({ min: 20, max: 200 }),
    ttftSeconds: fc.double({ min: 0.5, max: 10, noNaN: true }),
  });
  const models = fc.constantFrom("llama-3.1-8b-instruct", "qwen3-32b", "gpt-oss-20b", "mixtral-8x7b-instruct-v0.1");
  const factor = fc.double({ min: 1, max: 4, noNaN: true });
  const cost = (change: Partial<FleetNeed>) => {
    const outcome = sizeFleet({ ...need, ...change });
    return outcome.ok ? outcome.sizing.monthlyUsd : Number.POSITIVE_INFINITY;
  };
  const inClosedForm = (change: Partial<FleetNeed>) =>
    searchAll(required(change), {}).best?.monthlyUsd ?? Number.POSITIVE_INFINITY;

  it("on one type, more load never takes fewer replicas, also after the simulation", () => {
    fc.assert(
      fc.property(workload, models, factor, (load, model, more) => {
        const replicas = (requestsPerSecond: number) => {
          const outcome = sizeFleet({
            ...need,
            model,
            instanceType: "g6e.12xlarge",
            workload: { ...load, requestsPerSecond },
          });
          return outcome.ok ? outcome.sizing.instances : Number.POSITIVE_INFINITY;
        };
        const rate = load.requestsPerSecond;
        expect(replicas(rate * more)).toBeGreaterThanOrEqual(Math.min(replicas(rate), 1e9));
      }),
      runs(30),
    );
  });

  it("in closed form a tighter target is never cheaper, at any percentile", () => {
    fc.assert(
      fc.property(workload, models, factor, (load, model, tighter) => {
        const tight = { ...load, tpotMs: load.tpotMs / tighter, ttftSeconds: load.ttftSeconds / tighter };
        expect(inClosedForm({ model, workload: tight })).toBeGreaterThanOrEqual(
          inClosedForm({ model, workload: load }) - 0.01,
        );
        const at99 = { ...load, targetPercentiles: { ttft: 99, tpot: 99 } } as const;
        expect(inClosedForm({ model, workload: at99 })).toBeGreaterThanOrEqual(
          inClosedForm({ model, workload: load }) - 0.01,
        );
      }),
      runs(30),
    );
  });

  it("another type to choose from never makes it dearer", () => {
    const server = (name: string, gpu: string, gpus: number, usdPerHour: number): OwnServer => ({
      name,
      gpu,
      gpus,
      cores: 32,
      memoryGb: 256,
      storageGb: 4000,
      networkGbps: 25,
      usdPerHour,
      priceSource: "test",
      priceAsOf: "2026-11-20",
    });
    const servers = [
      server("a", "l40s", 1, 1.2),
      server("b", "l40s", 4, 4.4),
      server("c", "a10g", 4, 2.5),
      server("d", "h100-sxm", 8, 20),
      server("e", "rtx-pro-6000-bse", 2, 4),
    ];
    fc.assert(
      fc.property(workload, models, fc.subarray(servers, { minLength: 1 }), (load, model, some) => {
        expect(cost({ model, workload: load, servers })).toBeLessThanOrEqual(
          cost({ model, workload: load, servers: some }) + 0.01,
        );
      }),
      runs(20),
    );
  });

  it("a deeper model never carries more on the same GPUs", () => {
    const small = findModel("qwen3-32b");
    const h100 = findGpu("h100-sxm");
    if (small === undefined || h100 === undefined) throw new Error("catalogue");
    fc.assert(
      fc.property(workload, fc.integer({ min: 1, max: 64 }), (load, layers) => {
        const requirement = required({ model: "qwen3-32b", format: "fp8", workload: load });
        const rate = (model: ModelRecord) => {
          const outcome = planReplica({ ...requirement, model }, h100, "fp8", { tensor: 1, stages: 1, hosts: 1 }, 0);
          return outcome.ok ? outcome.plan.rate : 0;
        };
        const { layers: depth } = small.architecture;
        const deeper: ModelRecord = {
          ...small,
          published: {},
          architecture: { ...small.architecture, layers: depth + layers },
        };
        expect(rate(deeper)).toBeLessThanOrEqual(rate(small) * (1 + 1e-9));
      }),
      runs(60),
    );
  });

  it("the same need gives the same bytes", () => {
    fc.assert(
      fc.property(workload, models, (load, model) => {
        const change = { ...need, model, workload: load };
        expect(JSON.stringify(sizeFleet(change))).toBe(JSON.stringify(sizeFleet(change)));
      }),
      runs(5),
    );
  });
});
