import { findGpu, findModel, type ModelRecord, type WeightFormat } from "@holdfast/catalog";
import { describe, expect, it } from "vitest";
import { memoryBudget } from "../engine-budget";
import type { FleetNeed } from "../fleet";
import { sizeFleet } from "../size-fleet";
import { weightSize } from "../weights";
import { ownServers } from "./own-hardware";

const model = (name: string): ModelRecord => {
  const found = findModel(name);
  if (!found) throw new Error(name);
  return found;
};

/** GiB left per GPU for the cache, by the planner. */
function left(name: string, format: WeightFormat, on: string, tensorParallel = 1): number {
  const one = model(name);
  const gpu = findGpu(on);
  if (gpu === undefined) throw new Error(on);
  const load = { tensorParallel, maxNumBatchedTokens: 2048, maxNumSeqs: 8 };
  return memoryBudget(gpu, one.architecture, weightSize(one, format).bytes, 0.92, load).kvCache;
}

describe("MOD-R30 to MOD-R42: the models of the sources", () => {
  // 16-bit GB of the requirements where they state it, and the context of the publisher's configuration, which wins over the sources'.
  it.each([
    ["MOD-R30", "deepseek-coder-v2-instruct", 471.5, 163_840],
    ["MOD-R31", "qwen2.5-coder-32b-instruct", 65.5, 32_768],
    ["MOD-R32", "codellama-34b-instruct", 67.5, 16_384],
    ["MOD-R33", "deepseek-coder-33b-instruct", 66.7, 16_384],
    ["MOD-R34", "codellama-13b-instruct", 26, 16_384],
    ["MOD-R35", "starcoder2-15b", 31.9, 16_384],
    ["MOD-R36", "codellama-7b-instruct", 13.5, 16_384],
    ["MOD-R37", "qwen2.5-coder-7b-instruct", 15.2, 32_768],
    ["MOD-R38", "llama-3.1-70b-instruct", 141.1, 131_072],
    ["MOD-R39", "llama-3.1-8b-instruct", 16.1, 131_072],
    ["MOD-R40", "mistral-nemo-instruct-2407", 24.5, 131_072],
  ] as const)("%s: %s has %d GB in 16 bit and a context of %i", (_, id, gb, context) => {
    const one = model(id);
    expect(one.task).toBe("generate");
    expect(Math.abs(weightSize(one, "bf16").bytes / 1e9 - gb)).toBeLessThan(0.06);
    expect(one.contextTokens).toBe(context);
  });

  it("MOD-R40: the heads of Mistral Nemo are 128 wide, not hidden / heads", () => {
    const { headDim, hidden, heads } = model("mistral-nemo-instruct-2407").architecture;
    expect([headDim, hidden / heads]).toEqual([128, 160]);
  });

  it.each([
    ["MOD-R41", "nomic-embed-text-v1.5", 137, 768, 8192],
    ["MOD-R42", "bge-large-en-v1.5", 335, 1024, 512],
  ] as const)(
    "%s: %s has %i million parameters, %i dimensions and takes %i tokens",
    (_, id, millions, dimensions, tokens) => {
      const one = model(id);
      expect(one.task).toBe("embed");
      expect(Math.round(one.parameters / 1e6)).toBe(millions);
      expect(one.architecture.hidden).toBe(dimensions);
      expect(one.contextTokens).toBe(tokens);
    },
  );

  it.each([
    ["deepseek-coder-v2-instruct", "bf16", "a100-80", 8, true],
    ["deepseek-coder-v2-instruct", "bf16", "a100-80", 4, false],
    ["deepseek-coder-v2-instruct", "awq", "a100-80", 4, true],
    ["qwen2.5-coder-32b-instruct", "bf16", "rtx-4090", 2, false],
    ["qwen2.5-coder-32b-instruct", "bf16", "a100-40", 1, false],
    ["qwen2.5-coder-32b-instruct", "q4_k_m", "rtx-4090", 1, true],
    ["codellama-34b-instruct", "bf16", "rtx-4090", 2, false],
    ["codellama-34b-instruct", "bf16", "a100-40", 1, false],
    ["codellama-34b-instruct", "q5_k_m", "rtx-4090", 1, false],
    ["deepseek-coder-33b-instruct", "q4_k_m", "rtx-4090", 1, true],
    ["deepseek-coder-33b-instruct", "bf16", "rtx-4090", 1, false],
    ["codellama-34b-instruct", "q4_k_m", "rtx-4090", 1, true],
    ["codellama-13b-instruct", "bf16", "rtx-3090", 1, false],
    ["codellama-13b-instruct", "q4_k_m", "rtx-3090", 1, true],
    ["codellama-13b-instruct", "q8_0", "rtx-3090", 1, true],
    ["starcoder2-15b", "bf16", "rtx-3090", 1, false],
    ["starcoder2-15b", "q8_0", "rtx-3090", 1, true],
    ["codellama-7b-instruct", "q4_k_m", "rtx-3060", 1, true],
    ["qwen2.5-coder-7b-instruct", "q4_k_m", "rtx-3060", 1, true],
    ["llama-3.1-70b-instruct", "bf16", "a100-40", 4, true],
    ["llama-3.1-8b-instruct", "bf16", "rtx-4070", 1, false],
    ["llama-3.1-8b-instruct", "q4_k_m", "rtx-4070", 1, true],
    ["llama-3.1-8b-instruct", "q8_0", "rtx-4070", 1, true],
    ["mistral-nemo-instruct-2407", "bf16", "rtx-4070", 1, false],
    ["mistral-nemo-instruct-2407", "q4_k_m", "rtx-4070", 1, true],
  ] as const)("C-05: %s %s on %s x %i: %s", (name, format, on, gpus, fits) => {
    expect(left(name, format, on, gpus) > 0).toBe(fits);
  });
});

describe("the context that a small card leaves is planned, or refused with the one that it holds", () => {
  const on = (gpuClass: string, gpus: number, need: Pick<FleetNeed, "model" | "format" | "maxModelLen" | "engine">) =>
    sizeFleet({
      fleet: "x",
      region: "on premises",
      servers: ownServers({ gpuClass, host: { gpus } }),
      batch: true,
      kvCacheDtype: "auto",
      workload: { promptTokens: 1000, outputTokens: 200, requestsPerSecond: 0.01 },
      ...need,
    });
  const llamaCpp = { kind: "llamacpp", version: "b10000" } as const;

  it.each([
    ["MOD-R31", "qwen2.5-coder-32b-instruct", "q4_k_m", "rtx-4090", 1, 4096, 32_768],
    ["MOD-R32", "codellama-34b-instruct", "q4_k_m", "rtx-4090", 1, 16_384, undefined],
    ["MOD-R33", "deepseek-coder-33b-instruct", "q4_k_m", "rtx-4090", 1, 16_384, undefined],
    ["MOD-R34", "codellama-13b-instruct", "q8_0", "rtx-3090", 1, 4096, 16_384],
    ["MOD-R37", "qwen2.5-coder-7b-instruct", "q4_k_m", "rtx-3060", 1, 8192, undefined],
    ["MOD-R38", "llama-3.1-70b-instruct", "bf16", "a100-40", 4, 8192, 131_072],
  ] as const)("%s: %s in %s on %s x %i: %i tokens, not %s", (_, id, format, gpuClass, gpus, short, long) => {
    const engine = format.startsWith("q") ? { engine: llamaCpp } : {};
    const held = on(gpuClass, gpus, { model: id, format, maxModelLen: short, ...engine });
    expect(held.ok ? held.sizing.engine.maxModelLen : held.reason).toBe(short);
    if (long === undefined) return;
    const refused = on(gpuClass, gpus, { model: id, format, maxModelLen: long, ...engine });
    expect(refused.ok ? "" : refused.reason).toMatch(/KV cache/);
    expect(refused.ok ? [] : refused.nearest.map(({ why }) => why[0])).toContain("gives up: a context of 1200 tokens");
  });

  it("MOD-R32: a 34B in Q4_K_M on 24 GB holds its whole context once, so one request at a time", () => {
    const need = { model: "codellama-34b-instruct", format: "q4_k_m", engine: llamaCpp } as const;
    const slots = (maxModelLen: number) => {
      const outcome = on("rtx-4090", 1, { ...need, maxModelLen });
      return outcome.ok ? outcome.sizing.engine.parallelSlots : outcome.reason;
    };
    expect(slots(16_384)).toBe(1);
    expect(slots(4096)).toBeGreaterThan(2);
  });
});
