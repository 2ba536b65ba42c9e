import type { HostFile } from "@holdfast/core";
import { grafanaPaths } from "../config/grafana-config";
import type { ObservabilitySpec } from "../observability-spec";
import { dashboard, type DashboardSpec } from "./dashboard";
import { engineDashboards } from "./engine-dashboards";
import { platformDashboards } from "./platform-dashboards";
import { serviceDashboards } from "./service-dashboards";

/** Every dashboard of an environment. */
export function dashboardSpecs(spec: ObservabilitySpec): DashboardSpec[] {
  return [...serviceDashboards(spec), ...engineDashboards(spec), ...platformDashboards()];
}

export function dashboardFiles(spec: ObservabilitySpec): HostFile[] {
  return dashboardSpecs(spec).map((one) => ({
    path: `${grafanaPaths.dashboards}/${one.uid}.json`,
    content: `${JSON.stringify(dashboard(one), null, 1)}\n`,
    reader: "grafana-dashboard",
  }));
}
