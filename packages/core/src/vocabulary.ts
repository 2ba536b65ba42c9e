/** A network zone with a role. Every host and endpoint belongs to exactly one. */
export const segments = ["clients", "gateway", "serving", "storage", "observability", "management"] as const;
export type Segment = (typeof segments)[number];

/** How sensitive the prompts are, from least to most. A request never crosses to a pool of a lower class. */
export const dataClasses = ["public", "internal", "confidential", "restricted"] as const;
export type DataClass = (typeof dataClasses)[number];

/** Whether something cleared for `clearance` may handle data of class `data`. */
export function mayHandle(clearance: DataClass, data: DataClass): boolean {
  return dataClasses.indexOf(clearance) >= dataClasses.indexOf(data);
}

/** Where an environment runs. */
export const substrates = ["aws-ec2", "aws-eks", "kubernetes", "docker"] as const;
export type Substrate = (typeof substrates)[number];

/** The program that runs a model. */
export const engineKinds = ["vllm", "ollama", "llamacpp", "tgi"] as const;
export type EngineKind = (typeof engineKinds)[number];

/** What a model does: `generate` answers prompts, `embed` returns vectors, `rerank` orders documents. */
export const modelTasks = ["generate", "embed", "rerank"] as const;
export type ModelTask = (typeof modelTasks)[number];
