import { inputProblems, type HostFile } from "@holdfast/core";
import { alertmanagerConfig } from "./config/alertmanager-config";
import { grafanaFiles } from "./config/grafana-config";
import { blackboxConfig, prometheusConfig } from "./config/prometheus-config";
import { dashboardFiles } from "./dashboards/dashboard-files";
import { hostExporterFiles } from "./hosts/host-exporters";
import { monitoringHostFiles } from "./hosts/monitoring-host";
import { observabilityProblems, type ObservabilitySpec } from "./observability-spec";
import { compileRules, ruleFiles } from "./rules/rule-files";

/**
 * Everything a monitoring host needs on disk, derived from what the environment promises: scrape configuration, rules, alert routing,
 * probes, dashboards, units. Pure: the same spec gives the same bytes. Throws `InputPropertiesError` with every problem of the spec.
 */
export function compileObservability(spec: ObservabilitySpec): HostFile[] {
  const problems = observabilityProblems(spec);
  if (problems.length > 0) throw inputProblems("compileObservability", problems);
  return [
    prometheusConfig(spec),
    ...ruleFiles(spec, compileRules(spec)),
    alertmanagerConfig(spec),
    blackboxConfig(spec),
    ...grafanaFiles(spec),
    ...dashboardFiles(spec),
    ...monitoringHostFiles(spec),
    ...hostExporterFiles("cpu", spec.programs),
  ];
}
