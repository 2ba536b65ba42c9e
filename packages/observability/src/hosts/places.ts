/** Where the monitoring lies on a host. */
export const places = {
  scripts: "/usr/local/lib/holdfast/monitoring",
  /** What `prepare` makes of the secrets when a service starts: memory only, one folder per service. */
  runtime: "/run/holdfast-monitoring",
  /** Where hosts put the secrets they fetched. */
  secrets: "/run/holdfast/secrets",
  /** Mount of the data volume. */
  data: "/srv/observability",
  /** The node exporter reads metrics from files here. */
  textfiles: "/var/lib/holdfast/metrics",
  units: "/etc/systemd/system",
} as const;

/** Names of the secrets, as files under `places.secrets`. */
export const monitoringSecrets = {
  /** CA that signed the certificates below, PEM. */
  ca: "monitoring-ca",
  /** Certificate chain and key of the monitoring host, PEM in one file, for its own names and `localhost`. */
  certificate: "monitoring-certificate",
  /** Certificate chain and key that all exporters show, PEM in one file, for `exporterName`. */
  exporterCertificate: "exporter-certificate",
  /** The scraper's password. */
  scrapePassword: "scrape-password",
  /** Its bcrypt hash: all that the hosts being scraped ever hold. */
  scrapePasswordHash: "scrape-password-hash",
  /** First password of Grafana's administrator. */
  grafanaPassword: "grafana-admin-password",
} as const;

/** The name in the exporters' certificate. Exporters are reached by address, so the name is fixed and the scraper insists on it. */
export const exporterName = "exporter.holdfast.internal";
/** The user of Prometheus, Alertmanager and the exporters. */
export const scrapeUser = "holdfast";

/** The services' accounts. Fixed numbers: files on the data volume outlive the host that made them, and containers know no names. */
export const accounts = {
  prometheus: 9201,
  alertmanager: 9202,
  grafana: 9203,
  "blackbox-exporter": 9204,
  "node-exporter": 9205,
  "dcgm-exporter": 0,
} as const;
export type MonitoringProgram = keyof typeof accounts;
