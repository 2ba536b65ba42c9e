import type { HostFile } from "@holdfast/core";
import type { ObservabilitySpec } from "../observability-spec";
import { absenceAlerts } from "./absence-alerts";
import { engineAlerts } from "./engine-alerts";
import { monitoringAlerts } from "./monitoring-alerts";
import { platformAlerts } from "./platform-alerts";
import { recordingGroups } from "./recordings";
import { dashboardUids, type Alert, type AlertComponent, type Recording, type RuleGroup } from "./rule";
import { yamlText } from "../yaml-text";
import { serviceAlerts } from "./service-alerts";

/** Every rule of an environment. */
export interface Rules {
  readonly recordings: readonly RuleGroup<Recording>[];
  readonly alerts: readonly RuleGroup<Alert>[];
}

export function compileRules(spec: ObservabilitySpec): Rules {
  const recordings = recordingGroups(spec);
  const values: RuleGroup<Alert>[] = [
    { name: "holdfast-service-alerts", rules: serviceAlerts(spec) },
    { name: "holdfast-engine-alerts", rules: engineAlerts(spec) },
    { name: "holdfast-platform-alerts", rules: platformAlerts(spec) },
    { name: "holdfast-monitoring-alerts", rules: monitoringAlerts() },
  ];
  const absent = absenceAlerts(
    spec,
    values.flatMap((group) => group.rules),
    recordings,
  );
  return { recordings, alerts: [...values, { name: "holdfast-absence-alerts", rules: absent }] };
}

export const rulePaths = {
  recordings: "/etc/prometheus/rules/recordings.yml",
  alerts: "/etc/prometheus/rules/alerts.yml",
} as const;

export function ruleFiles(spec: ObservabilitySpec, rules: Rules): HostFile[] {
  const recordings = rules.recordings.map(({ name, rules: list }) => ({ name, interval: "30s", rules: list }));
  const alerts = rules.alerts.map(({ name, rules: list }) => ({
    name,
    interval: "30s",
    rules: list.map((alert) => alertRule(alert, spec)),
  }));
  return [
    { path: rulePaths.recordings, content: yamlText({ groups: recordings }), reader: "prometheus-rules" },
    { path: rulePaths.alerts, content: yamlText({ groups: alerts }), reader: "prometheus-rules" },
  ];
}

/** The dashboard to open first for an alert. */
const dashboardOf: Readonly<Record<AlertComponent, keyof typeof dashboardUids>> = {
  service: "model",
  engine: "engine",
  gateway: "gateway",
  gpu: "gpu",
  host: "hosts",
  cost: "cost",
  monitoring: "monitoring",
};

function alertRule(alert: Alert, spec: ObservabilitySpec): Record<string, unknown> {
  const { runbookBase = "docs/runbooks", grafanaUrl = "https://localhost:3000", owner = "platform" } = spec;
  return {
    alert: alert.alert,
    expr: alert.expr,
    ...(alert.for !== undefined && { for: alert.for }),
    labels: { severity: alert.severity, component: alert.component, owner, ...alert.labels },
    annotations: {
      summary: alert.summary,
      description: alert.description,
      runbook_url: `${runbookBase}/${alert.runbook}.md`,
      dashboard_url: `${grafanaUrl}/d/${dashboardUids[dashboardOf[alert.component]]}`,
    },
  };
}
