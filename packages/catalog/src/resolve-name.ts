import { findModel, models } from "./catalogue";
import { weightFormats, type ModelRecord, type WeightFormat } from "./model";
import { nearestNames } from "./nearest-names";
import { readOllamaTag } from "./ollama-tag";
import { refusedMethods } from "./quantisation";

/** A model as people name it, with the format where the name says one. */
export type ResolvedName =
  | { readonly ok: true; readonly model: ModelRecord; readonly format?: WeightFormat }
  | { readonly ok: false; readonly reason: string; readonly nearest: readonly string[] };

/** Endings that people write for a format, beside the formats' own names. */
const endings: readonly (readonly [string, WeightFormat])[] = [
  ...weightFormats.map((format) => [letters(format), format] as const),
  ["q4", "q4_0"],
  ["q5", "q5_0"],
  ["q8", "q8_0"],
  ["fp16", "f16"],
];

/** What may follow the name of a model that people leave out: that it follows instructions, and its version. */
const leftOut = /^(instruct|chat|it|base)?(hf)?(v?\d[\d.]*)?$/;

/**
 * Finds a model by id, repository, alias or Ollama tag, by a name with spaces (`Mistral Nemo 12B`), and with a format behind it
 * (`Llama 3.1 70B AWQ`). A name that is not in the catalogue, or that fits several models, gets the nearest ones.
 */
export function resolveModelName(name: string): ResolvedName {
  const direct = findModel(name);
  if (direct !== undefined) return { ok: true, model: direct };
  if (name.includes(":")) {
    const tag = readOllamaTag(name);
    if (tag.ok) return tag;
    if (tag.reason.startsWith("state the quantisation")) return { ok: false, reason: tag.reason, nearest: [] };
  }
  const wanted = letters(name);
  for (const [method, reason] of Object.entries(refusedMethods)) {
    if (wanted.endsWith(method)) return { ok: false, reason, nearest: [] };
  }
  const whole = byLetters(wanted);
  if (whole !== undefined) return { ok: true, model: whole };
  for (const [ending, format] of endings) {
    const model = wanted.endsWith(ending) ? byLetters(wanted.slice(0, -ending.length)) : undefined;
    if (model !== undefined) return { ok: true, model, format };
  }
  const nearest = nearestNames(
    name,
    models.map(({ id }) => id),
  );
  return { ok: false, reason: `"${name}" is not in the catalogue, nearest: ${nearest.join(", ")}`, nearest };
}

/** The one model with these letters, or the one whose name goes on with nothing but what people leave out. */
function byLetters(wanted: string): ModelRecord | undefined {
  if (wanted === "") return undefined;
  const release = models
    .flatMap(({ variants = [] }) => variants.filter(({ contextTokens }) => contextTokens !== undefined))
    .find(({ repository }) => letters(repository) === wanted);
  if (release !== undefined) return findModel(release.repository);
  const names = models.map((model) => ({
    model,
    spelt: [model.id, model.repository, ...model.aliases].map(letters),
  }));
  const exact = names.find(({ spelt }) => spelt.includes(wanted));
  if (exact !== undefined) return exact.model;
  const longer = names.filter(({ spelt }) =>
    spelt.some((one) => one.startsWith(wanted) && leftOut.test(one.slice(wanted.length))),
  );
  return longer.length === 1 ? longer[0]?.model : undefined;
}

/** What tells one name from another: lower case, without owner, file ending and separators. */
function letters(name: string): string {
  return name
    .toLowerCase()
    .replace(/^.*\//, "")
    .replace(/\.gguf$/, "")
    .replace(/[^a-z0-9.]/g, "");
}
