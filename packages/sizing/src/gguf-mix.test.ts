import { countParameters, findModel, models, type ModelArchitecture } from "@holdfast/catalog";
import { describe, expect, it } from "vitest";
import { ggufBytes, isGgufLevel } from "./gguf-mix";
import { weightSize } from "./weights";

const GiB = 2 ** 30;
function shapeOf(name: string): ModelArchitecture {
  const found = findModel(name);
  if (found === undefined) throw new Error(name);
  return found.architecture;
}

describe("GGUF sizes from the mixes of the levels", () => {
  // llama.cpp tools/quantize/README (8B), model pages quoted in the handbook 2.2, ollama pull 6279 (70B Q4_0), a log of llama.cpp.
  it.each([
    ["llama-3.1-8b-instruct", "q2_k", 2.95],
    ["llama-3.1-8b-instruct", "q3_k_s", 3.41],
    ["llama-3.1-8b-instruct", "q4_k_s", 4.36],
    ["llama-3.1-8b-instruct", "q4_k_m", 4.58],
    ["llama-3.1-8b-instruct", "q5_k_s", 5.21],
    ["llama-3.1-8b-instruct", "q5_k_m", 5.33],
    ["llama-3.1-8b-instruct", "q6_k", 6.14],
    ["llama-3.1-8b-instruct", "q8_0", 7.95],
    ["llama-3-8b-instruct", "q4_k_m", (4403.49 + 281.81) / 1024],
    ["llama-3.1-70b-instruct", "q4_k_m", 39.59],
    ["llama-3.1-70b-instruct", "q4_0", 37.22],
    ["qwen2.5-7b-instruct", "q4_k_m", (7_615_616_512 * 4.91) / 8 / GiB],
    ["qwen2.5-72b-instruct", "q4_k_m", 44.15],
  ] as const)("%s %s: %d GiB within 0.2 %%", (name, level, gib) => {
    expect(Math.abs(ggufBytes(shapeOf(name), level).total / GiB / gib - 1)).toBeLessThan(0.002);
  });

  it("MOD-R21: Q4_K_M is 4.89 bits on an 8B, 4.82 on a 70B, 5.22 on Qwen2.5-72B, whose rows are no multiple of 256", () => {
    const bits = (name: string) =>
      (ggufBytes(shapeOf(name), "q4_k_m").total * 8) / countParameters(shapeOf(name)).total;
    expect(bits("llama-3.1-8b-instruct")).toBeCloseTo(4.894, 2);
    expect(bits("llama-3.1-70b-instruct")).toBeCloseTo(4.82, 2);
    expect(bits("qwen2.5-72b-instruct")).toBeCloseTo(5.22, 2);
  });

  it("logged: the input embedding of Llama-3-8B in Q4_K_M is 281.81 MiB, its head in Q6_K", () => {
    const { embedding, head } = ggufBytes(shapeOf("llama-3-8b-instruct"), "q4_k_m");
    expect((embedding - head) / 2 ** 20).toBeCloseTo(281.81, 2);
    expect(head).toBe((128_256 * 4096 * 6.5625) / 8);
    const tied = ggufBytes(shapeOf("qwen3-4b"), "q4_k_m");
    expect(tied.head).toBe(tied.embedding);
  });

  it("eight experts get values and keys in Q8_0 and the attention's output in Q5_K", () => {
    const eight = shapeOf("mixtral-8x7b-instruct-v0.1");
    const more = {
      ...eight,
      experts: { ...(eight.experts ?? { perToken: 2, shared: 0, width: 1, denseLayers: 0 }), experts: 16 },
    };
    const rest = (shape: ModelArchitecture) => {
      const { total, experts } = ggufBytes(shape, "q4_0");
      return total - experts - 4 * 32 * 4096 * (shape.experts?.experts ?? 0);
    };
    const [values, output] = [4096 * 1024, 4096 * 4096];
    expect(rest(eight) - rest(more)).toBeCloseTo((32 * (values * (8.5 - 4.5) + output * (5.5 - 4.5))) / 8, 0);
    expect(ggufBytes(eight, "q4_k_m").total / 1e9).toBeCloseTo(28.4, 1);
  });

  it("rows of no multiple of 32 stay 16 bit; levels grow with their names on every model", () => {
    const odd = { ...shapeOf("llama-3.1-8b-instruct"), intermediate: 14_330 };
    const even = { ...odd, intermediate: 14_336 };
    const down = 32 * 4096 * 14_330;
    expect(ggufBytes(odd, "q6_k").total - ggufBytes(even, "q6_k").total).toBeGreaterThan((down * (16 - 6.6)) / 8 - 1e8);
    const whole = ({ hidden, intermediate, experts }: ModelArchitecture) =>
      [hidden, intermediate, experts?.width ?? 0, experts?.inputWidth ?? 0].every((columns) => columns % 256 === 0);
    for (const { id, architecture } of models.filter((one) => one.task === "generate")) {
      const sizes = (["q2_k", "q3_k_s", "q3_k_m", "q4_k_s", "q4_k_m", "q5_k_s", "q5_k_m", "q6_k", "q8_0"] as const).map(
        (level) => ggufBytes(architecture, level),
      );
      for (const [index, { total, experts, embedding, head }] of sizes.entries()) {
        // Where rows fall back to other blocks, a smaller level can be the larger file.
        if (whole(architecture)) expect(total, id).toBeGreaterThanOrEqual(sizes[index - 1]?.total ?? 0);
        expect(experts + embedding, id).toBeLessThan(total);
        expect(head, id).toBeLessThanOrEqual(embedding);
      }
    }
  });

  it("is what the weight size of a level is, unless a file is known", () => {
    const seventy = findModel("qwen2.5-72b-instruct");
    if (seventy === undefined) throw new Error("qwen2.5-72b-instruct");
    const size = weightSize({ ...seventy, published: {} }, "q4_k_m");
    expect(size.bytes).toBe(ggufBytes(seventy.architecture, "q4_k_m").total);
    expect(size.arithmetic).toContain("5.22 bits (the mix of the level)");
    expect([isGgufLevel("q4_k_m"), isGgufLevel("awq")]).toEqual([true, false]);
  });
});
