import { findModel, models } from "./catalogue";
import { weightFormats, type ModelRecord, type WeightFormat } from "./model";
import { nearestNames, plain } from "./nearest-names";
import { readOllamaTag } from "./ollama-tag";
import { refusedMethods } from "./quantisation";

/** A model as people name it, with the format where the name says one. */
export type ResolvedName =
  | { readonly ok: true; readonly model: ModelRecord; readonly format?: WeightFormat }
  | { readonly ok: false; readonly reason: string; readonly nearest: readonly string[] };

const suffixes: Readonly<Record<string, WeightFormat>> = { fp16: "f16", "4bit": "awq", "awq-int4": "awq" };

/**
 * Finds a model by id, repository, alias, Ollama tag, or a name with spaces and a format behind it (`Llama 3.1 70B AWQ`). A name that is
 * not in the catalogue gets the nearest ones.
 */
export function resolveModelName(name: string): ResolvedName {
  const direct = named(name);
  if (direct !== undefined) return { ok: true, model: direct };
  if (name.includes(":")) {
    const tag = readOllamaTag(name);
    if (tag.ok) return tag;
    if (tag.reason.startsWith("state the quantisation")) return { ok: false, reason: tag.reason, nearest: [] };
  }
  const text = plain(name);
  for (const method of Object.keys(refusedMethods)) {
    if (text.endsWith(`-${method}`)) return { ok: false, reason: refusedMethods[method] ?? "", nearest: [] };
  }
  for (const suffix of [...weightFormats, ...Object.keys(suffixes)]) {
    const ending = `-${suffix.replaceAll("_", "-")}`;
    const model = text.endsWith(ending) ? named(text.slice(0, -ending.length)) : undefined;
    const format = suffixes[suffix] ?? weightFormats.find((one) => one === suffix);
    if (model !== undefined && format !== undefined) return { ok: true, model, format };
  }
  const nearest = nearestNames(
    name,
    models.map(({ id }) => id),
  );
  return { ok: false, reason: `"${name}" is not in the catalogue, nearest: ${nearest.join(", ")}`, nearest };
}

/** As written, with hyphens for spaces, and as the instruction-tuned version of it. */
function named(name: string): ModelRecord | undefined {
  const text = plain(name);
  return [name, text, `${text}-instruct`, `${text}-it`, `${text}-chat`].map(findModel).find((one) => one !== undefined);
}
