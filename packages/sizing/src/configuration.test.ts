import { describe, expect, it } from "vitest";
import { resolveConfiguration, type Configuration } from "./configuration";

const base: Configuration = {
  model: "meta-llama/Llama-3.1-8B-Instruct",
  gpu: "h100_sxm",
  promptTokens: 1000,
  outputTokens: 100,
  concurrency: 8,
};
const resolved = (change: Partial<Configuration> = {}) => {
  const found = resolveConfiguration({ ...base, ...change });
  if (typeof found === "string") throw new Error(found);
  return found;
};
/** The fields that a refusal is about, in order. */
const problems = (change: Partial<Configuration>) => {
  const found = resolveConfiguration({ ...base, ...change });
  return typeof found === "string" ? found.split("; ").map((one) => one.split(" ")[0]) : [];
};

describe("names", () => {
  it("as in the catalogue, on the hub or in the measured files, in any case; the rest by default", () => {
    const { model, gpu, extras, ...rest } = resolved();
    expect([model.id, gpu.id, extras]).toEqual(["llama-3.1-8b-instruct", "h100-sxm", {}]);
    expect(rest).toEqual({
      engine: "vllm",
      format: "bf16",
      kvFormat: "bf16",
      protocol: "closed_loop",
      tensorParallel: 1,
      pipelineParallel: 1,
      dataParallel: 1,
      expertParallel: false,
    });
    expect(resolved({ engine: "vLLM", protocol: "Burst" })).toMatchObject({ engine: "vllm", protocol: "burst" });
    for (const engine of ["vllm", "tgi", "llamacpp", "ollama"] as const)
      expect(resolved({ engine, format: engine === "tgi" ? "fp8" : "bf16" }).engine).toBe(engine);
  });

  it("an unknown name is the whole reason, and is named", () => {
    for (const [change, name] of [
      [{ model: "gpt-17" }, "gpt-17"],
      [{ gpu: "voodoo-2" }, "voodoo-2"],
      [{ engine: "abacus" }, "abacus"],
      [{ format: "int3" }, "int3"],
      [{ kvFormat: "int3" }, "int3"],
      [{ protocol: "shouting" }, "shouting"],
    ] as const)
      expect(resolveConfiguration({ ...base, ...change, promptTokens: 0 })).toContain(`"${name}"`);
  });

  it("the cache: 16 bit by its many names, 8 bit by its two kinds, else by name; the engine's own by default", () => {
    for (const kvFormat of ["bf16", "BF16", "bfloat16", "fp16", "float16", "f16"])
      expect(resolved({ kvFormat }).kvFormat).toBe("bf16");
    for (const kvFormat of ["fp8", "fp8_e4m3", "FP8_E5M2"]) expect(resolved({ kvFormat }).kvFormat).toBe("fp8");
    // On Blackwell vLLM keeps an 8-bit cache beside 8-bit weights by itself; other engines do not.
    const blackwell = { gpu: "b200-sxm", format: "fp8" };
    expect(resolved(blackwell).kvFormat).toBe("fp8");
    expect(resolved({ ...blackwell, engine: "tgi" }).kvFormat).toBe("bf16");
    expect(resolved({ kvFormat: "Q8_0" }).kvFormat).toBe("q8_0");
    expect(resolved({ kvFormat: "nvfp4" }).kvFormat).toBe("nvfp4");
    for (const kvFormat of ["auto", "AUTO", ""]) expect(resolved({ kvFormat }).kvFormat).toBe("bf16");
  });
});

describe("numbers", () => {
  it("whole GPUs, stages and ranks of at least one; experts may be 0, which some tools call 1", () => {
    for (const name of ["tensorParallel", "pipelineParallel", "dataParallel"] as const) {
      for (const value of [0, -1, 1.5, Number.NaN]) expect(problems({ [name]: value })).toEqual([name]);
      for (const value of [1, 2, 4]) expect(resolved({ [name]: value })[name]).toBe(value);
    }
    for (const value of [-1, 0.5]) expect(problems({ expertParallel: value })).toEqual(["expertParallel"]);
    expect([0, 1, 2, 8].map((expertParallel) => resolved({ expertParallel }).expertParallel)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  it("lengths and limits have a least value, which is allowed", () => {
    const least = { promptTokens: 1, outputTokens: 0, concurrency: 1, maxNumBatchedTokens: 1, maxNumSeqs: 1 };
    for (const [name, value] of Object.entries(least)) {
      expect(problems({ [name]: value })).toEqual([]);
      for (const wrong of [value - 0.5, -1, Number.NaN, Number.POSITIVE_INFINITY])
        expect(problems({ [name]: wrong })).toEqual([name]);
    }
  });

  it("a share of the memory is above 0 and at most 1", () => {
    for (const memoryUtilisation of [0, -0.1, 1.01, Number.NaN])
      expect(problems({ memoryUtilisation })).toEqual(["memoryUtilisation"]);
    for (const memoryUtilisation of [0.01, 0.9, 1]) expect(problems({ memoryUtilisation })).toEqual([]);
  });

  it("a rate belongs to random arrivals, which can do without a concurrency", () => {
    const { concurrency, ...open } = { ...base, protocol: "open_loop_poisson" };
    expect(concurrency).toBe(8);
    expect(resolveConfiguration({ ...open, requestRate: 2 })).toMatchObject({ protocol: "open_loop_poisson" });
    expect(problems({ protocol: "open_loop_poisson", requestRate: 2 })).toEqual([]);
    expect(problems({ protocol: "open_loop_poisson" })).toEqual([]);
    expect(resolveConfiguration(open)).toContain("concurrency is missing");
    for (const requestRate of [0, -1, Number.POSITIVE_INFINITY, Number.NaN])
      expect(problems({ protocol: "open_loop_poisson", requestRate })).toEqual(["requestRate"]);
    expect(problems({ requestRate: 2 })).toEqual(["requestRate"]);
  });

  it("all that is wrong at once, extras too", () => {
    expect(
      problems({ tensorParallel: 0, promptTokens: 0, memoryUtilisation: 2, requestRate: 1, draft: { model: "none" } }),
    ).toEqual(["tensorParallel", "promptTokens", "memoryUtilisation", "requestRate", "draft"]);
  });
});

describe("heads over GPUs", () => {
  it("must divide where layers are cut, not where whole layers are placed", () => {
    // 32 heads and 8 KV heads over three GPUs.
    const three = resolveConfiguration({ ...base, tensorParallel: 3 });
    expect(three).toContain("32 heads and 8 KV heads");
    expect(resolveConfiguration({ ...base, tensorParallel: 3, engine: "tgi" })).toContain("32 heads");
    for (const engine of ["llamacpp", "ollama"])
      expect(resolved({ tensorParallel: 3, engine, format: "q8_0" }).tensorParallel).toBe(3);
    // What is no number of GPUs at all is said once.
    expect(problems({ tensorParallel: 0 })).toEqual(["tensorParallel"]);
  });
});

describe("extras", () => {
  it("are looked up", () => {
    const { extras } = resolved({
      model: "llama-3.1-70b-instruct",
      adapters: { count: 2, rank: 16 },
      draft: { model: "llama-3.1-8b-instruct" },
    });
    expect(extras.adapters).toEqual({ count: 2, rank: 16 });
    expect(extras.draft?.model.id).toBe("llama-3.1-8b-instruct");
  });
});
