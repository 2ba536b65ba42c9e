export { compileObservability } from "./compile-observability";
export { monitoringPorts, observabilityNetworkNeeds, type ObservabilityNetworkOptions } from "./network-needs";
export type {
  EmailNotification,
  Notification,
  ObservabilitySpec,
  ObservedFleet,
  ObservedGateway,
  Severity,
  SlackNotification,
  SnsNotification,
  WebhookNotification,
} from "./observability-spec";
