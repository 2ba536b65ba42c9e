import { findModel, ggufLevels, nearestNames, type ModelRecord, type WeightFormat } from "@holdfast/catalog";
import type { Problem } from "@holdfast/core";
import type { ModelManifest } from "../model-manifest";
import { convertibleArchitectures } from "./convertible-architectures";

/** Formats that hold every weight as it was trained, and the bytes of one weight. */
const unquantised: Readonly<Record<string, number>> = { bf16: 2, f16: 2, fp16: 2, f32: 4, fp32: 4 };

/** GGUF levels that can be made, lower case. */
export const quantisationFormats: readonly WeightFormat[] = ggufLevels.map(({ format }) => format);

/** Bytes that one weight of the source takes. */
export function bytesPerWeight(format: string): number {
  return unquantised[format] ?? 1;
}

/** Why a model version cannot be the source of a quantisation. */
export function* sourceProblems(
  source: Pick<ModelManifest, "model" | "format" | "container" | "approval">,
  architecture?: string,
): Generator<Problem> {
  const model = findModel(source.model);
  if (source.container !== "safetensors")
    yield {
      path: "source.container",
      reason: `is ${source.container}: quantised files are made from the publisher's safetensors`,
    };
  else if (!isTrainedFormat(source.format, model))
    yield {
      path: "source.format",
      reason: `is ${source.format}: quantising what is quantised already loses twice; ${instead(source.format, model)}`,
    };
  if (model !== undefined && model.task !== "generate")
    yield {
      path: "source.model",
      reason: `${model.id} makes ${model.task === "embed" ? "embeddings" : "scores"}: it has no text to be tried with`,
    };
  if (source.approval.status === "rejected")
    yield {
      path: "source.approval.status",
      reason: "is rejected: nothing is made from a version that may not be used",
    };
  if (architecture !== undefined && !convertibleArchitectures.includes(architecture)) {
    const near = nearestNames(architecture, convertibleArchitectures).join(", ");
    yield {
      path: "source.architecture",
      reason: `llama.cpp's converter does not know ${architecture}${near === "" ? "" : ` (nearest: ${near})`}; name a newer image if one does`,
    };
  }
}

/** A format that the model was trained in. Some models were trained in 8 bit, and the converter reads those. */
function isTrainedFormat(format: string, model: ModelRecord | undefined): boolean {
  return format in unquantised || (format === "fp8" && model?.nativeFormat === "fp8");
}

function instead(format: string, model: ModelRecord | undefined): string {
  if (model?.nativeFormat === format)
    return "the publisher gives no other, so take a published GGUF of it, or the model as it is";
  return `take the version in ${model?.nativeFormat ?? "bf16, f16 or f32"}`;
}

/** What is wrong with the list of formats, and what is right. */
export function readFormats(wanted: readonly string[]): { formats: WeightFormat[]; problems: Problem[] } {
  const formats: WeightFormat[] = [];
  const problems: Problem[] = [];
  wanted.forEach((text, index) => {
    const path = `formats[${index}]`;
    const format = quantisationFormats.find((one) => one === text.toLowerCase());
    if (format === undefined) {
      const near = nearestNames(text.toLowerCase(), quantisationFormats)[0];
      const hint = near === undefined ? "" : ` (nearest: ${near})`;
      problems.push({ path, reason: `"${text}" is no GGUF level${hint}; allowed: ${quantisationFormats.join(", ")}` });
    } else if (formats.includes(format)) problems.push({ path, reason: `${format} is listed twice` });
    else formats.push(format);
  });
  if (wanted.length === 0)
    problems.push({ path: "formats", reason: `is empty; allowed: ${quantisationFormats.join(", ")}` });
  return { formats, problems };
}
