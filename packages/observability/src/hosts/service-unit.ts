import { accounts, places, type MonitoringProgram } from "./places";

/**
 * How programs get onto a host that has no way out. `image`: the machine image brings them (`programPaths`). `containers`: images in
 * your own registry, by digest, run by the container runtime that the machine image brings.
 */
export type ProgramSource =
  | { readonly kind: "image" }
  | { readonly kind: "containers"; readonly images: Readonly<Partial<Record<MonitoringProgram, string>>> };

/** Where a machine image must have the programs. */
export const programPaths: Readonly<Record<MonitoringProgram, string>> = {
  prometheus: "/usr/local/bin/prometheus",
  alertmanager: "/usr/local/bin/alertmanager",
  grafana: "/usr/share/grafana/bin/grafana",
  "blackbox-exporter": "/usr/local/bin/blackbox_exporter",
  "node-exporter": "/usr/local/bin/node_exporter",
  "dcgm-exporter": "/usr/local/bin/dcgm-exporter",
};

/** Entry points of the publishers' container images. */
const entryPoints: Readonly<Record<MonitoringProgram, string>> = {
  prometheus: "/bin/prometheus",
  alertmanager: "/bin/alertmanager",
  grafana: "/usr/share/grafana/bin/grafana",
  "blackbox-exporter": "/bin/blackbox_exporter",
  "node-exporter": "/bin/node_exporter",
  "dcgm-exporter": "/usr/bin/dcgm-exporter",
};

export interface ServiceSpec {
  readonly program: MonitoringProgram;
  readonly description: string;
  /** Secrets the service needs, as named under `places.secrets`. */
  readonly secrets: readonly string[];
  /** Further steps before the start, as root. */
  readonly before?: readonly string[];
  readonly args: readonly string[];
  /** Arguments for a container only, for example another root of the file system. @default none */
  readonly containerArgs?: readonly string[];
  /** Folders that the service reads, and writes. */
  readonly reads: readonly string[];
  readonly writes?: readonly string[];
  /** Capabilities it cannot do without. @default none */
  readonly capabilities?: readonly string[];
  /** More `docker run` options. @default none */
  readonly containerOptions?: readonly string[];
  /** Looks at devices and at other processes. @default false */
  readonly seesHost?: boolean;
  /** More lines of `[Service]`. @default none */
  readonly service?: readonly string[];
}

export function unitName(program: MonitoringProgram): string {
  return `holdfast-${program}.service`;
}

/** The systemd unit of one program. */
export function serviceUnit(spec: ServiceSpec, source: ProgramSource): string {
  const { program, description, secrets, before = [], writes = [] } = spec;
  const account = accounts[program];
  const owner = `${account}:${account}`;
  return [
    "[Unit]",
    `Description=Holdfast: ${description}`,
    "Wants=network-online.target",
    "After=network-online.target",
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    ...(source.kind === "image" && account !== 0 ? [`User=holdfast-${program}`, `Group=holdfast-${program}`] : []),
    `ExecStartPre=+${places.scripts}/prepare ${[program, owner, ...secrets].join(" ")}`,
    ...writes.map((folder) => `ExecStartPre=+/usr/bin/install -d -m 0750 -o ${account} -g ${account} ${folder}`),
    ...before.map((command) => `ExecStartPre=+${command}`),
    ...(source.kind === "image" ? ofImage(spec) : ofContainer(spec, source.images[program] ?? "")),
    ...(spec.service ?? []),
    "Restart=always",
    "RestartSec=5",
    "UMask=0077",
    "",
    "[Install]",
    "WantedBy=multi-user.target",
    "",
  ].join("\n");
}

function ofImage({ program, args, writes = [], capabilities = [], seesHost = false }: ServiceSpec): string[] {
  return [
    `ExecStart=${[programPaths[program], ...args].join(" ")}`,
    "NoNewPrivileges=yes",
    `CapabilityBoundingSet=${capabilities.join(" ")}`,
    "ProtectSystem=strict",
    ...(writes.length > 0 ? [`ReadWritePaths=${writes.map((folder) => `-${folder}`).join(" ")}`] : []),
    "ProtectHome=read-only",
    "ProtectKernelTunables=yes",
    "ProtectKernelModules=yes",
    "ProtectControlGroups=yes",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
    "RestrictSUIDSGID=yes",
    "LockPersonality=yes",
    "SystemCallArchitectures=native",
    ...(seesHost ? [] : ["PrivateTmp=yes", "PrivateDevices=yes", "ProtectKernelLogs=yes", "ProtectClock=yes"]),
  ];
}

function ofContainer(spec: ServiceSpec, image: string): string[] {
  const { program, args, containerArgs = [], containerOptions = [], reads, writes = [], capabilities = [] } = spec;
  const account = accounts[program];
  const name = `holdfast-${program}`;
  const own = `${places.runtime}/${program}`;
  const command = [
    `/usr/bin/docker run --rm --name ${name} --network host --read-only --user ${account}:${account}`,
    "--cap-drop ALL --security-opt no-new-privileges",
    ...capabilities.map((capability) => `--cap-add ${capability.replace(/^CAP_/, "")}`),
    ...[own, ...reads].map((folder) => `--volume ${folder}:${folder}:ro`),
    ...writes.map((folder) => `--volume ${folder}:${folder}`),
    ...containerOptions,
    `--entrypoint ${entryPoints[program]}`,
    image,
    ...args,
    ...containerArgs,
  ];
  return [
    `ExecStartPre=-/usr/bin/docker rm --force ${name}`,
    `ExecStart=${command.join(" ")}`,
    `ExecStop=/usr/bin/docker stop --time 60 ${name}`,
    "TimeoutStopSec=90",
  ];
}
