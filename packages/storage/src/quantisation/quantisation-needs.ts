import { findModel, ggufLevels, type ModelArchitecture, type WeightFormat } from "@holdfast/catalog";
import { llamaCppComputeBytes, llamaCppKvBytes, weightSize } from "@holdfast/sizing";
import type { ModelManifest } from "../model-manifest";
import { bytesPerWeight } from "./quantisation-source";

const GiB = 2 ** 30;

/** Tokens of context of the try-out: the prompt and 512 generated tokens fit twice. */
export const tryOutContext = 1024;

/** What a job takes while it runs, with the arithmetic. */
export interface QuantisationNeeds {
  /** Free bytes of the work folder: the F16 file, every quantised file and a margin. All of them are there at once. */
  readonly diskBytes: number;
  /** Memory, bytes, whole GiB: of the step that takes most. */
  readonly memoryBytes: number;
  /** Expected bytes of each file, F16 among them. */
  readonly fileBytes: Readonly<Partial<Record<WeightFormat, number>>>;
  readonly arithmetic: readonly string[];
}

/**
 * Bytes that the steps take per weight of the largest tensor, which each of them holds whole. Measured with llama.cpp b11312 on a
 * bfloat16 Llama whose largest tensor has 307,200,000 weights (2026-11-21, largest resident size): converting 2.44 GB, of which
 * 0.71 GB for Python and its packages: 5.6 bytes; quantising to Q4_K_M 2.12 GB: 6.9 bytes, whatever the threads. Experts of a layer
 * are stacked into one tensor while both are in memory: 10 covers that.
 */
const converting = { base: GiB, perWeight: 10 };
const quantising = { base: GiB / 4, perWeight: 8 };
/** The try-out beside file, cache and compute buffer: 0.05 GB measured in the same run. */
const tryingBase = GiB / 4;

/** Names, tokens and tokenizer in a GGUF file's header, and what a file system takes for itself. */
const margin = { factor: 1.05, bytes: 256 * 2 ** 20 };

/** Disk and memory for making `formats` from a source: from the catalogue where it knows the model, else from the source's bytes. */
export function quantisationNeeds(
  source: Pick<ModelManifest, "model" | "format" | "files">,
  formats: readonly WeightFormat[],
): QuantisationNeeds {
  const model = findModel(source.model);
  const tensors = source.files.filter(({ path }) => path.endsWith(".safetensors"));
  const weights = tensors.reduce((sum, { bytes }) => sum + bytes, 0) / bytesPerWeight(source.format);
  const arithmetic: string[] = [];
  const sizeOf = (format: WeightFormat) => {
    if (model !== undefined) return weightSize(model, format);
    const bits = ggufLevels.find((level) => level.format === format)?.bits ?? 16;
    return {
      bytes: Math.ceil((weights * bits) / 8),
      arithmetic: `${giga(weights)} billion weights at ${bits} bits = ${giga((weights * bits) / 8)} GB (not in the catalogue: weights counted from the source's bytes)`,
    };
  };

  const fileBytes: Partial<Record<WeightFormat, number>> = {};
  for (const format of new Set<WeightFormat>(["f16", ...formats])) {
    const size = sizeOf(format);
    // Files may hold more than the language model that the catalogue counts.
    const bytes = format === "f16" ? Math.max(size.bytes, Math.ceil(weights * 2)) : size.bytes;
    fileBytes[format] = bytes;
    arithmetic.push(
      bytes === size.bytes
        ? `${format}: ${size.arithmetic}`
        : `${format}: ${giga(bytes)} GB, the bytes of the source in 16 bit`,
    );
  }
  const all = Object.values(fileBytes).reduce((sum, bytes) => sum + bytes, 0);
  const diskBytes = Math.ceil(all * margin.factor) + margin.bytes;
  arithmetic.push(`disk: all of them ${giga(all)} GB, 5 % and 256 MiB more = ${giga(diskBytes)} GB`);

  const largest = model === undefined ? largestFile(tensors, source.format) : largestTensor(model.architecture);
  const steps: readonly (readonly [string, number])[] = [
    ["converting", converting.base + converting.perWeight * largest],
    ["quantising", quantising.base + quantising.perWeight * largest],
    ...formats.map((format) => [`trying ${format}`, trying(fileBytes[format] ?? 0, model?.architecture)] as const),
  ];
  const most = steps.reduce((a, b) => (b[1] > a[1] ? b : a));
  const memoryBytes = Math.ceil(most[1] / GiB) * GiB;
  arithmetic.push(
    `memory: ${most[0]} takes most, ${memoryBytes / GiB} GiB (largest tensor: ${(largest / 1e6).toFixed(0)} million weights)`,
  );
  return { diskBytes, memoryBytes, fileBytes, arithmetic };
}

/** The file is read whole over and over: it has to stay in memory, or every token comes from the disk. */
function trying(fileBytes: number, shape: ModelArchitecture | undefined): number {
  const cache =
    shape === undefined
      ? GiB
      : llamaCppKvBytes(shape, { contextTokens: tryOutContext, slots: 1 }) + llamaCppComputeBytes(shape, tryOutContext);
  return tryingBase + fileBytes + cache;
}

/** Weights of the largest tensor of a GGUF file: embedding, one matrix of the MLP, or that of all experts of a layer. */
function largestTensor({ vocabulary, hidden, intermediate, experts }: ModelArchitecture): number {
  const stacked = experts === undefined ? 0 : experts.experts * experts.width * (experts.inputWidth ?? hidden);
  return Math.max(vocabulary * hidden, intermediate * hidden, stacked);
}

/** No tensor is larger than the file that it is in. */
function largestFile(files: readonly { readonly bytes: number }[], format: string): number {
  return Math.max(0, ...files.map(({ bytes }) => bytes)) / bytesPerWeight(format);
}

/** Billions with one digit. */
function giga(amount: number): string {
  return (amount / 1e9).toFixed(1);
}
