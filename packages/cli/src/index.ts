export { run } from "./main";
export { buildPlan, type BuiltPlan, type PlannedGraph } from "./plan/build-plan";
export { planEnvironment, type PlannedEnvironment } from "./plan/plan-environment";
export { planJsonSchema } from "./plan/plan-json-schema";
export { planSchema, type PlanDocument } from "./plan/plan-schema";
export type { Comparison } from "./report/comparison";
export { planFiles } from "./report/plan-files";
export { makeTerminal, type Terminal } from "./terminal";
