import type { EngineRecord, GpuRecord, ModelRecord } from "@holdfast/catalog";
import { engineEra } from "./host-overhead";
import type { Protocol } from "./protocol-times";
import { errorQuantiles, measured, type ErrorQuantiles, type ErrorSource } from "./time-constants";

/** What a prediction is of, as far as it decides how far measurements may be from it. */
export interface Predicted {
  readonly gpu: Pick<GpuRecord, "id">;
  readonly model: Pick<ModelRecord, "id" | "architecture">;
  /** @default "vllm" */
  readonly engine?: EngineRecord["kind"];
  readonly engineVersion?: string;
  /** @default "closed_loop" */
  readonly protocol?: Protocol;
}

/**
 * Bounds that nine of ten measurements / predictions keep to, from errors on measurements that the fit had not seen. What is new widens
 * them: each thing that was not measured (the GPU, the model, an engine of another age or kind, a load other than a closed loop) brings the
 * errors that were made when it was held out, and the widest bounds count.
 */
export function errorInterval(predicted: Predicted): ErrorQuantiles {
  const found = errorSources(predicted).map((source) => errorQuantiles[source]);
  const widest = (key: keyof ErrorQuantiles): [number, number] => [
    Math.min(...found.map((one) => one[key][0])),
    Math.max(...found.map((one) => one[key][1])),
  ];
  return { tpot: widest("tpot"), ttft: widest("ttft"), endToEnd: widest("endToEnd") };
}

/** Whose errors count for a prediction. */
export function errorSources({
  gpu,
  model,
  engine = "vllm",
  engineVersion,
  protocol = "closed_loop",
}: Predicted): ErrorSource[] {
  const mixture = model.architecture.experts !== undefined;
  const known = (list: readonly string[], id: string) => list.includes(id);
  const sources: ErrorSource[] = [mixture ? "mixture" : "dense"];
  if (!known(measured.models, model.id)) sources.push(mixture ? "newMixture" : "newDense");
  if (!known(measured.gpus, gpu.id)) sources.push("newGpu", "otherEngine");
  const era = engineEra(engineVersion);
  if (engine !== "vllm" || era !== "current") sources.push("otherEngine");
  if (era === "first") sources.push("firstEngine");
  if (protocol !== "closed_loop") sources.push(protocol);
  return sources;
}
