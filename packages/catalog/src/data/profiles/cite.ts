import type { Citation, ModelUse, UseEvidence } from "../../profile";

const read = "2026-11-21";

export const cite = (source: string, dated?: string): Citation => ({
  source,
  asOf: read,
  ...(dated === undefined ? {} : { dated }),
});

/** The model card in a repository of the Hugging Face hub; `through` says where a copy of it was read, if not there. */
export const card = (repository: string, { dated, through }: { dated?: string; through?: string } = {}): Citation =>
  cite(`huggingface.co/${repository} README.md${through === undefined ? "" : `, read through ${through}`}`, dated);

/** A document that the second round of reading found, a day later. */
export const secondRound = (citation: Citation): Citation => ({ ...citation, asOf: "2026-11-22" });

/** The publisher's own words, in short. */
export const says = (use: ModelUse, text: string, source: Citation): UseEvidence => ({
  use,
  by: "publisher",
  says: text,
  ...source,
});

/** A figure of a benchmark, percent. */
export const scores = (use: ModelUse, benchmark: string, score: number, source: Citation): UseEvidence => ({
  use,
  by: "benchmark",
  says: `${benchmark} ${score} %`,
  benchmark,
  score,
  ...source,
});

/** Another catalogue's or a recipe's description. */
export const described = (use: ModelUse, text: string, source: Citation): UseEvidence => ({
  use,
  by: "catalogue",
  says: text,
  ...source,
});

export const vllmTools = cite("vllm-project/vllm@0064cc9 docs/features/tool_calling.md");
export const vllmReasoning = cite("vllm-project/vllm@00256d5 docs/features/reasoning_outputs.md");
export const recipe = (path: string, commit: string, dated?: string): Citation =>
  cite(`vllm-project/recipes@${commit} models/${path}.yaml`, dated);
export const gpustack = (released?: string): Citation =>
  cite("gpustack 2.3.0 (PyPI) gpustack/assets/model-catalog.yaml", released);
/** Release date as gpustack's catalogue has it. */
export const released = (date: string): Citation & { readonly date: string } => ({ date, ...gpustack(date) });
