import type { HostFile } from "@holdfast/core";
import { modelGateScript, modelSyncScript } from "./model-sync-script";

/** Where things lie on a host. Units and scripts of other packages refer to these. */
export const modelPaths = {
  syncScript: "/opt/holdfast/bin/model-sync",
  gateScript: "/opt/holdfast/bin/model-gate",
  environment: "/etc/holdfast/model.env",
  syncUnit: "holdfast-model-sync.service",
  /** Models on the host: the mount of the instance store. */
  root: "/var/lib/holdfast/models",
  /** Marks of verified models. Memory: nothing counts as verified after a restart. */
  state: "/run/holdfast/models",
  /** Where the node exporter picks up `holdfast_model_verified`, on hosts that have one. */
  metrics: "/var/lib/holdfast/metrics",
} as const;

export interface ModelSyncOptions {
  /** Model id in the catalogue. */
  readonly model: string;
  readonly version: string;
  /**
   * SHA-256 of the manifest's text, when it is known at plan time. Absent: the host takes it from its parameter
   * `MODEL_MANIFEST_SHA256`.
   */
  readonly manifestSha256?: string;
  /** Region of the store. */
  readonly region: string;
  /** Folder for models on the host. @default "/var/lib/holdfast/models" */
  readonly root?: string;
  /** File with the host's parameters, among them `MODEL_BUCKET`. @default "/run/holdfast/parameters.env" */
  readonly parametersFile?: string;
}

/**
 * The files that bring one model version to a host and verify it: the sync script, the gate that an engine's unit runs first, and the
 * unit that an engine's unit requires. An engine starts only when every file has the SHA-256 that the pinned manifest lists.
 */
export function modelSyncFiles(options: ModelSyncOptions): HostFile[] {
  const {
    model,
    version,
    manifestSha256,
    region,
    root = modelPaths.root,
    parametersFile = "/run/holdfast/parameters.env",
  } = options;
  const environment = [
    `MODEL_NAME=${model}`,
    `MODEL_VERSION=${version}`,
    ...(manifestSha256 === undefined ? [] : [`MODEL_MANIFEST_SHA256=${manifestSha256}`]),
    `MODEL_ROOT=${root}`,
    `MODEL_STATE=${modelPaths.state}`,
    `MODEL_METRICS=${modelPaths.metrics}`,
    `AWS_REGION=${region}`,
    "AWS_CONFIG_FILE=/etc/holdfast/model-aws.conf",
  ];
  return [
    { path: modelPaths.syncScript, content: modelSyncScript, reader: "shell", mode: "0755" },
    { path: modelPaths.gateScript, content: modelGateScript, reader: "shell", mode: "0755" },
    { path: modelPaths.environment, content: `${environment.join("\n")}\n`, reader: "text" },
    { path: "/etc/holdfast/model-aws.conf", content: awsConfig, reader: "text" },
    { path: `/etc/systemd/system/${modelPaths.syncUnit}`, content: syncUnit(root, parametersFile), reader: "systemd" },
  ];
}

/** One stream per file leaves most of the network unused; the C transfer client splits files over many connections. */
const awsConfig = `[default]
s3 =
    preferred_transfer_client = crt
    max_concurrent_requests = 32
    multipart_chunksize = 64MB
`;

function syncUnit(root: string, parametersFile: string): string {
  return `[Unit]
Description=Holdfast: bring the model to this host and verify it
Wants=network-online.target
# The pool's own units: parameters of the host, local disks.
Requires=holdfast-prepare.service
After=network-online.target holdfast-prepare.service holdfast-instance-store.service
RequiresMountsFor=${root}

[Service]
Type=oneshot
RemainAfterExit=yes
EnvironmentFile=${parametersFile}
EnvironmentFile=${modelPaths.environment}
ExecStart=${modelPaths.syncScript}
# How long a fetch may take depends on the model; the group replaces a host that is not ready within its launch time.
TimeoutStartSec=infinity
StandardOutput=journal
SyslogIdentifier=holdfast-model-sync
NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectSystem=strict
ReadWritePaths=${root} -${modelPaths.metrics}
RuntimeDirectory=holdfast/models
RuntimeDirectoryPreserve=yes
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native

[Install]
WantedBy=multi-user.target
`;
}
