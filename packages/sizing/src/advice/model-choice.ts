import { findLicence, findModel, type ModelRecord, type WeightFormat } from "@holdfast/catalog";
import { memoryNeed } from "./memory-need";

export type ModelTask =
  "code_generation" | "general_chat" | "embeddings" | "code_completion" | "code_review" | "documentation";
export type ModelQuality = "highest" | "high" | "medium" | "low";

export interface ModelQuestion {
  readonly task: string;
  /** @default "high" */
  readonly quality?: ModelQuality;
  /** GPU memory of one replica, decimal GB as on the label. */
  readonly memoryGb: number;
  /** Time that an answer may take to start, ms. */
  readonly latencyMs?: number;
  /** Only models whose licence is one of these. @default any */
  readonly licences?: readonly string[];
  /** Tokens of context that must fit beside the weights. @default 4096 */
  readonly contextTokens?: number;
}

/** A model and a format, by the sources' names. */
interface Leaf {
  readonly name: string;
  readonly model: string;
  readonly format: WeightFormat;
}

export interface ModelAdvice {
  /** What the sources' tree says. */
  readonly tree: string;
  readonly model: ModelRecord;
  readonly format: WeightFormat;
  /** Whether that fits the stated memory, by arithmetic. */
  readonly fits: boolean;
  readonly why: readonly string[];
  /** What to take instead where the tree's answer does not fit or may not be used. */
  readonly instead?: { readonly model: ModelRecord; readonly format: WeightFormat };
}

const leaf = (name: string, model: string, format: WeightFormat): Leaf => ({ name, model, format });
const llama8q4 = leaf("llama3.1:8b-instruct-q4", "llama-3.1-8b-instruct", "q4_k_m");
const llama8 = leaf("llama3.1:8b-instruct", "llama-3.1-8b-instruct", "bf16");
const codellama7 = leaf("codellama:7b-instruct", "codellama-7b-instruct", "bf16");
const codellama13 = leaf("codellama:13b-instruct", "codellama-13b-instruct", "bf16");
const codellama34 = leaf("codellama:34b-instruct", "codellama-34b-instruct", "bf16");

/** The decision tree of the sources, to the letter; nothing where it says that a GPU cluster is needed. */
function treeLeaf({ task, quality = "high", memoryGb, latencyMs }: ModelQuestion): Leaf | undefined {
  const from = (steps: readonly (readonly [number, Leaf])[]) => steps.find(([least]) => memoryGb >= least)?.[1];
  switch (task) {
    case "code_generation":
      if (quality === "highest")
        return from([
          [320, leaf("deepseek-coder-v2:236b", "deepseek-coder-v2-instruct", "bf16")],
          [160, leaf("deepseek-coder-v2:236b-awq", "deepseek-coder-v2-instruct", "awq")],
          [80, leaf("qwen2.5-coder:32b", "qwen2.5-coder-32b-instruct", "bf16")],
        ]);
      if (quality === "high")
        return from([
          [48, codellama34],
          [24, leaf("deepseek-coder:33b-instruct-q4", "deepseek-coder-33b-instruct", "q4_k_m")],
          [12, codellama13],
          [0, codellama7],
        ]);
      if (quality === "medium")
        return (latencyMs ?? Number.POSITIVE_INFINITY) < 100
          ? codellama7
          : leaf("codellama:13b-instruct-q4", "codellama-13b-instruct", "q4_k_m");
      return leaf("codellama:7b-instruct-q4", "codellama-7b-instruct", "q4_k_m");
    case "general_chat":
      if (quality === "medium" || quality === "low") return llama8q4;
      return from([
        [160, leaf("llama3.1:70b-instruct", "llama-3.1-70b-instruct", "bf16")],
        [80, leaf("llama3.1:70b-instruct-awq", "llama-3.1-70b-instruct", "awq")],
        [24, llama8],
        [0, llama8q4],
      ]);
    case "embeddings":
      return leaf("nomic-embed-text:v1.5", "nomic-embed-text-v1.5", "bf16");
    default:
      return llama8;
  }
}

/** The sources' short map from task to model. */
export function modelByTask(task: string, quality?: "high"): string {
  switch (task) {
    case "code_completion":
      return quality === "high" ? "codellama-34b-instruct" : "codellama-13b-instruct";
    case "code_review":
      return "deepseek-coder-33b-instruct";
    case "documentation":
      return "llama-3.1-8b-instruct";
    default:
      return "codellama-7b-instruct";
  }
}

/** Narrower formats to fall back to, then smaller models of the same tree. */
const fallbackFormats = ["fp8", "awq", "q4_k_m"] as const;
const smallerQuality: readonly ModelQuality[] = ["highest", "high", "medium", "low"];

/** A model for a task by the sources' tree, held against the arithmetic: what does not fit gets a format or a model that does. */
export function recommendModel(question: ModelQuestion): ModelAdvice | { readonly tree: "needs a GPU cluster" } {
  const chosen = treeLeaf(question);
  if (chosen === undefined) return { tree: "needs a GPU cluster" };
  const model = findModel(chosen.model);
  if (model === undefined) throw new RangeError(`${chosen.model} is not in the catalogue`);
  const judged = judge(model, chosen.format, question);
  const advice = { tree: chosen.name, model, format: chosen.format, ...judged };
  if (judged.fits && judged.allowed) return advice;
  const instead = fallback(model, question);
  return { ...advice, fits: judged.fits, ...(instead === undefined ? {} : { instead }) };
}

function judge(model: ModelRecord, format: WeightFormat, question: ModelQuestion) {
  const { memoryGb, contextTokens = 4096 } = question;
  const { fits, sentence } = memoryNeed(model, format, memoryGb, contextTokens);
  const licence = findLicence(model.licence);
  const allowed = question.licences?.includes(model.licence) ?? true;
  const why = [
    sentence,
    `licence: ${licence?.name ?? model.licence}${allowed ? "" : `, not one of ${question.licences?.join(", ") ?? ""}`}`,
  ];
  return { fits, allowed, why };
}

function fallback(model: ModelRecord, question: ModelQuestion): ModelAdvice["instead"] {
  const good = (one: ModelRecord, format: WeightFormat) => {
    const { fits, allowed } = judge(one, format, question);
    return fits && allowed;
  };
  const format = fallbackFormats.find((one) => good(model, one));
  if (format !== undefined) return { model, format };
  const below = smallerQuality.slice(smallerQuality.indexOf(question.quality ?? "high") + 1);
  for (const quality of below) {
    const next = treeLeaf({ ...question, quality });
    const smaller = next === undefined ? undefined : findModel(next.model);
    if (next === undefined || smaller === undefined) continue;
    const fitting = [next.format, ...fallbackFormats].find((one) => good(smaller, one));
    if (fitting !== undefined) return { model: smaller, format: fitting };
  }
  return undefined;
}
