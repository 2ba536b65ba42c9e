import { join } from "node:path";
import { exitCodes, type ExitCode } from "../exit-code";
import { buildPlan, type BuiltPlan } from "../plan/build-plan";
import { planEnvironment } from "../plan/plan-environment";
import { comparePlans, type ComparedPlan } from "../report/comparison";
import { readBaseline } from "../report/comparison-baseline";
import { comparisonSummary } from "../report/comparison-summary";
import { planSummary } from "../report/plan-summary";
import { planFiles, planNames } from "../report/plan-files";
import { planVerdict } from "../report/verdicts";
import type { Terminal } from "../terminal";
import { writeOutput } from "../write-output";

export interface PlanOptions {
  readonly out: string;
  readonly json?: boolean;
  /** An earlier plan.json of the same environment. */
  readonly baseline?: string;
  readonly cwd: string;
}

/** `holdfast plan <environment>`: plans, reports, and says by its exit code whether it may be deployed. */
export async function plan(environment: string, options: PlanOptions, terminal: Terminal): Promise<ExitCode> {
  // Read before the reports are written: it may be the last plan of this very folder.
  const baseline = options.baseline === undefined ? undefined : readBaseline(options.baseline, environment);
  terminal.progress(`planning ${environment} ...`);
  const planned = await planEnvironment(options.cwd, environment);
  terminal.progress("checking ...");
  const built = compared(buildPlan(planned), baseline, options.baseline);
  const { comparison } = built.document;
  const out = options.out === "out/<environment>" ? join(options.cwd, "out", environment) : options.out;
  terminal.progress("writing the reports ...");
  writeOutput(out, await planFiles(built), planNames);
  terminal.progress("");
  for (const { severity, message } of planned.diagnostics) {
    if (severity !== "info") terminal.err(`${terminal.colours.yellow(`${severity}:`)} ${message}\n`);
  }
  terminal.out(
    options.json === true
      ? `${JSON.stringify(built.document, null, 2)}\n`
      : planSummary(built.document, terminal.colours),
  );
  if (options.json !== true && comparison !== undefined)
    terminal.out(`\n${comparisonSummary(comparison, terminal.colours)}`);
  if (options.json !== true) terminal.out(`\nreport: ${join(out, "plan.html")}\n`);
  return planVerdict(built.document) ? exitCodes.clean : exitCodes.findings;
}

/** The plan with what it changes against an earlier one, where there is one. */
function compared(built: BuiltPlan, baseline: ComparedPlan | undefined, name = ""): BuiltPlan {
  if (baseline === undefined) return built;
  return { ...built, document: { ...built.document, comparison: comparePlans(baseline, built.document, name) } };
}
