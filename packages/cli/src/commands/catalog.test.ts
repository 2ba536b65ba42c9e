import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GGUFValueType } from "@huggingface/gguf";
import { findModel } from "@holdfast/catalog";
import pico from "picocolors";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../main";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-catalog-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function holdfast(argv: readonly string[]) {
  let [out, err] = ["", ""];
  const terminal = {
    out: (text: string) => (out += text),
    err: (text: string) => (err += text),
    colours: pico.createColors(false),
    progress: () => undefined,
  };
  const code = await run(["node", "holdfast", "catalog", ...argv], terminal);
  return { code, out, err };
}

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const llama = {
  model_type: "llama",
  hidden_size: 4096,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  intermediate_size: 14_336,
  vocab_size: 128_256,
  max_position_embeddings: 131_072,
};
const total = 8_030_261_248;
const common = ["--repository", "example/New-8B", "--licence", "apache-2.0", "--source", "example/New-8B@0123456"];
const add = (config: unknown, ...rest: string[]) =>
  holdfast(["add", "--config", file("config.json", config), ...common, ...rest]);

describe("holdfast catalog", () => {
  it("lists and filters", async () => {
    const { code, out } = await holdfast(["models", "glm-5"]);
    expect(code).toBe(0);
    expect(out).toContain("glm-5.2");
    expect(out).not.toContain("llama-3.1-8b");
  });

  it("a kind that does not exist is refused with the nearest", async () => {
    const { code, err } = await holdfast(["model"]);
    expect(code).toBe(2);
    expect(err).toContain('did you mean "models"?');
  });
});

describe("holdfast catalog add", () => {
  it("prints a record whose parameters are counted from the shape", async () => {
    const { code, out } = await add(llama);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      id: "new-8b",
      parameters: total,
      contextTokens: 131_072,
      nativeFormat: "bf16",
      architecture: findModel("llama-3.1-8b-instruct")?.architecture,
      source: "example/New-8B@0123456",
      unverified: ["parameters (computed from the shape)"],
    });
  });

  it("agrees with a total, an index and a GGUF header, or refuses", async () => {
    const index = (bytes: number) => file("index.json", { metadata: { total_size: bytes }, weight_map: {} });
    expect(await add(llama, "--total", String(total), "--index", index(2 * total))).toMatchObject({ code: 0 });
    const refused = await add(llama, "--total", "8000000000", "--index", index(2 * total + 2));
    expect(refused.code).toBe(2);
    expect(refused.out).toBe("");
    expect(refused.err).toContain(`--total: states 8000000000 parameters; the shape in`);
    expect(refused.err).toContain(`--index: states ${total + 1} parameters`);
  });

  it("reads the parameters out of a GGUF header", async () => {
    const tiny = {
      ...llama,
      hidden_size: 8,
      num_hidden_layers: 1,
      num_attention_heads: 2,
      num_key_value_heads: 2,
      intermediate_size: 16,
      vocab_size: 32,
    };
    const shapes: [string, number[]][] = [
      ["token_embd.weight", [8, 32]],
      ["output.weight", [8, 32]],
      ["output_norm.weight", [8]],
      ["rope_freqs.weight", [2]],
      ...["attn_q", "attn_k", "attn_v", "attn_output"].map((name): [string, number[]] => [
        `blk.0.${name}.weight`,
        [8, 8],
      ]),
      ...["ffn_gate", "ffn_up"].map((name): [string, number[]] => [`blk.0.${name}.weight`, [8, 16]]),
      ["blk.0.ffn_down.weight", [16, 8]],
      ["blk.0.attn_norm.weight", [8]],
      ["blk.0.ffn_norm.weight", [8]],
    ];
    const gguf = join(folder, "tiny.gguf");
    writeFileSync(gguf, tinyGguf(shapes));
    const { code, out, err } = await add(tiny, "--gguf", gguf);
    expect(err).toMatch(/^1176 parameters/);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ parameters: 1176, unverified: [] });
    const other = await add({ ...tiny, vocab_size: 33 }, "--gguf", gguf);
    expect(other.code).toBe(2);
    expect(other.err).toContain("--gguf: states 1176 parameters; the shape in");
  });

  it.each([
    [
      "an architecture that is not counted exactly",
      { ...llama, model_type: "mamba" },
      [],
      'model_type "mamba" is not counted exactly',
    ],
    ["a config without its fields", { model_type: "llama" }, [], "config.json lacks num_attention_heads, hidden_size"],
    ["an id that is taken", llama, ["--id", "qwen3-8b"], '"qwen3-8b" is in the catalogue already'],
  ])("%s is refused", async (_, config, rest, message) => {
    const { code, err } = await add(config, ...rest);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it.each(["deepseek-ai/DeepSeek-V3", "Qwen/Qwen3-30B-A3B", "mistralai/Mixtral-8x7B-v0.1", "Qwen/Qwen3-32B"])(
    "counts %s as the catalogue has it",
    async (repository) => {
      const known = findModel(repository);
      const shape = known?.architecture;
      if (!known || !shape) throw new Error(repository);
      const config = {
        model_type: shape.latent
          ? "deepseek_v3"
          : shape.experts
            ? shape.queryKeyNorm
              ? "qwen3_moe"
              : "mixtral"
            : "qwen3",
        hidden_size: shape.hidden,
        num_hidden_layers: shape.layers,
        num_attention_heads: shape.heads,
        num_key_value_heads: shape.kvHeads,
        head_dim: shape.headDim,
        intermediate_size: shape.intermediate === 0 ? shape.experts?.width : shape.intermediate,
        vocab_size: shape.vocabulary,
        max_position_embeddings: known.contextTokens,
        tie_word_embeddings: shape.tied,
        num_experts: shape.experts?.experts,
        num_local_experts: shape.experts?.experts,
        n_routed_experts: shape.experts?.experts,
        num_experts_per_tok: shape.experts?.perToken,
        n_shared_experts: shape.experts?.shared,
        moe_intermediate_size: shape.experts?.width,
        first_k_dense_replace: shape.experts?.denseLayers,
        kv_lora_rank: shape.latent?.kvRank,
        q_lora_rank: shape.latent?.queryRank,
        qk_nope_head_dim: shape.latent?.nopeDim,
        qk_rope_head_dim: shape.latent?.ropeDim,
        v_head_dim: shape.latent?.valueDim,
      };
      const { code, out } = await add(config);
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ parameters: known.parameters });
    },
  );
});

/** A GGUF file with a header and no more data than it must have. */
function tinyGguf(shapes: readonly [string, number[]][]): Buffer {
  const parts: Buffer[] = [];
  const u32 = (value: number) => parts.push(Buffer.from(Uint32Array.of(value).buffer));
  const u64 = (value: number) => parts.push(Buffer.from(BigUint64Array.of(BigInt(value)).buffer));
  const text = (value: string) => {
    u64(Buffer.byteLength(value));
    parts.push(Buffer.from(value));
  };
  parts.push(Buffer.from("GGUF"));
  u32(3);
  u64(shapes.length);
  u64(2);
  text("general.architecture");
  u32(GGUFValueType.STRING);
  text("llama");
  text("general.file_type");
  u32(GGUFValueType.UINT32);
  u32(1);
  let offset = 0;
  for (const [name, shape] of shapes) {
    text(name);
    u32(shape.length);
    for (const one of shape) u64(one);
    u32(1);
    u64(offset);
    offset += Math.ceil((shape.reduce((product, one) => product * one, 1) * 2) / 32) * 32;
  }
  return Buffer.concat([...parts, Buffer.alloc(offset + 64)]);
}
