export { flagTable, knownEngineVersions, type Flag } from "@holdfast/catalog";
