import { durationSeconds, type HostFile } from "@holdfast/core";
import { alertmanagerPath, notificationSecrets } from "../config/alertmanager-config";
import { grafanaPaths } from "../config/grafana-config";
import {
  blackboxPath,
  engineCaSecret,
  engineKeySecret,
  metricsNeedKey,
  prometheusPath,
} from "../config/prometheus-config";
import { monitoringPorts } from "../network-needs";
import type { ObservabilitySpec } from "../observability-spec";
import { storageSize } from "../storage-size";
import { unitFile } from "./host-exporters";
import { monitoringSecrets, places } from "./places";
import { unitName, type ServiceSpec } from "./service-unit";

/** Units of the monitoring host, in the order in which they start. */
export const monitoringServices: readonly string[] = [
  unitName("prometheus"),
  unitName("alertmanager"),
  unitName("blackbox-exporter"),
  unitName("grafana"),
];

/** Units and scripts of the monitoring host. */
export function monitoringHostFiles(spec: ObservabilitySpec): HostFile[] {
  const programs = spec.programs ?? { kind: "image" };
  return [
    ...[prometheus(spec), alertmanager(spec), blackbox(spec), grafana].map((service) => unitFile(service, programs)),
    { path: scripts.alertmanager, content: alertmanagerScript, reader: "shell", mode: "0755" },
    { path: scripts.grafana, content: grafanaScript, reader: "shell", mode: "0755" },
  ];
}

const scripts = {
  alertmanager: `${places.scripts}/alertmanager-config`,
  grafana: `${places.scripts}/grafana-key`,
} as const;

const { ca, certificate, scrapePassword, scrapePasswordHash, grafanaPassword } = monitoringSecrets;

function prometheus(spec: ObservabilitySpec): ServiceSpec {
  const { prometheusGiB } = storageSize(spec);
  const keys = [...spec.fleets.filter(metricsNeedKey).map(engineKeySecret), ...engineCas(spec)];
  return {
    program: "prometheus",
    description: "Prometheus",
    secrets: [ca, certificate, scrapePassword, scrapePasswordHash, ...keys],
    args: [
      `--config.file=${prometheusPath}`,
      `--storage.tsdb.path=${places.data}/prometheus`,
      `--storage.tsdb.retention.time=${Math.ceil(durationSeconds(spec.retention) / 86_400)}d`,
      `--storage.tsdb.retention.size=${prometheusGiB}GB`,
      `--web.listen-address=:${monitoringPorts.prometheus}`,
      `--web.config.file=${places.runtime}/prometheus/web.yml`,
      "--web.external-url=https://localhost:9090/",
      "--log.format=json",
    ],
    reads: ["/etc/prometheus"],
    writes: [`${places.data}/prometheus`],
    service: [
      // Replaying the write-ahead log after a crash takes minutes on a large one.
      "TimeoutStartSec=0",
      "TimeoutStopSec=120",
      "LimitNOFILE=65536",
      "ExecReload=/bin/kill -HUP $MAINPID",
    ],
  };
}

function alertmanager(spec: ObservabilitySpec): ServiceSpec {
  return {
    program: "alertmanager",
    description: "Alertmanager",
    secrets: [certificate, scrapePasswordHash, ...notificationSecrets(spec).map(({ name }) => name)],
    before: [scripts.alertmanager],
    args: [
      `--config.file=${places.runtime}/alertmanager/alertmanager.yml`,
      `--storage.path=${places.data}/alertmanager`,
      `--web.listen-address=:${monitoringPorts.alertmanager}`,
      `--web.config.file=${places.runtime}/alertmanager/web.yml`,
      "--web.external-url=https://localhost:9093/",
      // One host, so no cluster: without this it listens for peers on all addresses.
      "--cluster.listen-address=",
      "--log.format=json",
    ],
    reads: [],
    writes: [`${places.data}/alertmanager`],
    service: ["EnvironmentFile=-/run/holdfast/parameters.env"],
  };
}

function engineCas({ fleets }: ObservabilitySpec): string[] {
  return [...new Set(fleets.filter(({ tls }) => tls).map(engineCaSecret))];
}

function blackbox(spec: ObservabilitySpec): ServiceSpec {
  return {
    program: "blackbox-exporter",
    description: "TLS probes",
    secrets: [ca, ...engineCas(spec)],
    args: [
      `--config.file=${blackboxPath}`,
      // Prometheus runs on the same host; nobody else has business here.
      `--web.listen-address=127.0.0.1:${monitoringPorts.blackbox}`,
    ],
    reads: ["/etc/prometheus"],
  };
}

const grafana: ServiceSpec = {
  program: "grafana",
  description: "Grafana",
  secrets: [ca, certificate, scrapePassword, grafanaPassword],
  before: [scripts.grafana],
  args: ["server", "--homepath=/usr/share/grafana", `--config=${grafanaPaths.ini}`],
  reads: ["/etc/grafana"],
  writes: [`${places.data}/grafana`],
  containerOptions: ["--tmpfs /tmp"],
};

/** Grafana encrypts what it stores with a key that is the same everywhere unless one is set. */
const grafanaScript = `#!/bin/bash
# Makes Grafana's own key, once for the life of the data volume.
set -euo pipefail
root=\${HOLDFAST_ROOT:-}
key=$root${places.data}/grafana/secret-key
[[ -s $key ]] && exit 0
umask 077
head -c 32 /dev/urandom | base64 -w 0 >"$key.new"
chown --reference="$root${places.data}/grafana" "$key.new"
chmod 0400 "$key.new"
mv -f "$key.new" "$key"
`;

/**
 * Puts into Alertmanager's configuration what only the host knows: addresses that are secrets, and the account that the mail topic is
 * in. The configuration as shipped is complete and valid without them.
 */
const alertmanagerScript = `#!/bin/bash
# Completes Alertmanager's configuration in memory.
set -euo pipefail
umask 077
root=\${HOLDFAST_ROOT:-}
folder=$root${places.runtime}/alertmanager
text=$(<"$root${alertmanagerPath}")
shopt -s nullglob
for file in "$folder"/notify-*-url; do
  name=\${file##*/}
  url=$(<"$file")
  [[ $url =~ ^https?://[^[:space:]\\"\\\\]+$ ]] || { echo "alertmanager-config: the secret $name is not an address" >&2; exit 1; }
  text=\${text//"http://$name.secret.invalid/"/"$url"}
done
if [[ $text == *:000000000000:* ]]; then
  [[ \${ALERT_ACCOUNT:-} =~ ^[0-9]{12}$ ]] || { echo "alertmanager-config: the parameter ALERT_ACCOUNT is not an account number" >&2; exit 1; }
  text=\${text//:000000000000:/":$ALERT_ACCOUNT:"}
fi
[[ $text != *.secret.invalid/* ]] || { echo "alertmanager-config: an address is missing" >&2; exit 1; }
printf '%s\\n' "$text" >"$folder/alertmanager.yml.new"
chown --reference="$folder" "$folder/alertmanager.yml.new"
chmod 0400 "$folder/alertmanager.yml.new"
mv -f "$folder/alertmanager.yml.new" "$folder/alertmanager.yml"
`;
