import { findGpu, findModel, type ModelRecord } from "@holdfast/catalog";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { weightSize } from "../weights";
import { cpuSpeed, cpuTier, judgeCpu } from "./cpu-host";
import { decisionSheet, volumeDecision, type DecisionInputs } from "./decision-sheet";
import { recommendEngine } from "./engine-choice";
import { draftBytes, loraBytes, loraParameters, tokensPerStep } from "./extras";
import { ggufOffload } from "./gguf-offload";
import { contextFor, percentileOf } from "./request-histogram";
import { diskFindings, loadTime, volumeSizes } from "./storage";
import { workloadProfiles } from "./workload-profile";

const model = (name: string): ModelRecord => {
  const found = findModel(name);
  if (!found) throw new Error(name);
  return found;
};
const GiB = 2 ** 30;

describe("CPU hosts", () => {
  it.each([
    [8, 15, "below minimum"],
    [7, 16, "below minimum"],
    [8, 16, "development"],
    [16, 31, "development"],
    [16, 32, "production"],
    [31, 64, "production"],
    [32, 64, "large"],
  ] as const)("%i cores and %i GB: %s", (cores, memory, tier) => {
    expect(cpuTier(cores, memory)).toBe(tier);
  });

  it("SIZ-R11: a 7B in Q4 gives 1 to 3 tokens/s on 8 cores, 5 to 10 from 32 on", () => {
    const speed = (cores: number) => cpuSpeed(model("codellama-7b-instruct"), "q4_k_m", cores).tokensPerSecond;
    expect(speed(8)).toBeGreaterThan(1);
    expect(speed(8)).toBeLessThan(3);
    for (const cores of [32, 64, 128]) {
      expect(speed(cores)).toBeGreaterThan(5);
      expect(speed(cores)).toBeLessThan(10);
    }
  });

  const need = {
    model: model("codellama-7b-instruct"),
    format: "q4_k_m",
    cores: 8,
    memoryGb: 32,
    requestsPerHour: 9,
    promptTokens: 1000,
    outputTokens: 200,
    ttftSeconds: 1,
    production: true,
  } as const;

  it("GPU-R08: nine requests an hour need no proof, eleven with a first token in 1 s are refused with arithmetic", () => {
    expect(judgeCpu(need)).toMatchObject({ ok: true });
    expect(judgeCpu({ ...need, requestsPerHour: 10 })).toMatchObject({ ok: true });
    const refused = judgeCpu({ ...need, requestsPerHour: 11 });
    expect(refused.ok).toBe(false);
    expect(refused.reason).toMatch(/1000 prompt tokens at \d+\/s .* the first token takes .* s, the target is 1 s/);
    const patient = { ...need, ttftSeconds: 1e6 };
    expect(judgeCpu({ ...patient, requestsPerHour: 11 }).ok).toBe(true);
    expect(judgeCpu({ ...patient, requestsPerHour: 60 })).toMatchObject({
      ok: false,
      reason: expect.stringContaining("% busy, 80 is the most") as string,
    });
  });

  it("refuses a 70B always, 16 GB in production, and what does not fit", () => {
    expect(judgeCpu({ ...need, model: model("llama-3.1-70b-instruct"), memoryGb: 256 }).reason).toContain(
      "never on a CPU",
    );
    expect(judgeCpu({ ...need, memoryGb: 16 }).reason).toContain("at least 32 GB");
    expect(judgeCpu({ ...need, memoryGb: 16, production: false }).ok).toBe(true);
    expect(judgeCpu({ ...need, cores: 4 }).reason).toContain("below the minimum");
    expect(judgeCpu({ ...need, model: model("codellama-34b-instruct"), format: "bf16" }).reason).toContain(
      "do not fit 32 GB",
    );
  });
});

describe("engines", () => {
  it.each([
    [{ substrate: "aws-ec2", gpu: true, production: true, concurrency: 50 }, "vllm"],
    [{ substrate: "docker", gpu: true, production: false, concurrency: 2 }, "ollama"],
    [{ substrate: "docker", gpu: true, production: false, concurrency: 5 }, "vllm"],
    [{ substrate: "kubernetes", gpu: true, production: false, concurrency: 1 }, "vllm"],
    [{ substrate: "docker", gpu: false, production: false, concurrency: 1 }, "ollama"],
    [{ substrate: "docker", gpu: false, production: true, concurrency: 1 }, "llamacpp"],
    [{ substrate: "aws-ec2", gpu: true, production: true, concurrency: 4, gguf: true }, "llamacpp"],
  ] as const)("%o: %s", (question, engine) => {
    const advice = recommendEngine(question);
    expect(advice.engine).toBe(engine);
    expect(advice.why.length).toBeGreaterThan(20);
  });
});

describe("request histograms", () => {
  const bins = [
    { upTo: 1000, count: 50 },
    { upTo: 2000, count: 40 },
    { upTo: 4000, count: 10 },
  ];

  it("percentiles are linear inside a bin", () => {
    expect(percentileOf(bins, 0.5)).toBe(1000);
    expect(percentileOf(bins, 0.95)).toBe(3000);
    expect(percentileOf(bins, 1)).toBe(4000);
    expect(percentileOf([...bins].reverse(), 0.25)).toBe(500);
    expect(() => percentileOf([], 0.5)).toThrow("no requests");
    expect(() => percentileOf(bins, 0)).toThrow("above 0");
  });

  it("context: the 95th percentile in whole pages of 1,024, and the share that is cut off", () => {
    expect(contextFor(bins, 131_072)).toEqual({ maxModelLen: 3072, refusedShare: 0.1 });
    expect(contextFor(bins, 2048)).toEqual({ maxModelLen: 2048, refusedShare: 0.1 });
    expect(contextFor([{ upTo: 1024, count: 1 }], 4096)).toEqual({ maxModelLen: 1024, refusedShare: 0 });
  });

  it("is never below the median and never above the largest bin", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ upTo: fc.integer({ min: 1, max: 1e5 }), count: fc.integer({ min: 1, max: 1000 }) }), {
          minLength: 1,
        }),
        (some) => {
          const p95 = percentileOf(some, 0.95);
          expect(p95).toBeGreaterThanOrEqual(percentileOf(some, 0.5));
          expect(p95).toBeLessThanOrEqual(Math.max(...some.map((one) => one.upTo)));
        },
      ),
    );
  });
});

describe("disks", () => {
  it("SIZ-R19: 140 GB over 2.5 Gb/s takes 448 s, from NVMe of 3.5 GB/s 40 s", () => {
    expect(loadTime(140e9, { networkGbps: 2.5 })).toEqual({ seconds: 448, limit: "network" });
    expect(loadTime(140e9, { diskMBps: 3500, networkGbps: 100 })).toEqual({ seconds: 40, limit: "disk" });
    expect(loadTime(140e9, { diskMBps: 35_000, busGBps: 14 })).toEqual({ seconds: 10, limit: "bus" });
    expect(loadTime(140e9, {})).toEqual({ seconds: 0, limit: "nothing stated" });
  });

  it("GPU-R13: gp3 at 125 MB/s for a 140 GB model is a finding with the time", () => {
    expect(diskFindings(140e9, { sizeGb: 200, readMBps: 125 })).toEqual([
      "disk: 125 MB/s loads 140 GB in 1120 s; models should lie on NVMe of 5000 MB/s (28 s)",
    ]);
    expect(diskFindings(140e9, { sizeGb: 154, readMBps: 5000 })).toEqual([]);
    expect(diskFindings(140e9, { sizeGb: 153, readMBps: 5000 })).toEqual([
      "disk: 153 GB; the model needs 1.1 x 140.0 = 154.0 GB",
    ]);
  });

  it("volumes stay within the ranges of the requirements", () => {
    expect(volumeSizes([16e9])).toEqual({ modelsGb: 50, cacheGb: 10, logsGb: 10 });
    expect(volumeSizes([140e9, 60e9])).toEqual({ modelsGb: 221, cacheGb: 45, logsGb: 10 });
    expect(volumeSizes([900e9]).cacheGb).toBe(100);
  });
});

describe("the decision sheet", () => {
  const neutral: DecisionInputs = {
    dataClass: "internal",
    regulations: [],
    airGapped: false,
    processingAgreement: true,
    tokensPerDay: 500_000,
    networkMs: 200,
    fineTunedOrOwnModels: false,
    expertise: true,
    highAvailability: false,
    stage: "production",
  };
  const decide = (change: Partial<DecisionInputs>) => decisionSheet({ ...neutral, ...change }).recommendation;
  const leans = (change: Partial<DecisionInputs>, factor: string) =>
    decisionSheet({ ...neutral, ...change }).lines.find((line) => line.factor === factor)?.leans;

  it("has eight lines", () => {
    expect(decisionSheet(neutral).lines.map((line) => line.factor)).toEqual([
      "data sensitivity",
      "compliance",
      "cost",
      "latency",
      "customisation",
      "expertise",
      "uptime",
      "internet",
    ]);
    expect(decide({})).toBe("either");
  });

  it("SIZ-R18: the volume decides at its bounds", () => {
    expect([99_999, 100_000, 1_000_000, 1_000_001].map(volumeDecision)).toEqual([
      "cloud",
      "compute",
      "compute",
      "self",
    ]);
    expect(decide({ tokensPerDay: 99_999 })).toBe("cloud");
    expect(decide({ tokensPerDay: 1_000_001 })).toBe("self-hosted");
    expect(leans({ tokensPerDay: 100_000 }, "cost")).toBe("either");
  });

  it("what must stay inside stays inside, whatever it costs", () => {
    const cheap = { tokensPerDay: 10, stage: "prototype", expertise: false } as const;
    expect(decide({ ...cheap, dataClass: "confidential" })).toBe("self-hosted");
    expect(decide({ ...cheap, dataClass: "restricted" })).toBe("self-hosted");
    expect(decide({ ...cheap, airGapped: true })).toBe("self-hosted");
    expect(decide({ ...cheap, regulations: ["ITAR"] })).toBe("self-hosted");
    expect(decide({ ...cheap, fineTunedOrOwnModels: true })).toBe("self-hosted");
  });

  it("GOV-R02: each reason to host oneself raises the recommendation, alone", () => {
    const reasons: Partial<DecisionInputs>[] = [
      { regulations: ["HIPAA"], processingAgreement: false },
      { regulations: ["PCI DSS"], processingAgreement: false },
      { regulations: ["SOX"], processingAgreement: false },
      { regulations: ["GDPR residency"], processingAgreement: false },
      { regulations: ["ITAR"] },
      { regulations: ["FedRAMP"] },
      { intellectualProperty: true },
      { tokensPerDay: 1_000_001 },
      { requestsPerSecond: 101 },
      { batchWork: true },
      { airGapped: true },
      { networkMs: 49 },
      { fineTunedOrOwnModels: true },
    ];
    for (const reason of reasons) expect(decide(reason), JSON.stringify(reason)).toBe("self-hosted");
    expect(decide({ requestsPerSecond: 100 })).toBe("either");
  });

  it("GOV-R03: each reason to buy tokens lowers it, alone", () => {
    const reasons: Partial<DecisionInputs>[] = [
      { tokensPerDay: 99_999 },
      { stage: "prototype" },
      { intermittent: true },
      { expertise: false },
    ];
    for (const reason of reasons) expect(decide(reason), JSON.stringify(reason)).toBe("cloud");
  });

  it("the other factors lean as the sources say", () => {
    expect(leans({ regulations: ["HIPAA"] }, "compliance")).toBe("either");
    expect(leans({ regulations: ["HIPAA"], processingAgreement: false }, "compliance")).toBe("self");
    expect(leans({ networkMs: 49 }, "latency")).toBe("self");
    expect(leans({ networkMs: 50 }, "latency")).toBe("either");
    expect(leans({ expertise: false }, "expertise")).toBe("cloud");
    expect(decide({ dataClass: "public", tokensPerDay: 5000, stage: "prototype" })).toBe("cloud");
  });
});

describe("GGUF with layers on the CPU", () => {
  const base = { model: model("llama-3.1-8b-instruct"), format: "q4_k_m", contextTokens: 8192 } as const;
  const gpu = findGpu("rtx-4090");
  if (!gpu) throw new Error("rtx-4090");

  it("the whole model on 24 GB: weights and cache add up to the file and the formula", () => {
    const all = ggufOffload({ ...base, gpu });
    expect(all).toMatchObject({ gpuLayers: 33, ofLayers: 33, fits: true });
    expect(all.kvGiB).toBeCloseTo(1, 6);
    expect(all.gpuGiB + all.hostGiB).toBeCloseTo(weightSize(base.model, "q4_k_m").bytes / GiB + 1 + 0.55, 1);
  });

  it("handbook: 8B Q4_K_M with 32K takes about 9 GiB, 7 with a q8_0 cache", () => {
    expect(ggufOffload({ ...base, gpu, contextTokens: 32_768 }).gpuGiB).toBeGreaterThan(8.3);
    expect(ggufOffload({ ...base, gpu, contextTokens: 32_768 }).gpuGiB).toBeLessThan(9.2);
    expect(ggufOffload({ ...base, gpu, contextTokens: 32_768, kvFormat: "q8_0" }).gpuGiB).toBeLessThan(7.3);
  });

  it("SIZ-R22: 20 and 35 layers of a 34B on 24 GB", () => {
    const large = { ...base, model: model("codellama-34b-instruct"), contextTokens: 4096, gpu } as const;
    const some = ggufOffload({ ...large, gpuLayers: 20 });
    const more = ggufOffload({ ...large, gpuLayers: 35 });
    expect(some.fits && more.fits).toBe(true);
    expect(more.gpuGiB - some.gpuGiB).toBeCloseTo(15 * some.layerGiB, 6);
    expect(some.hostGiB - more.hostGiB).toBeCloseTo(15 * some.layerGiB, 6);
    expect(some.layerGiB).toBeCloseTo(0.41, 1);
  });

  it("without a GPU everything is in host memory; what does not fit says so", () => {
    const { gpuLayers, gpuGiB, hostGiB } = ggufOffload(base);
    expect([gpuLayers, gpuGiB]).toEqual([0, 0]);
    expect(hostGiB).toBeGreaterThan(weightSize(base.model, "q4_k_m").bytes / GiB + 1);
    const card = findGpu("rtx-3060");
    if (!card) throw new Error("rtx-3060");
    const large = ggufOffload({ ...base, model: model("llama-3.1-70b-instruct"), gpu: card });
    expect(large.gpuLayers).toBeGreaterThan(5);
    expect(large.gpuLayers).toBeLessThan(25);
    expect(ggufOffload({ ...base, model: model("llama-3.1-70b-instruct"), gpu: card, gpuLayers: 60 }).fits).toBe(false);
  });

  it("more memory never takes fewer layers, a longer context never more", () => {
    fc.assert(
      fc.property(fc.integer({ min: 512, max: 131_072 }), fc.integer({ min: 4, max: 80 }), (contextTokens, gib) => {
        const one = { ...gpu, cudaGiB: gib };
        const layers = (tokens: number, on: typeof one) =>
          ggufOffload({ ...base, gpu: on, contextTokens: tokens }).gpuLayers;
        expect(layers(contextTokens, { ...one, cudaGiB: gib + 1 })).toBeGreaterThanOrEqual(layers(contextTokens, one));
        expect(layers(contextTokens + 512, one)).toBeLessThanOrEqual(layers(contextTokens, one));
      }),
    );
  });
});

describe("adapters and drafts", () => {
  const eight = model("llama-3.1-8b-instruct");

  it("LoRA of rank 16 on all linear layers of an 8B has 41,943,040 parameters, the published figure", () => {
    expect(loraParameters(eight.architecture, 16, true)).toBe(41_943_040);
    expect(loraParameters(eight.architecture, 16, false)).toBe(13_631_488);
  });

  it("room for adapters: all of them at the largest rank, half of each on every GPU", () => {
    expect(loraBytes(eight.architecture, 1, 16, 1)).toBe(83_886_080);
    expect(loraBytes(eight.architecture, 4, 16, 2)).toBe(4 * 83_886_080 * 0.75);
  });

  it("a draft takes its weights and a cache as long as the target's", () => {
    const draft = draftBytes(model("qwen3-0.6b"), "bf16", 8, 4096, 2, "bf16");
    expect(draft.weights).toBe(weightSize(model("qwen3-0.6b"), "bf16").bytes / 2);
    expect(draft.kvCache).toBe(8 * 4096 * 57_344);
  });

  it("tokens per speculative step", () => {
    expect(tokensPerStep(4, 0)).toBe(1);
    expect(tokensPerStep(4, 1)).toBe(5);
    expect(tokensPerStep(3, 0.5)).toBeCloseTo(1.875, 9);
  });
});

describe("workload profiles", () => {
  it("APP-R14: each has lengths, targets or none, a source and the mark of an assumption", () => {
    expect(workloadProfiles.length).toBe(9);
    for (const one of workloadProfiles) {
      expect(one.assumption).toBe(true);
      expect(one.workload.promptTokens).toBeGreaterThan(0);
      expect(one.batch).toBe(one.workload.ttftSeconds === undefined);
    }
  });
});
