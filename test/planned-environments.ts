import { buildPlan, planEnvironment, type BuiltPlan } from "@holdfast/cli";
import { root } from "./project-copy";

/** The committed environments. */
export const environments = ["dev", "prod"] as const;

const plans = new Map<string, Promise<BuiltPlan>>();

/** The plan of a committed environment, made once per test file from this repository's own program. */
export function plannedEnvironment(environment: string): Promise<BuiltPlan> {
  const plan = plans.get(environment) ?? planEnvironment(root, environment).then(buildPlan);
  plans.set(environment, plan);
  return plan;
}
