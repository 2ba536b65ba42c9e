import { findModel, models } from "./catalogue";
import { weightFormats, type ModelRecord, type WeightFormat } from "./model";
import { nearestNames } from "./nearest-names";

/** A tag of Ollama's library as a model of the catalogue and a level. */
export type OllamaTag =
  | { readonly ok: true; readonly model: ModelRecord; readonly format: WeightFormat }
  | { readonly ok: false; readonly reason: string };

const levels: Readonly<Record<string, WeightFormat>> = { fp16: "f16", q4: "q4_0", q5: "q5_0", q8: "q8_0" };

/** Reads `llama3.1:8b-q5_K_M`. A tag without a level is refused: Ollama's default for it may change under the same name. */
export function readOllamaTag(tag: string): OllamaTag {
  const lower = tag.toLowerCase();
  const level = /-(fp16|f16|q\d(?:_k)?(?:_[sml01])?)$/.exec(lower)?.[1];
  const name = level === undefined ? lower : lower.slice(0, -level.length - 1);
  const model = [name, `${name}-instruct`, name.replace(/:([\d.]+b)$/, "-$1"), name.replace(":", "-")]
    .flatMap((one) => [one, `${one}-instruct`])
    .map(findModel)
    .find((one) => one !== undefined);
  if (model === undefined)
    return {
      ok: false,
      reason: `"${name}" is not in the catalogue, nearest: ${nearestNames(
        name,
        models.map(({ id }) => id),
      ).join(", ")}`,
    };
  if (level === undefined)
    return {
      ok: false,
      reason: `state the quantisation: "${tag}" alone is whatever the library's default is today; for example ${tag}-q4_K_M`,
    };
  const format = weightFormats.find((one) => one === level) ?? levels[level];
  return format === undefined
    ? { ok: false, reason: `unknown level "${level}" in "${tag}"` }
    : { ok: true, model, format };
}
