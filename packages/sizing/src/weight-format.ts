import { weightFormats, type ModelRecord, type WeightFormat } from "@holdfast/catalog";

const formatNames: Readonly<Record<string, WeightFormat>> = {
  fp16: "bf16",
  float16: "bf16",
  bfloat16: "bf16",
  half: "bf16",
  "4-bit": "awq",
  int4: "awq",
  "int4-awq": "awq",
  "awq-int4": "awq",
  "awq-4bit": "awq",
  w4a16: "awq",
  int4_wo: "gptq",
  "gptq-4bit": "gptq",
  "8-bit": "fp8",
  float8: "fp8",
  fp8_block: "fp8",
  fp8_static: "fp8",
  fp8_dynamic: "fp8",
  fp8_e4m3: "fp8",
  w8a8: "int8",
  int8_wo: "int8",
  fp4: "nvfp4",
  w4a16_mxfp4: "mxfp4",
  w4a8_mxfp4_mxfp8: "mxfp4",
};

/** A format by our name or another common one. */
export function formatOf(name: string): WeightFormat | undefined {
  const lower = name.toLowerCase();
  return weightFormats.find((format) => format === lower) ?? formatNames[lower];
}

/** Words that name a width, not a recipe: the publisher's own recipe of that width is meant where there is one. */
const widths: Readonly<Record<string, readonly WeightFormat[]>> = {
  fp4: ["nvfp4", "mxfp4"],
  int4: ["awq", "gptq"],
  "4-bit": ["awq", "gptq", "nvfp4", "mxfp4"],
  "8-bit": ["fp8", "int8"],
};

/** The format that a name means for a model: `fp4` of gpt-oss is its own MXFP4, of other models NVFP4. */
export function formatFor(model: ModelRecord, name: string | undefined): WeightFormat | undefined {
  if (name === undefined || name === "" || name.toLowerCase() === "native") return model.nativeFormat;
  return widths[name.toLowerCase()]?.find((format) => format === model.nativeFormat) ?? formatOf(name);
}

/**
 * The same for an engine: llama.cpp and Ollama pull Q4_K_M when no level is said (`-hf`, the library's tags), except for models that
 * are published in MXFP4.
 */
export function formatForEngine(
  model: ModelRecord,
  name: string | undefined,
  engine: string,
): WeightFormat | undefined {
  const unsaid = name === undefined || name === "";
  const gguf = engine === "llamacpp" || engine === "ollama";
  return unsaid && gguf && model.nativeFormat !== "mxfp4" ? "q4_k_m" : formatFor(model, name);
}
