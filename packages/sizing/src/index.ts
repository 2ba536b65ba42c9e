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
export { closedLoop, meanTimes, tokenTime, type MeanTimes, type RequestLengths } from "./closed-loop";
export { timesUnderLoad, type LoadTimes } from "./operating-point";
export { countParameters, type ParameterCount } from "./parameters";
export { formatFor, formatOf } from "./weight-format";
export { sizeFleet } from "./size-fleet";
export {
  predictConfiguration,
  type Configuration,
  type ConfigurationOutcome,
  type ConfigurationPrediction,
} from "./predict-configuration";
export { decodeFloor, decodeStep, machine, prefill, promptFloor, type Machine, type Placement } from "./step-time";
export { recipes, weightSize, type WeightSize } from "./weights";
export { paretoTable, type ParetoOutcome, type ParetoPoint } from "./pareto";
