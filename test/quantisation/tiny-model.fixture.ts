import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const shape = { hidden: 256, layers: 2, heads: 4, keyValueHeads: 2, intermediate: 512 } as const;

/** A field of a protocol buffer: a text or message, a float, or a whole number. */
function field(number: number, value: Buffer | string | number, float = false): Buffer {
  if (float) {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(Number(value));
    return Buffer.concat([varint((number << 3) | 5), bytes]);
  }
  if (typeof value === "number") return Buffer.concat([varint(number << 3), varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

/** Pieces of a SentencePiece vocabulary with their type: unknown 2, control 3, byte 6, normal 1. */
const pieces: readonly (readonly [string, number])[] = [
  ["<unk>", 2],
  ["<s>", 3],
  ["</s>", 3],
  ...Array.from({ length: 256 }, (_, byte) => [`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`, 6] as const),
  ...[
    "▁t",
    "he",
    "▁the",
    "er",
    "in",
    "▁w",
    "at",
    "▁a",
    "nd",
    "▁and",
    "▁",
    ...Array.from("etaoinshrdlcumwfgypbvk,."),
  ].map((text) => [text, 1] as const),
];

/** tokenizer.model: byte pairs, with bytes for what is not in the vocabulary. */
function tokenizer(): Buffer {
  const trainer = [field(3, 2), field(4, pieces.length), field(35, 1), field(40, 0), field(41, 1), field(42, 2)];
  const normalizer = [field(1, "identity"), field(3, 1), field(4, 0), field(5, 1)];
  return Buffer.concat([
    ...pieces.map(([text, type], index) =>
      field(1, Buffer.concat([field(1, text), field(2, type === 1 ? 259 - index : 0, true), field(3, type)])),
    ),
    field(2, Buffer.concat(trainer)),
    field(3, Buffer.concat(normalizer)),
  ]);
}

/** Numbers near a normal distribution, the same each time: a linear congruential generator, four throws together. */
function* randomNumbers(): Generator<number, never> {
  let state = 20261121;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  for (;;) yield (next() + next() + next() + next() - 2) * Math.sqrt(3);
}

/** bfloat16: the upper half of a 32-bit float. */
function bfloat16(count: number, value: () => number): Buffer {
  const floats = Float32Array.from({ length: count }, value);
  const halves = new Uint16Array(floats.buffer).filter((_, index) => index % 2 === 1);
  return Buffer.from(halves.buffer);
}

/** Writes a small Llama with random weights in bfloat16 and a tokenizer of its own: what the converter reads, nobody's work. */
export async function writeTinyModel(folder: string): Promise<void> {
  const { hidden, layers, heads, keyValueHeads, intermediate } = shape;
  const vocabulary = pieces.length;
  const keys = (hidden / heads) * keyValueHeads;
  const random = randomNumbers();
  const tensors: [string, number[], Buffer][] = [];
  const matrix = (name: string, rows: number, columns: number) =>
    tensors.push([name, [rows, columns], bfloat16(rows * columns, () => random.next().value / Math.sqrt(columns))]);
  const norm = (name: string) => tensors.push([name, [hidden], bfloat16(hidden, () => 1)]);
  matrix("model.embed_tokens.weight", vocabulary, hidden);
  matrix("lm_head.weight", vocabulary, hidden);
  norm("model.norm.weight");
  for (let layer = 0; layer < layers; layer += 1) {
    const at = `model.layers.${layer}`;
    norm(`${at}.input_layernorm.weight`);
    norm(`${at}.post_attention_layernorm.weight`);
    matrix(`${at}.self_attn.q_proj.weight`, hidden, hidden);
    matrix(`${at}.self_attn.k_proj.weight`, keys, hidden);
    matrix(`${at}.self_attn.v_proj.weight`, keys, hidden);
    matrix(`${at}.self_attn.o_proj.weight`, hidden, hidden);
    matrix(`${at}.mlp.gate_proj.weight`, intermediate, hidden);
    matrix(`${at}.mlp.up_proj.weight`, intermediate, hidden);
    matrix(`${at}.mlp.down_proj.weight`, hidden, intermediate);
  }
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  for (const [name, size, data] of tensors) {
    header[name] = { dtype: "BF16", shape: size, data_offsets: [offset, offset + data.length] };
    offset += data.length;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "model.safetensors"),
    Buffer.concat([length, text, ...tensors.map(([, , data]) => data)]),
  );
  await writeFile(join(folder, "tokenizer.model"), tokenizer());
  await writeFile(join(folder, "LICENSE"), "Made for a test.\n");
  const config = {
    architectures: ["LlamaForCausalLM"],
    model_type: "llama",
    hidden_size: hidden,
    intermediate_size: intermediate,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: keyValueHeads,
    vocab_size: vocabulary,
    max_position_embeddings: 2048,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    hidden_act: "silu",
    tie_word_embeddings: false,
    torch_dtype: "bfloat16",
    bos_token_id: 1,
    eos_token_id: 2,
  };
  await writeFile(join(folder, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
}
