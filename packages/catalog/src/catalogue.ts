import { deepseekAndKimiModels } from "./data/deepseek-and-kimi-models";
import { engineRecords } from "./data/engines";
import { gpuRecords } from "./data/gpus";
import { instanceRecords } from "./data/instances";
import { llamaModels } from "./data/llama-models";
import { mistralAndMinimaxModels } from "./data/mistral-and-minimax-models";
import { nemotronModels } from "./data/nemotron-models";
import { newerMixtureModels } from "./data/newer-mixture-models";
import { newerQwenModels } from "./data/newer-qwen-models";
import { otherModels } from "./data/other-models";
import { qwenModels } from "./data/qwen-models";
import { regionRecords } from "./data/regions";
import type { EngineRecord } from "./engine";
import type { GpuRecord } from "./gpu";
import type { InstanceRecord } from "./instance";
import type { ModelRecord } from "./model";
import type { RegionRecord } from "./region";

export const models: readonly ModelRecord[] = [
  ...llamaModels,
  ...mistralAndMinimaxModels,
  ...qwenModels,
  ...deepseekAndKimiModels,
  ...otherModels,
  ...newerQwenModels,
  ...newerMixtureModels,
  ...nemotronModels,
];
export const gpus: readonly GpuRecord[] = gpuRecords;
export const instances: readonly InstanceRecord[] = instanceRecords;
export const regions: readonly RegionRecord[] = regionRecords;
export const engines: readonly EngineRecord[] = engineRecords;

const byName = <T>(records: readonly T[], names: (record: T) => readonly string[]): ReadonlyMap<string, T> => {
  const map = new Map<string, T>();
  // Own ids win over another record's alias.
  for (const [index, record] of records.map((record) => [names(record)[0]?.toLowerCase() ?? "", record] as const))
    map.set(index, record);
  for (const record of records)
    for (const name of names(record)) if (!map.has(name.toLowerCase())) map.set(name.toLowerCase(), record);
  return map;
};
const lastPart = (repository: string) => repository.replace(/^.*\//, "");
const variants = models.flatMap((model) =>
  (model.variants ?? []).map(({ repository, format }) => ({ ...model, repository, nativeFormat: format, aliases: [] })),
);
const variantNames = byName(variants, ({ repository }) => [repository, lastPart(repository)]);
const modelNames = byName(models, (model) => [
  model.id,
  model.repository,
  lastPart(model.repository),
  ...model.aliases,
]);
const gpuNames = byName(gpus, (gpu) => [gpu.id, ...gpu.aliases, gpu.name]);
const instanceTypes = byName(instances, (instance) => [instance.type]);
const regionIds = byName(regions, (region) => [region.id]);

/**
 * A model by catalogue id, Hugging Face repository or another name of it; case does not matter. By the name of a quantised
 * release, the same model with that release's format as its native one.
 */
export function findModel(name: string): ModelRecord | undefined {
  return variantNames.get(name.toLowerCase()) ?? modelNames.get(name.toLowerCase());
}

/** A GPU by id (`a100-80`) or by another name of it (`a100_sxm_80`). */
export function findGpu(name: string): GpuRecord | undefined {
  return gpuNames.get(name.toLowerCase());
}

/** GPUs of a class as people name it: `a100`, `A10G class`, or one exact id. */
export function gpusOfClass(name: string): readonly GpuRecord[] {
  const wanted = name
    .toLowerCase()
    .replace(/\s*class$/, "")
    .trim();
  const one = gpuNames.get(wanted);
  const ofClass = gpus.filter((gpu) => gpu.gpuClass === wanted);
  return ofClass.length > 0 ? ofClass : one === undefined ? [] : [one];
}

/** An EC2 GPU instance type. */
export function findInstance(type: string): InstanceRecord | undefined {
  return instanceTypes.get(type.toLowerCase());
}

/** An AWS region by id. */
export function findRegion(id: string): RegionRecord | undefined {
  return regionIds.get(id.toLowerCase());
}

/** What is known about an engine version; for a version between two known ones, the older of them. */
export function findEngine(kind: EngineRecord["kind"], version: string): EngineRecord | undefined {
  const known = engines.filter((engine) => engine.kind === kind);
  const exact = known.find((engine) => engine.version === version);
  if (exact) return exact;
  const older = known.filter((engine) => compareVersions(engine.version, version) <= 0);
  return older.at(-1);
}

/** Negative when `a` is the older version. */
export function compareVersions(a: string, b: string): number {
  const parts = (version: string) =>
    version
      .replace(/^v/, "")
      .split(/[.-]/)
      .map((part) => Number.parseInt(part, 10) || 0);
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
