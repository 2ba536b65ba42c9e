export { hashFiles } from "./hash-files";
export {
  checksumsText,
  createManifest,
  manifestBytes,
  manifestDigest,
  modelManifestSchema,
  modelPrefix,
  parseManifest,
  serializeManifest,
  verifyManifest,
  type ModelDescription,
  type ModelFile,
  type ModelManifest,
} from "./model-manifest";
export { modelPaths, modelSyncFiles, type ModelSyncOptions } from "./model-sync";
export { quantisationDockerCommand, type DockerPlaces } from "./quantisation/quantisation-docker";
export { imageProblem, quantisationImage } from "./quantisation/quantisation-image";
export {
  defaultQuantisations,
  quantisationJob,
  quantisationOutlook,
  tryOut,
  type QuantisationJob,
  type QuantisationOutcome,
  type QuantisationOutlook,
  type QuantisationPlaces,
  type QuantisationRequest,
  type QuantisationResult,
  type QuantisationStep,
} from "./quantisation/quantisation-job";
export {
  quantisationKubernetes,
  type KubernetesObject,
  type QuantisationKubernetesOptions,
} from "./quantisation/quantisation-kubernetes";
export { quantisationNeeds, type QuantisationNeeds } from "./quantisation/quantisation-needs";
export { quantisationScript } from "./quantisation/quantisation-script";
export { quantisationFormats } from "./quantisation/quantisation-source";
export type { VaultLock } from "./model-backup";
export { ModelStore, readStatements, type ModelStoreArgs } from "./model-store";
