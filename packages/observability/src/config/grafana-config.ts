import type { HostFile } from "@holdfast/core";
import { monitoringSecrets, places, scrapeUser } from "../hosts/places";
import { monitoringPorts } from "../network-needs";
import type { ObservabilitySpec } from "../observability-spec";
import { yamlText } from "../yaml-text";

export const grafanaPaths = {
  ini: "/etc/grafana/grafana.ini",
  provisioning: "/etc/grafana/provisioning",
  dashboards: "/etc/grafana/dashboards",
} as const;

const own = `${places.runtime}/grafana`;
const fromFile = (name: string) => `$__file{${own}/${name}}`;

/** The one data source; dashboards refer to it through their variable. */
export const dataSourceUid = "prometheus";

export function grafanaFiles(spec: ObservabilitySpec): HostFile[] {
  return [
    { path: grafanaPaths.ini, content: ini(spec), reader: "text" },
    {
      path: `${grafanaPaths.provisioning}/datasources/holdfast.yml`,
      content: dataSources,
      reader: "grafana-provisioning",
    },
    {
      path: `${grafanaPaths.provisioning}/dashboards/holdfast.yml`,
      content: dashboardProvider,
      reader: "grafana-provisioning",
    },
  ];
}

/** Login is a must, sign-up is off, TLS is on, nothing calls home. Alerts are Prometheus' business, so Grafana's own are off. */
function ini({ grafanaUrl = "https://localhost:3000", environment }: ObservabilitySpec): string {
  const sections: Record<string, Record<string, string | number | boolean>> = {
    "": { app_mode: "production", instance_name: `holdfast-${environment}` },
    paths: {
      data: `${places.data}/grafana`,
      logs: `${places.data}/grafana/log`,
      provisioning: grafanaPaths.provisioning,
    },
    server: {
      protocol: "https",
      http_port: monitoringPorts.grafana,
      root_url: grafanaUrl,
      cert_file: `${own}/${monitoringSecrets.certificate}`,
      cert_key: `${own}/${monitoringSecrets.certificate}`,
      min_tls_version: "TLS1.3",
    },
    security: {
      admin_user: "admin",
      admin_password: fromFile(monitoringSecrets.grafanaPassword),
      secret_key: `$__file{${places.data}/grafana/secret-key}`,
      cookie_secure: true,
      cookie_samesite: "strict",
      strict_transport_security: true,
      content_security_policy: true,
      disable_gravatar: true,
      allow_embedding: false,
      disable_brute_force_login_protection: false,
    },
    users: { allow_sign_up: false, allow_org_create: false, viewers_can_edit: false },
    auth: {
      disable_login_form: false,
      login_maximum_inactive_lifetime_duration: "12h",
      login_maximum_lifetime_duration: "24h",
    },
    "auth.anonymous": { enabled: false },
    public_dashboards: { enabled: false },
    snapshots: { enabled: false, external_enabled: false },
    analytics: { enabled: false, reporting_enabled: false, check_for_updates: false, check_for_plugin_updates: false },
    news: { news_feed_enabled: false },
    plugins: { plugin_admin_enabled: false, preinstall_disabled: true },
    unified_alerting: { enabled: false },
    log: { mode: "console", level: "info" },
  };
  return `${Object.entries(sections)
    .map(([section, values]) => {
      const lines = Object.entries(values).map(([key, value]) => `${key} = ${String(value)}`);
      return (section === "" ? lines : [`[${section}]`, ...lines]).join("\n");
    })
    .join("\n\n")}\n`;
}

const access = {
  access: "proxy",
  editable: false,
  basicAuth: true,
  basicAuthUser: scrapeUser,
  secureJsonData: {
    tlsCACert: fromFile(monitoringSecrets.ca),
    basicAuthPassword: fromFile(monitoringSecrets.scrapePassword),
  },
};

const dataSources = yamlText({
  apiVersion: 1,
  prune: true,
  datasources: [
    {
      name: "Prometheus",
      uid: dataSourceUid,
      type: "prometheus",
      url: `https://localhost:${monitoringPorts.prometheus}`,
      isDefault: true,
      ...access,
      jsonData: { tlsAuthWithCACert: true, httpMethod: "POST", timeInterval: "15s", prometheusType: "Prometheus" },
    },
    {
      name: "Alertmanager",
      uid: "alertmanager",
      type: "alertmanager",
      url: `https://localhost:${monitoringPorts.alertmanager}`,
      ...access,
      jsonData: { tlsAuthWithCACert: true, implementation: "prometheus", handleGrafanaManagedAlerts: false },
    },
  ],
});

const dashboardProvider = yamlText({
  apiVersion: 1,
  providers: [
    {
      name: "holdfast",
      folder: "Holdfast",
      type: "file",
      disableDeletion: true,
      allowUiUpdates: false,
      updateIntervalSeconds: 60,
      options: { path: grafanaPaths.dashboards },
    },
  ],
});
