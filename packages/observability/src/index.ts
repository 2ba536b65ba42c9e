export { compileObservability } from "./compile-observability";
export {
  engineMetrics,
  metricCatalogue,
  type EngineVersion,
  type Metric,
  type MetricType,
} from "./catalogue/metric-catalogue";
export {
  hostExporterFiles,
  hostExporterImages,
  hostExporterSecrets,
  hostExporterServices,
  type ExporterCredentials,
  type HostKind,
} from "./hosts/host-exporters";
export { programPaths, type ProgramSource } from "./hosts/service-unit";
export {
  MonitoringCredentials,
  type MonitoringCredentialsArgs,
  type MonitoringSecretArns,
} from "./monitoring-credentials";
export { monitoringPorts, observabilityNetworkNeeds, type ObservabilityNetworkOptions } from "./network-needs";
export { Observability } from "./observability";
export type { ObservabilityArgs } from "./observability-args";
export {
  observabilityProblems,
  type EmailNotification,
  type Notification,
  type ObservabilitySpec,
  type ObservedFleet,
  type ObservedGateway,
  type Severity,
  type SlackNotification,
  type SnsNotification,
  type WebhookNotification,
} from "./observability-spec";
export { sourceNames } from "./catalogue/source-names";
export { storageSize, type StorageSize } from "./storage-size";
