import { parseEnvironment } from "@holdfast/environment";
import { planProgram, ProgramError, type PlanDiagnostic } from "@holdfast/testing";
import { BadInput } from "../exit-code";
import type { PlannedGraph } from "./build-plan";
import { findStack, shownFile, type FoundStack } from "./find-stack";

/** The key whose value is the environment document. */
const documentKey = "holdfast:environment";

export interface PlannedEnvironment extends PlannedGraph {
  readonly diagnostics: readonly PlanDiagnostic[];
}

/** Reads an environment's configuration, checks its document, and runs its program offline. */
export async function planEnvironment(folder: string, environment: string): Promise<PlannedEnvironment> {
  const start = performance.now();
  const stack = findStack(folder, environment);
  checkDocument(stack);
  const read = performance.now();
  const plan = await runProgram(stack);
  return {
    graph: plan.graph,
    environment,
    project: stack.project,
    region: stack.config["aws:region"] ?? "us-east-1",
    timingsMs: { read: Math.round(read - start), program: Math.round(performance.now() - read) },
    diagnostics: plan.diagnostics,
    file: shownFile(stack),
  };
}

/** Refuses an environment document with problems, all of them at once. */
export function checkDocument(stack: FoundStack): void {
  const text = stack.config[documentKey];
  // Another program's configuration, or one that only Pulumi can decrypt: its program will say what it needs.
  if (text === undefined || stack.secretKeys.includes(documentKey)) return;
  const parsed = parseEnvironment(plainValue(text));
  if (!parsed.ok) {
    const count = parsed.problems.length;
    throw new BadInput(
      `${shownFile(stack)}: ${count} problem${count === 1 ? "" : "s"} in ${documentKey}`,
      parsed.problems,
    );
  }
}

/** Configuration travels as text: objects as JSON, everything else as it stands. */
function plainValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Runs a stack's program under the offline engine. */
export async function runProgram({ main, project, stack, config, secretKeys, rootDirectory }: FoundStack) {
  try {
    return await planProgram({ main, project, stack, config, secretKeys, workDir: rootDirectory, rootDirectory });
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    throw new BadInput(
      `the program of ${project} does not run for ${stack}`,
      error.problems.map((reason) => ({ path: "", reason })),
    );
  }
}
