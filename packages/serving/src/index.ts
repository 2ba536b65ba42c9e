export { checkEngineArguments } from "./check-engine-arguments";
export { drainWindows, type DrainWindows } from "./drain-windows";
export { flagTable, knownEngineVersions, type Flag } from "./flag-table";
export { compileVllm, oneToken, type CompiledEngine, type VllmSettings, type VllmSpec } from "./vllm";
