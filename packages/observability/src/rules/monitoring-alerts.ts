import type { Alert } from "./rule";

/** Alerts on the monitoring itself and on certificates: what cannot measure must say so. */
export function monitoringAlerts(): Alert[] {
  const base = { component: "monitoring", runbook: "monitoring" } as const;
  const days = (count: number) => count * 86_400;
  const certificate = { ...base, runbook: "certificates" } as const;
  return [
    {
      ...base,
      alert: "Watchdog",
      expr: "vector(1)",
      severity: "info",
      summary: "Alerting works",
      description: "Always fires. A dead man's switch that no longer hears it means that alerts get lost.",
    },
    {
      ...base,
      alert: "PrometheusRuleFailures",
      expr: "increase(prometheus_rule_evaluation_failures_total[5m]) > 0",
      for: "5m",
      severity: "critical",
      summary: "Rules fail to evaluate",
      description: "Alerts of group {{ $labels.rule_group }} may not fire.",
    },
    {
      ...base,
      alert: "PrometheusConfigRejected",
      expr: "prometheus_config_last_reload_successful == 0",
      for: "5m",
      severity: "critical",
      summary: "Prometheus refused its configuration",
      description: "It goes on with the previous one.",
    },
    {
      ...base,
      alert: "PrometheusStorageFaulty",
      expr: "increase(prometheus_tsdb_compactions_failed_total[3h]) > 0 or increase(prometheus_tsdb_wal_corruptions_total[3h]) > 0",
      severity: "warning",
      summary: "Prometheus cannot keep its data in order",
      description: "Compaction or the write-ahead log failed: usually a full or faulty volume.",
    },
    {
      ...base,
      alert: "PrometheusDiscoveryFailing",
      expr: "rate(prometheus_sd_dns_lookup_failures_total[5m]) > 0.5 * (rate(prometheus_sd_dns_lookups_total[5m]) > 0)",
      for: "15m",
      severity: "warning",
      summary: "Engines are not found: name look-ups fail",
      description: "More than half of the look-ups of the fleets' names fail.",
    },
    {
      ...base,
      alert: "AlertsNotDelivered",
      expr: "rate(alertmanager_notifications_failed_total[5m]) > 0",
      for: "5m",
      severity: "critical",
      summary: "Alerts cannot be sent by {{ $labels.integration }}",
      description: "People are not told. Look at Grafana for what is firing.",
    },
    {
      ...base,
      alert: "AlertmanagerUnreachable",
      expr: "prometheus_notifications_alertmanagers_discovered < 1 or rate(prometheus_notifications_dropped_total[5m]) > 0",
      for: "5m",
      severity: "critical",
      summary: "Prometheus cannot hand alerts to Alertmanager",
      description: "Alerts fire, but nobody is told.",
    },
    {
      ...certificate,
      alert: "CertificateExpiresSoon",
      expr: `probe_ssl_earliest_cert_expiry - time() < ${days(14)}`,
      for: "1h",
      severity: "warning",
      summary: "Certificate of {{ $labels.probe }} expires in {{ $value | humanizeDuration }}",
      description: "Put a new certificate into its secret and restart the service.",
    },
    {
      ...certificate,
      alert: "CertificateExpiresNow",
      expr: `probe_ssl_earliest_cert_expiry - time() < ${days(3)}`,
      for: "10m",
      severity: "critical",
      summary: "Certificate of {{ $labels.probe }} expires in {{ $value | humanizeDuration }}",
      description: "Afterwards nobody can connect.",
    },
    {
      ...base,
      alert: "ProbeFailed",
      expr: "probe_success == 0",
      for: "5m",
      severity: "critical",
      summary: "No TLS connection to {{ $labels.probe }}",
      description: "{{ $labels.instance }} does not complete a TLS handshake.",
    },
  ];
}
