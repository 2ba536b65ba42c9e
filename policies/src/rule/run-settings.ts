import { readFileSync } from "node:fs";
import { check, type Problem } from "@holdfast/core";
import { z } from "zod";
import type { ExposureOptions } from "../exposure";
import { parseWaivers, waiverSchema, type Waiver } from "../waivers/waiver";
import { PolicyConfigError } from "./policy-config";

/** What the entry `holdfast` of a policy configuration may hold: settings of a run, not of a rule. */
export const runSettingsSchema = z.strictObject({
  /** Accepted violations, as in a waiver file. */
  waivers: z.array(waiverSchema).default([]),
  /** A JSON file of waivers; in the pack a relative path is relative to the pack's folder, elsewhere to the working one. */
  waiversFile: z.string().optional(),
  /** Client networks that the exposure proof knows besides those of the program. Without a word of it, private addresses are the owner's. */
  clients: z.array(z.strictObject({ name: z.string(), cidr: z.string() })).optional(),
  /** Endpoints that are public on purpose. */
  approvedEdges: z.array(z.strictObject({ endpoint: z.string(), reason: z.string() })).default([]),
});

export interface RunSettings {
  readonly waivers: readonly Waiver[];
  readonly exposure: ExposureOptions;
}

/** What is wrong with the entry `holdfast`, each with its path. */
export function runSettingsProblems(entry: unknown): Problem[] {
  const checked = check(runSettingsSchema, entry ?? {});
  return checked.ok ? [] : checked.problems.map(({ path, reason }) => ({ path: `holdfast.${path}`, reason }));
}

/** Reads the entry `holdfast`; `rules` are the ids that a waiver may name. */
export function readRunSettings(entry: unknown, rules: readonly string[]): RunSettings {
  const problems = runSettingsProblems(entry);
  if (problems.length > 0) throw new PolicyConfigError(problems);
  const { waivers, waiversFile, clients, approvedEdges } = runSettingsSchema.parse(entry ?? {});
  const fromFile =
    waiversFile === undefined ? [] : parseWaivers(JSON.parse(readFileSync(waiversFile, "utf8")), waiversFile, rules);
  return {
    waivers: [...parseWaivers({ waivers }, "the policy configuration", rules), ...fromFile],
    exposure: { approved: approvedEdges, ...(clients === undefined ? {} : { clients }) },
  };
}
