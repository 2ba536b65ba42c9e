import { describe, expect, it } from "vitest";
import { findGpu, gpusOfClass, readOllamaTag, resolveModelName } from "./index";

/** Names as the sources write them (MOD-R05, R13 to R17, R24, R25, R29 to R45, V-01, V-05, SIZ-R16). */
const named = {
  "codellama-34b-instruct": "codellama-34b-instruct",
  "codellama/CodeLlama-34b-Instruct-hf": "codellama-34b-instruct",
  "huggingface.co/codellama/CodeLlama-34b-Instruct-hf": "codellama-34b-instruct",
  "TheBloke/CodeLlama-34B-Instruct-GPTQ": "codellama-34b-instruct",
  "TheBloke/CodeLlama-34B-Instruct-AWQ": "codellama-34b-instruct",
  "codellama-34b.gguf": "codellama-34b-instruct",
  "CodeLlama 7B": "codellama-7b-instruct",
  "CodeLlama 13B": "codellama-13b-instruct",
  "codellama:34b-instruct": "codellama-34b-instruct",
  "codellama:13b-instruct": "codellama-13b-instruct",
  "codellama:7b-instruct": "codellama-7b-instruct",
  "deepseek-coder-v2:236b": "deepseek-coder-v2-instruct",
  "DeepSeek-Coder-V2 236B": "deepseek-coder-v2-instruct",
  "DeepSeek-Coder-V2": "deepseek-coder-v2-instruct",
  "deepseek-coder-33b-instruct": "deepseek-coder-33b-instruct",
  "DeepSeek-Coder 33B": "deepseek-coder-33b-instruct",
  "qwen2.5-coder:32b": "qwen2.5-coder-32b-instruct",
  "Qwen2.5-Coder 32B": "qwen2.5-coder-32b-instruct",
  "Qwen2.5-Coder 7B": "qwen2.5-coder-7b-instruct",
  "Qwen2.5 72B": "qwen2.5-72b-instruct",
  "qwen-2.5-72b": "qwen2.5-72b-instruct",
  "StarCoder2 15B": "starcoder2-15b",
  "Llama 3 8B": "llama-3-8b-instruct",
  "llama-3-8b": "llama-3-8b-instruct",
  "Llama 3.1 8B": "llama-3.1-8b-instruct",
  "Llama 3.1 70B": "llama-3.1-70b-instruct",
  "llama-3.1-70b": "llama-3.1-70b-instruct",
  "llama3.1:70b-instruct": "llama-3.1-70b-instruct",
  "llama3.1:8b-instruct": "llama-3.1-8b-instruct",
  "llama-7b": "llama-2-7b-chat",
  "llama-13b": "llama-2-13b-chat",
  "llama-70b": "llama-2-70b-chat",
  "Mistral 7B Instruct v0.2": "mistral-7b-instruct-v0.2",
  "mistralai/Mistral-7B-Instruct-v0.2": "mistral-7b-instruct-v0.2",
  "Mistral Nemo 12B": "mistral-nemo-12b-instruct-2407",
  "nomic-embed-text": "nomic-embed-text-v1.5",
  "nomic-embed-text v1.5": "nomic-embed-text-v1.5",
  "nomic-embed-text:v1.5": "nomic-embed-text-v1.5",
  "bge-large-en v1.5": "bge-large-en-v1.5",
  "google/gemma-4-26B-A4B-it": "gemma-4-26b-a4b",
  "gemma-4-26b-a4b-it": "gemma-4-26b-a4b",
};

describe("MOD-R43: every name in the sources", () => {
  it.each(Object.entries(named))("%s is %s", (name, id) => {
    expect(resolveModelName(name)).toMatchObject({ ok: true, model: { id } });
  });

  it.each([
    ["Llama 3.1 70B AWQ", "llama-3.1-70b-instruct", "awq"],
    ["llama-3.1-70b FP16", "llama-3.1-70b-instruct", "f16"],
    ["deepseek-coder-33b FP16", "deepseek-coder-33b-instruct", "f16"],
    ["codellama-34b-instruct-q4", "codellama-34b-instruct", "q4_0"],
    ["deepseek-coder-v2:236b-awq", "deepseek-coder-v2-instruct", "awq"],
    ["llama3.1:70b-instruct-awq", "llama-3.1-70b-instruct", "awq"],
    ["deepseek-coder:33b-instruct-q4", "deepseek-coder-33b-instruct", "q4_0"],
    ["codellama:13b-instruct-q4", "codellama-13b-instruct", "q4_0"],
    ["codellama:7b-instruct-q4", "codellama-7b-instruct", "q4_0"],
    ["llama3.1:8b-instruct-q4", "llama-3.1-8b-instruct", "q4_0"],
    ["Llama 3.1 8B Q4_K_M", "llama-3.1-8b-instruct", "q4_k_m"],
  ])("%s is %s in %s", (name, id, format) => {
    expect(resolveModelName(name)).toMatchObject({ ok: true, model: { id }, format });
  });

  it.each([
    ["codellama-34b-prod", "codellama-34b-instruct"],
    ["mistral-7b", "mistral-7b-instruct-v0.2"],
    ["mistral-7b-q4_k_m.gguf", "mistral-7b-instruct-v0.2"],
    ["llama-3.1-9b-instruct", "llama-3.1-8b-instruct"],
  ])('%s is "not in the catalogue, nearest: ... %s ..."', (name, near) => {
    const answer = resolveModelName(name);
    expect(answer.ok ? "" : answer.reason).toMatch(`"${name}" is not in the catalogue, nearest: `);
    expect(answer.ok ? [] : answer.nearest).toContain(near);
  });

  it("the release of a name without a date is that release, however it is spelt", () => {
    for (const name of ["Qwen3 30B A3B", "qwen3-30b-a3b", "Qwen/Qwen3-30B-A3B"])
      expect(resolveModelName(name), name).toMatchObject({ ok: true, model: { contextTokens: 40_960 } });
    expect(resolveModelName("Qwen3 30B A3B Instruct 2507")).toMatchObject({ model: { contextTokens: 262_144 } });
  });

  it("an empty name resolves to nothing", () => {
    expect(resolveModelName("")).toMatchObject({ ok: false });
  });
});

describe("the names in the measured files", () => {
  const models = `
    Deci/DeciLM-7B
    MiniMaxAI/MiniMax-M2.5
    NousResearch/Meta-Llama-3.1-8B-Instruct
    Qwen/Qwen2-72B
    Qwen/Qwen3-14B
    Qwen/Qwen3-30B-A3B-Instruct-2507
    Qwen/Qwen3-32B
    Qwen/Qwen3-32B-AWQ
    Qwen/Qwen3-32B-FP8
    Qwen/Qwen3-8B
    Qwen/Qwen3-8B-AWQ
    meta-llama/Llama-2-70b-hf
    meta-llama/Llama-2-7b-hf
    meta-llama/Llama-3.1-70B
    meta-llama/Llama-3.1-8B
    meta-llama/Meta-Llama-3-8B
    meta-llama/Meta-Llama-3-8B-Instruct
    microsoft/Phi-4-mini-instruct
    mistralai/Mixtral-8x7B-v0.1
    moonshotai/Kimi-K2.5
    neuralmagic/Llama-3.2-11B-Vision-Instruct-FP8-dynamic
    openai/gpt-oss-120b
    openai/gpt-oss-20b
  `;
  const gpus = "a10 a100_sxm_40 a100_sxm_80 a10g b200_sxm b300_sxm h100_sxm l4 rtx3090 rtx4090 rtx_pro_6000";

  it.each(models.trim().split(/\s+/))("%s is a model", (name) => {
    expect(resolveModelName(name)).toMatchObject({ ok: true });
  });

  it.each(gpus.split(" "))("%s is a GPU", (name) => {
    expect(findGpu(name)?.id).toBeDefined();
  });
});

describe("MOD-R29: tags of Ollama", () => {
  it.each([
    ["llama3.1:8b-q4_0", "llama-3.1-8b-instruct", "q4_0"],
    ["llama3.1:8b-q5_K_M", "llama-3.1-8b-instruct", "q5_k_m"],
    ["llama3.1:8b-q8_0", "llama-3.1-8b-instruct", "q8_0"],
    ["llama3.1:8b-fp16", "llama-3.1-8b-instruct", "f16"],
    ["codellama:34b-instruct-q4", "codellama-34b-instruct", "q4_0"],
    ["codellama:34b-instruct-q5", "codellama-34b-instruct", "q5_0"],
  ])("%s is %s in %s", (tag, id, format) => {
    expect(readOllamaTag(tag)).toMatchObject({ ok: true, model: { id }, format });
    expect(resolveModelName(tag)).toMatchObject({ ok: true, model: { id }, format });
  });

  it("without a level it is refused, whoever asks", () => {
    expect(readOllamaTag("llama3.1:8b")).toMatchObject({ ok: false });
    const answer = resolveModelName("llama3.1:8b");
    expect(answer.ok ? "" : answer.reason).toMatch(/^state the quantisation/);
  });

  it("an unknown one gets the nearest", () => {
    const answer = readOllamaTag("lama3.1:8b-q4_0");
    expect(answer.ok ? "" : answer.reason).toContain("nearest: ");
  });
});

describe("MOD-R27: what vLLM removed", () => {
  it("a SqueezeLLM release is refused with the reason", () => {
    const answer = resolveModelName("llama-3.1-8b-instruct-SqueezeLLM");
    expect(answer.ok ? "" : answer.reason).toContain("vllm#8220");
  });
});

describe("GPU-R01 to GPU-R06: every GPU that the sources name", () => {
  it.each([
    ["NVIDIA A10G", "a10g", 300],
    ["A100 40 GB", "a100-40", 400],
    ["A100 80 GB", "a100-80", 400],
    ["H100 SXM", "h100-sxm", 700],
    ["RTX 4090", "rtx-4090", 450],
    ["RTX 3090", "rtx-3090", 350],
    ["NVIDIA A5000", "rtx-a5000", 230],
    ["RTX 4070", "rtx-4070", 200],
    ["RTX 3060", "rtx-3060", 170],
  ])("%s is %s with %d W", (name, id, watts) => {
    const gpu = findGpu(name);
    expect(gpu).toMatchObject({ id, watts });
    expect(gpu?.source.length).toBeGreaterThan(5);
  });

  it.each(["A10G class", "A100 class", "H100 class"])("%s is a class", (name) => {
    expect(gpusOfClass(name).length).toBeGreaterThan(0);
  });
});
