import { modelUses, type ModelUse } from "@holdfast/catalog";
import { shortlistModels } from "@holdfast/sizing";
import { BadInput } from "../exit-code";
import type { SizeOptions } from "./size-options";

/** Which model was taken for a use, why, and what else would do. */
export interface ModelChoice {
  readonly use: ModelUse;
  readonly model: string;
  readonly format?: string;
  readonly why: readonly string[];
  readonly conditions: readonly string[];
  readonly also: readonly string[];
}

/** Models beside the chosen one that are named. */
const named = 4;

/** The model for a use by the evidence in the catalogue, within the stated memory, licence terms and data class. */
export function modelFor(use: string, options: SizeOptions): ModelChoice {
  const wanted = modelUses.find((one) => one === use);
  if (wanted === undefined) throw new BadInput(`unknown use "${use}"; known: ${modelUses.join(", ")}`);
  const { memory, languages, commercial, dataClass, quality, context } = options;
  const { chosen, others } = shortlistModels({
    use: wanted,
    ...(memory === undefined ? {} : { memoryGb: memory }),
    ...(languages === undefined ? {} : { languages }),
    ...(commercial === undefined ? {} : { commercial }),
    ...(dataClass === undefined ? {} : { dataClass }),
    ...(quality === undefined ? {} : { quality }),
    ...(context === undefined ? {} : { contextTokens: context }),
  });
  const [first, ...rest] = chosen;
  if (first === undefined)
    throw new BadInput(
      `no model in the catalogue is for ${use} under these conditions`,
      others
        .filter(({ reason }) => !reason.startsWith("no evidence for"))
        .slice(0, 5)
        .map(({ model, reason }) => ({ path: model.id, reason })),
    );
  return {
    use: wanted,
    model: first.model.id,
    ...(memory === undefined ? {} : { format: first.format }),
    why: first.why,
    conditions: first.conditions,
    also: rest.slice(0, named).map(({ model }) => model.id),
  };
}
