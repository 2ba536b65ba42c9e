export { readStackConfig, StackConfigError, type StackConfig } from "./config/read-stack-config";
export { planProgram } from "./plan-program";
export {
  ProgramError,
  type Answers,
  type AnswerValues,
  type AskedResource,
  type Plan,
  type PlanDiagnostic,
  type PlannedInvoke,
  type PlanRequest,
  type ProgramFile,
  type ProgramFunction,
} from "./plan";
