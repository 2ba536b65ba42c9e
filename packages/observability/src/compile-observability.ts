import { inputProblems, type HostFile } from "@holdfast/core";
import { observabilityProblems, type ObservabilitySpec } from "./observability-spec";
import { compileRules, ruleFiles } from "./rules/rule-files";

/**
 * Everything a monitoring host needs on disk, derived from what the environment promises. Pure: the same spec gives the same bytes.
 * Throws `InputPropertiesError` with every problem of the spec.
 */
export function compileObservability(spec: ObservabilitySpec): HostFile[] {
  const problems = observabilityProblems(spec);
  if (problems.length > 0) throw inputProblems("compileObservability", problems);
  return [...ruleFiles(spec, compileRules(spec))];
}
