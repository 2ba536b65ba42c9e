import type { HostSecret } from "@holdfast/compute";
import type { HostFile } from "@holdfast/core";
import type * as pulumi from "@pulumi/pulumi";
import { dcgmCountersCsv } from "../catalogue/dcgm-counters";
import { monitoringPorts } from "../network-needs";
import { fingerprintScript, fingerprintUnits } from "./fingerprint";
import { accounts, monitoringSecrets, places, type MonitoringProgram } from "./places";
import { prepareScript } from "./prepare-script";
import { serviceUnit, unitName, type ProgramSource, type ServiceSpec } from "./service-unit";

/** Hosts with GPUs also tell what their GPUs do and which model they have verified. */
export type HostKind = "gpu" | "cpu";

/** What exporters show and demand. */
export interface ExporterCredentials {
  /** ARN of a secret: certificate chain and key (PEM, one text) for the name `exporter.holdfast.internal`. */
  readonly exporterCertificateSecretArn: pulumi.Input<string>;
  /** ARN of a secret: bcrypt hash of the scraper's password. */
  readonly scrapePasswordHashSecretArn: pulumi.Input<string>;
  /** ARN of the customer key both are encrypted with. @default the account's own key for secrets */
  readonly keyArn?: pulumi.Input<string>;
}

/** The exporters' files: units, the counters of the GPU exporter, and the script that hands them their secrets. */
export function hostExporterFiles(kind: HostKind, programs: ProgramSource = { kind: "image" }): HostFile[] {
  return [
    ...commonFiles(),
    unitFile(nodeExporter(kind), programs),
    ...(kind === "cpu"
      ? []
      : [
          unitFile(dcgmExporter, programs),
          { path: countersPath, content: dcgmCountersCsv(), reader: "text" } as const,
          { path: `${places.scripts}/fingerprint`, content: fingerprintScript, reader: "shell", mode: "0755" } as const,
          ...fingerprintUnits(),
        ]),
  ];
}

/** Units that a pool starts for its exporters. */
export function hostExporterServices(kind: HostKind): string[] {
  return [
    unitName("node-exporter"),
    ...(kind === "gpu" ? [unitName("dcgm-exporter"), "holdfast-fingerprint.timer"] : []),
  ];
}

/** Secrets that a pool fetches for its exporters. */
export function hostExporterSecrets(credentials: ExporterCredentials): HostSecret[] {
  const key = credentials.keyArn === undefined ? {} : { keyArn: credentials.keyArn };
  return [
    { name: monitoringSecrets.exporterCertificate, arn: credentials.exporterCertificateSecretArn, ...key },
    { name: monitoringSecrets.scrapePasswordHash, arn: credentials.scrapePasswordHashSecretArn, ...key },
  ];
}

/** Container images that a pool pulls for its exporters. */
export function hostExporterImages(kind: HostKind, programs: ProgramSource): string[] {
  if (programs.kind === "image") return [];
  const needed: MonitoringProgram[] = kind === "gpu" ? ["node-exporter", "dcgm-exporter"] : ["node-exporter"];
  return needed.flatMap((program) => programs.images[program] ?? []);
}

/** Files that every host with any of our services needs. */
export function commonFiles(): HostFile[] {
  const users = Object.entries(accounts).filter(([, number]) => number !== 0);
  return [
    { path: `${places.scripts}/prepare`, content: prepareScript, reader: "shell", mode: "0755" },
    {
      path: "/etc/sysusers.d/holdfast-monitoring.conf",
      content: users.map(([name, number]) => `u holdfast-${name} ${number} "Holdfast ${name}" - -\n`).join(""),
      reader: "text",
    },
    {
      path: "/etc/tmpfiles.d/holdfast-monitoring.conf",
      content: `d ${places.textfiles} 0755 root root -\n`,
      reader: "text",
    },
  ];
}

export function unitFile(spec: ServiceSpec, programs: ProgramSource): HostFile {
  return { path: `${places.units}/${unitName(spec.program)}`, content: serviceUnit(spec, programs), reader: "systemd" };
}

const countersPath = "/etc/holdfast/monitoring/dcgm-counters.csv";
const exporterSecretNames = [monitoringSecrets.exporterCertificate, monitoringSecrets.scrapePasswordHash];

function nodeExporter(kind: HostKind): ServiceSpec {
  return {
    program: "node-exporter",
    description: `metrics of this host (${kind === "gpu" ? "GPU host" : "CPU host"})`,
    secrets: exporterSecretNames,
    args: [
      `--web.listen-address=:${monitoringPorts.node}`,
      `--web.config.file=${places.runtime}/node-exporter/web.yml`,
      `--collector.textfile.directory=${places.textfiles}`,
      "--no-collector.wifi",
    ],
    containerArgs: ["--path.rootfs=/host"],
    containerOptions: ["--pid host", "--volume /:/host:ro,rslave"],
    reads: [places.textfiles],
    seesHost: true,
  };
}

const dcgmExporter: ServiceSpec = {
  program: "dcgm-exporter",
  description: "metrics of this host's GPUs",
  secrets: exporterSecretNames,
  args: [
    `--address=:${monitoringPorts.dcgm}`,
    `--collectors=${countersPath}`,
    `--web-config-file=${places.runtime}/dcgm-exporter/web.yml`,
  ],
  containerOptions: ["--gpus all"],
  reads: ["/etc/holdfast/monitoring"],
  // The profiling fields need it.
  capabilities: ["CAP_SYS_ADMIN"],
  seesHost: true,
};
