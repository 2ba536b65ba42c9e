export { checkEngineArguments } from "./check-engine-arguments";
export { drainWindows, type DrainWindows } from "./drain-windows";
export { flagTable, knownEngineVersions, type Flag } from "./flag-table";
export { fleetHostFiles, fleetReadyCommand, type FleetHostSpec } from "./fleet-host-files";
export { fleetNetworkNeeds } from "./fleet-network-needs";
export { planFleet, type FleetPlace, type FleetPlan, type FleetPlanOutcome } from "./fleet-plan";
export { ModelFleet } from "./model-fleet";
export { modelFleetSchema, type EngineTls, type ModelFleetArgs, type ModelSource } from "./model-fleet-args";
export { compileVllm, oneToken, type CompiledEngine, type VllmSettings, type VllmSpec } from "./vllm";
