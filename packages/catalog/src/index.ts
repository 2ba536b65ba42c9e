export {
  compareVersions,
  engines,
  findEngine,
  findGpu,
  findInstance,
  findModel,
  findRegion,
  gpus,
  gpusOfClass,
  instances,
  models,
  regions,
} from "./catalogue";
export type { EngineRecord } from "./engine";
export { capability, usableGiB, type GpuRecord, type TensorRates } from "./gpu";
export type { InstanceRecord } from "./instance";
export { licences, type LicenceRecord } from "./licence";
export {
  weightFormats,
  type ExpertShape,
  type LatentShape,
  type ModelArchitecture,
  type ModelRecord,
  type PublishedWeights,
  type WeightFormat,
} from "./model";
export {
  hoursPerMonth,
  instancePrice,
  servicePrice,
  servicePriceIds,
  zonesOffering,
  type InstancePriceList,
  type Price,
  type ServicePriceId,
  type ServicePriceRecord,
} from "./price";
export { daysBetween, isStale, priceExpiryDays, type Sourced } from "./record";
export type { RegionRecord } from "./region";
export { readOllamaTag, type OllamaTag } from "./ollama-tag";
export {
  awqPreset,
  formatQualities,
  ggufLevels,
  gptqBits,
  gptqGroupSizes,
  gptqPresets,
  gptqProblem,
  refusedMethods,
  type FormatQuality,
  type GgufLevel,
  type GptqPreset,
} from "./quantisation";
export { readModelConfig, type ConfigReading } from "./read-config";
