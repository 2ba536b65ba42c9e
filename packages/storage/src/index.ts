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
export type { VaultLock } from "./model-backup";
export { ModelStore, readStatements, type ModelStoreArgs } from "./model-store";
