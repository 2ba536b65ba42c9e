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
export { readEvents, type EngineEvents, type PolicyViolation, type ResourceStep } from "./rehearsal/engine-events";
export type { EngineProgress } from "./rehearsal/follow-events";
export { cloudAccount, type CloudAccount, type MadeUp } from "./rehearsal/cloud-account";
export { emptyCloud, type EmptiedCloud } from "./rehearsal/moto/empty-cloud";
export { EvidenceLog, type Evidence } from "./rehearsal/evidence";
export { findMotoServer, MotoServer } from "./rehearsal/moto/moto-server";
export { type Fault } from "./rehearsal/faults";
export { BuildFailed, builtPulumi, findGo, pulumiVersion, type BuildProgress } from "./rehearsal/build-pulumi";
export { findPulumi, NoPulumi, obtainPulumi, type PulumiCli } from "./rehearsal/find-pulumi";
export { PretendCloud, type CloudResource } from "./rehearsal/pretend-cloud";
export { harmlessProviders, type OfficialPlugin } from "./rehearsal/official-plugins";
export type { SecretValue } from "./rehearsal/secret-markers";
export { RehearsalHome, standInPackages, type RehearsalHomeOptions } from "./rehearsal/rehearsal-home";
export {
  createStack,
  expectDone,
  exportState,
  runPulumi,
  stopPulumi,
  type PulumiRun,
  type RunOptions,
  type StackState,
  type StateResource,
} from "./rehearsal/run-pulumi";
export { findTerraformAws, type ProviderBinary } from "./rehearsal/terraform/find-provider";
