import type { HostFile } from "@holdfast/core";
import { exporterName, monitoringSecrets, places, scrapeUser } from "../hosts/places";
import { monitoringPorts } from "../network-needs";
import type { ObservabilitySpec, ObservedFleet } from "../observability-spec";
import { fleetSignals } from "../rules/engine-signals";
import { rulePaths } from "../rules/rule-files";
import { yamlText } from "../yaml-text";
import { constantWhere, ec2Discovery, hostRelabelling, nodeFromAddress } from "./discovery";

export const prometheusPath = "/etc/prometheus/prometheus.yml";

/** Files that Prometheus reads the key of an engine from, where an engine wants one for its metrics. */
export function engineKeySecret(fleet: Pick<ObservedFleet, "fleetName">): string {
  return `engine-key-${fleet.fleetName}`;
}

/** The file with the CA of a fleet's engines: one for all fleets that share it. */
export function engineCaSecret({ fleetName, engineCaName }: Pick<ObservedFleet, "fleetName" | "engineCaName">): string {
  return engineCaName === undefined ? `engine-ca-${fleetName}` : `shared-ca-${engineCaName}`;
}

/** Whether the engine asks for its key on `/metrics`: llama.cpp does, vLLM does not. */
export function metricsNeedKey(fleet: Pick<ObservedFleet, "engine">): boolean {
  return fleet.engine === "llamacpp";
}

const own = `${places.runtime}/prometheus`;
const login = { username: scrapeUser, password_file: `${own}/${monitoringSecrets.scrapePassword}` };

/** How to talk TLS to a service of ours that has a certificate of our CA. */
function trusted(serverName: string): object {
  return {
    scheme: "https",
    basic_auth: login,
    tls_config: { ca_file: `${own}/${monitoringSecrets.ca}`, server_name: serverName, min_version: "TLS13" },
  };
}

export function prometheusConfig(spec: ObservabilitySpec): HostFile {
  const config = {
    global: {
      scrape_interval: "15s",
      scrape_timeout: "10s",
      evaluation_interval: "30s",
      external_labels: { environment: spec.environment, region: spec.region },
    },
    // Relative to this file, so that the folder can be checked anywhere.
    rule_files: Object.values(rulePaths).map((path) => path.replace("/etc/prometheus/", "")),
    alerting: {
      alertmanagers: [
        { ...trusted("localhost"), static_configs: [{ targets: [`localhost:${monitoringPorts.alertmanager}`] }] },
      ],
    },
    scrape_configs: [
      ...spec.fleets.filter((fleet) => fleetSignals(fleet) !== undefined).map(engineJob),
      gatewayJob(spec),
      {
        job_name: "node",
        ...trusted(exporterName),
        ec2_sd_configs: ec2Discovery(spec, ["serving", "gateway", "observability"], monitoringPorts.node),
        relabel_configs: hostRelabelling(spec),
      },
      ...(spec.fleets.length === 0
        ? []
        : [
            {
              job_name: "dcgm",
              ...trusted(exporterName),
              ec2_sd_configs: ec2Discovery(spec, ["serving"], monitoringPorts.dcgm),
              relabel_configs: hostRelabelling(spec),
              metric_relabel_configs: [
                // The exporter is about to rename `Hostname` to `hostname`; `node` says the same under a name of ours.
                { regex: "[Hh]ostname", action: "labeldrop" },
                // Fields that a GPU does not have come as values around 2^63.
                { source_labels: ["__name__"], regex: "DCGM_FI_DEV_VGPU_.*", action: "drop" },
              ],
            },
          ]),
      probeJob(spec),
      {
        job_name: "prometheus",
        ...trusted("localhost"),
        static_configs: [{ targets: [`localhost:${monitoringPorts.prometheus}`] }],
      },
      {
        job_name: "alertmanager",
        ...trusted("localhost"),
        static_configs: [{ targets: [`localhost:${monitoringPorts.alertmanager}`] }],
      },
    ],
  };
  return { path: prometheusPath, content: yamlText(config), reader: "prometheus-config" };
}

/**
 * Engines are found by the fleet's own DNS name: what is in rotation is what must answer. One port per engine of a host. vLLM serves
 * its metrics without a key, which is why only this segment may reach the port.
 */
function engineJob(fleet: ObservedFleet): object {
  const { fleetName, servedModelName, engine, engineVersion, dnsName, port, replicasPerHost } = fleet;
  const labels = {
    job: "engine",
    fleet: fleetName,
    model: servedModelName,
    engine_kind: engine,
    engine_version: engineVersion,
  };
  return {
    job_name: `engine-${fleetName}`,
    // An engine has 300 to 500 series; more means something is wrong, and would fill the disk.
    sample_limit: 10_000,
    ...(fleet.tls && {
      scheme: "https",
      tls_config: { ca_file: `${own}/${engineCaSecret(fleet)}`, server_name: dnsName, min_version: "TLS12" },
    }),
    ...(metricsNeedKey(fleet) && { authorization: { credentials_file: `${own}/${engineKeySecret(fleet)}` } }),
    dns_sd_configs: Array.from({ length: replicasPerHost }, (_, index) => ({
      names: [dnsName],
      type: "A",
      port: port + index,
      refresh_interval: "15s",
    })),
    relabel_configs: [
      nodeFromAddress,
      ...Object.entries(labels).map(([target_label, replacement]) => ({ target_label, replacement })),
    ],
    // Creation times double the number of series and no rule reads them.
    metric_relabel_configs: [{ source_labels: ["__name__"], regex: ".+_created", action: "drop" }],
  };
}

function gatewayJob(spec: ObservabilitySpec): object {
  const { gateway, fleets } = spec;
  return {
    job_name: "gateway",
    sample_limit: 50_000,
    ec2_sd_configs: ec2Discovery(spec, ["gateway"], gateway.metricsPort ?? monitoringPorts.gatewayMetrics),
    relabel_configs: hostRelabelling(spec),
    metric_relabel_configs: fleets.flatMap((fleet) => {
      const backend = gateway.backends?.[fleet.fleetName] ?? `fleet_${fleet.fleetName}`;
      return [
        constantWhere("proxy", backend, "fleet", fleet.fleetName),
        constantWhere("proxy", backend, "model", fleet.servedModelName),
      ];
    }),
  };
}

/** Probe modules: what is looked at, and how. */
export const probes = {
  /** The gateway's certificate comes from the owner's CA, and only its date is read: nothing is sent, so nothing has to be trusted. */
  gateway: "tls_gateway",
  exporter: "tls_exporter",
  monitoring: "tls_monitoring",
  /** Each fleet may have a CA of its own. */
  engines: (fleet: Pick<ObservedFleet, "fleetName">): string => `tls_engines_${fleet.fleetName}`,
} as const;

/** TLS handshakes with everything that shows a certificate, for the certificates' dates. */
function probeJob(spec: ObservabilitySpec): object {
  const probe = (address: string, name: string, module: string) => ({
    targets: [address],
    labels: { probe: name, __param_module: module },
  });
  const encrypted = spec.fleets.filter(({ tls }) => tls);
  return {
    job_name: "probe",
    metrics_path: "/probe",
    scrape_interval: "60s",
    ec2_sd_configs: ec2Discovery(spec, ["gateway"], spec.gateway.port ?? 443),
    ...(encrypted.length > 0 && {
      dns_sd_configs: encrypted.map(({ dnsName, port }) => ({
        names: [dnsName],
        type: "A",
        port,
        refresh_interval: "60s",
      })),
    }),
    static_configs: [
      probe(`localhost:${monitoringPorts.node}`, "exporters", probes.exporter),
      probe(`localhost:${monitoringPorts.prometheus}`, "prometheus", probes.monitoring),
      probe(`localhost:${monitoringPorts.alertmanager}`, "alertmanager", probes.monitoring),
      probe(`localhost:${monitoringPorts.grafana}`, "grafana", probes.monitoring),
    ],
    relabel_configs: [
      nodeFromAddress,
      { source_labels: ["__meta_ec2_instance_id"], regex: ".+", target_label: "probe", replacement: "gateway" },
      {
        source_labels: ["__meta_ec2_instance_id"],
        regex: ".+",
        target_label: "__param_module",
        replacement: probes.gateway,
      },
      ...encrypted.flatMap((fleet) => [
        constantWhere("__meta_dns_name", fleet.dnsName, "probe", `engines of ${fleet.fleetName}`),
        constantWhere("__meta_dns_name", fleet.dnsName, "__param_module", probes.engines(fleet)),
      ]),
      { source_labels: ["__address__"], target_label: "__param_target" },
      { source_labels: ["__address__"], target_label: "instance" },
      { target_label: "__address__", replacement: `127.0.0.1:${monitoringPorts.blackbox}` },
    ],
  };
}

/** The probes' own configuration. */
export function blackboxConfig(spec: ObservabilitySpec): HostFile {
  const folder = `${places.runtime}/blackbox-exporter`;
  const ca = `${folder}/${monitoringSecrets.ca}`;
  const tls = (tls_config: object) => ({
    prober: "tcp",
    timeout: "5s",
    tcp: { tls: true, preferred_ip_protocol: "ip4", tls_config },
  });
  const { hostName } = spec.gateway;
  const content = yamlText({
    modules: {
      [probes.gateway]: tls({
        insecure_skip_verify: true,
        min_version: "TLS12",
        ...(hostName !== undefined && { server_name: hostName }),
      }),
      [probes.exporter]: tls({ ca_file: ca, server_name: exporterName, min_version: "TLS13" }),
      [probes.monitoring]: tls({ ca_file: ca, server_name: "localhost", min_version: "TLS13" }),
      ...Object.fromEntries(
        spec.fleets
          .filter((fleet) => fleet.tls)
          .map((fleet) => [
            probes.engines(fleet),
            tls({ ca_file: `${folder}/${engineCaSecret(fleet)}`, server_name: fleet.dnsName, min_version: "TLS12" }),
          ]),
      ),
    },
  });
  return { path: blackboxPath, content, reader: "blackbox-exporter" };
}
export const blackboxPath = "/etc/prometheus/blackbox.yml";
