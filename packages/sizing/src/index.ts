export { dividesHeads } from "./candidate";
export { engineOverhead, memoryBudget, type EngineLoad, type MemoryBudget, type Overhead } from "./engine-budget";
export type {
  Alternative,
  EngineSettings,
  FleetNeed,
  FleetSizing,
  FleetWorkload,
  Prediction,
  SizingOutcome,
} from "./fleet";
export {
  cacheReadBytes,
  kvBytesPerElement,
  kvBytesPerToken,
  pageTokens,
  sequenceBytes,
  type KvFormat,
} from "./kv-cache";
export { meanTimes, timesUnderLoad, type LoadTimes, type MeanTimes, type RequestLengths } from "./operating-point";
export { countParameters, type ParameterCount } from "./parameters";
export { formatOf, sizeFleet } from "./size-fleet";
export { decodeFloor, decodeStep, machine, prefill, type Machine } from "./step-time";
export { recipes, weightSize, type WeightSize } from "./weights";
