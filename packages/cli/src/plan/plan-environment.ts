import { relative } from "node:path";
import { parseEnvironment } from "@holdfast/environment";
import { planProgram, ProgramError, type PlanDiagnostic } from "@holdfast/testing";
import { BadInput } from "../exit-code";
import type { PlannedGraph } from "./build-plan";
import { readProject, readStackFile, type ProjectFile, type StackFile } from "./stack-file";

/** The key whose value is the environment document. */
const documentKey = "holdfast:environment";

export interface PlannedEnvironment extends PlannedGraph {
  readonly diagnostics: readonly PlanDiagnostic[];
}

/** Reads an environment's configuration, checks its document, and runs its program offline. */
export async function planEnvironment(folder: string, environment: string): Promise<PlannedEnvironment> {
  const start = performance.now();
  const project = readProject(folder);
  const stack = readStackFile(project, environment);
  checkDocument(stack);
  const read = performance.now();
  const plan = await runProgram(project, environment, stack);
  return {
    graph: plan.graph,
    environment,
    project: project.name,
    region: stack.config["aws:region"] ?? "us-east-1",
    timingsMs: { read: Math.round(read - start), program: Math.round(performance.now() - read) },
    diagnostics: plan.diagnostics,
    file: relative(project.folder, stack.path),
  };
}

function checkDocument(stack: StackFile): void {
  if (stack.secretKeys.includes(documentKey)) return;
  const document = stack.values[documentKey];
  if (document === undefined) return;
  const parsed = parseEnvironment(document);
  if (!parsed.ok) {
    const count = parsed.problems.length;
    throw new BadInput(`${stack.path}: ${count} problem${count === 1 ? "" : "s"} in ${documentKey}`, parsed.problems);
  }
}

async function runProgram(project: ProjectFile, environment: string, { config, secretKeys }: StackFile) {
  try {
    return await planProgram({
      main: project.main,
      project: project.name,
      stack: environment,
      config,
      secretKeys,
      workDir: project.folder,
    });
  } catch (error) {
    if (error instanceof ProgramError)
      throw new BadInput(
        `the program of ${project.name} does not run for ${environment}`,
        error.problems.map((reason) => ({ path: "", reason })),
      );
    throw error;
  }
}
