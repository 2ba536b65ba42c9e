import {
  engines,
  ggufLevels,
  gpus,
  instances,
  licences,
  models,
  modelUses,
  plannableInstances,
  regions,
  weightFormats,
} from "@holdfast/catalog";
import { publicTraces } from "@holdfast/sizing";
import type { Command } from "commander";

/** What stands for the value of an option while it is typed: `[value, what it is]`. */
const values: Readonly<Record<string, () => readonly (readonly [string, string])[]>> = {
  model: () => models.map(({ id, task }) => [id, task]),
  use: () => modelUses.map((use) => [use, ""]),
  format: () => weightFormats.map((format) => [format, ""]),
  gpu: () => [...new Set(gpus.map((gpu) => gpu.gpuClass))].map((gpuClass) => [gpuClass, ""]),
  instance: () => plannableInstances().map(({ type, gpus: count, gpu }) => [type, `${count} x ${gpu}`]),
  region: () => regions.map(({ id, name }) => [id, name]),
  traffic: () => publicTraces.map(({ name, what }) => [name, what]),
};

/** Kinds of the catalogue, with how many records each has. */
const kinds: readonly (readonly [string, string])[] = [
  ["models", `${models.length} models`],
  ["gpus", `${gpus.length} GPUs`],
  ["instances", `${instances.length} instance types`],
  ["engines", `${engines.length} engine versions`],
  ["licences", `${licences.length} licences`],
];

/** The commands that a shell's completion speaks to. */
export const completionCommands = ["completion", "complete"] as const;

/**
 * Adds `holdfast completion <shell>`, which prints the script, and the hidden `complete -- words`, which the script asks. Values of
 * models, GPUs, formats, regions and traces come from the catalogue.
 */
export async function addCompletion(program: Command): Promise<void> {
  const { default: tab } = await import("@bomb.sh/tab/commander");
  const { commands } = tab(program, { completionCommandName: completionCommands[0] });
  for (const [name, known] of Object.entries(values)) {
    const option = commands.get("size")?.options.get(name);
    if (option === undefined) continue;
    option.handler = (complete) => {
      for (const [value, what] of known()) complete(value, what);
    };
  }
  const levels = commands.get("quantise")?.options.get("format");
  if (levels !== undefined) {
    levels.handler = (complete) => {
      for (const { format, level, qualityLoss } of ggufLevels)
        complete(format, `${level}, quality loss ${qualityLoss}`);
    };
  }
  const kind = commands.get("catalog")?.arguments.get("kind");
  if (kind !== undefined) {
    kind.handler = (complete) => {
      for (const [value, what] of kinds) complete(value, what);
    };
  }
}
