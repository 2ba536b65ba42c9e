export { HoldfastComponent, inputProblems, parseArgs } from "./component";
export { durationSeconds, isDuration, type Duration } from "./duration";
export { plainFleet, sharedCaName, sharedCaProblems, type FleetEndpoint, type PlainFleet } from "./fleet-endpoint";
export type { Flow, NetworkNeeds } from "./flow";
export { artefactReaders, type ArtefactReader, type HostFile } from "./host-file";
export { check, formatPath, nearest, show, type Checked, type Problem } from "./problems";
export {
  dataClasses,
  engineKinds,
  mayHandle,
  modelTasks,
  segments,
  substrates,
  type DataClass,
  type EngineKind,
  type ModelTask,
  type Segment,
  type Substrate,
} from "./vocabulary";
