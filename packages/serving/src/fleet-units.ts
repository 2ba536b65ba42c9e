import { modelPaths } from "@holdfast/storage";
import type { DrainWindows } from "./drain-windows";

/** Where the fleet's scripts, settings and units lie on a host. */
export const fleetPaths = {
  scripts: "/opt/holdfast/bin",
  environment: "/etc/holdfast/engine/fleet.env",
  units: "/etc/systemd/system",
  /** Written by the pool at every boot. */
  parameters: "/run/holdfast/parameters.env",
  /** Written by the host script: its address and id. */
  host: "/run/holdfast/fleet/host.env",
  /** There while the host is in the fleet's DNS name. */
  inRotation: "/run/holdfast/fleet/in-rotation",
  target: "holdfast-fleet.target",
} as const;

/** Units that the pool adds: parameters and secrets, local disks, container images. */
const pool = {
  prepare: "holdfast-prepare.service",
  disks: "holdfast-instance-store.service",
  images: "holdfast-images.service",
} as const;

/** The pool's script that fetches parameters and secrets. */
const fetchScript = "/usr/local/lib/holdfast/prepare";

export interface FleetUnitsSpec {
  /** Engines on a host. */
  readonly replicasPerHost: number;
  readonly windows: DrainWindows;
  /** Seconds an engine gets to load and answer before it is started again. */
  readonly startSeconds: number;
  /** Whether the engines speak TLS, and so need a fresh certificate now and then. */
  readonly tls: boolean;
}

/** The units of a fleet's host by file name. Their order, both ways, is what makes a roll-out lose no answer. */
export function fleetUnits({
  replicasPerHost,
  windows,
  startSeconds,
  tls,
}: FleetUnitsSpec): Readonly<Record<string, string>> {
  const slots = Array.from({ length: replicasPerHost }, (_, slot) => slot);
  const engines = slots.map((slot) => `holdfast-engine@${slot}.service`).join(" ");
  return {
    [fleetPaths.target]: fleetTarget(engines, tls),
    "holdfast-engine-host.service": hostUnit,
    "holdfast-engine@.service": engineUnit(windows, startSeconds),
    "holdfast-engine-watchdog@.service": watchdogUnit,
    "holdfast-rotation.service": rotationUnit(engines, windows),
    ...(tls && { "holdfast-engine-certificate.service": certificateUnit, [certificateTimer]: certificateTimerUnit }),
  };
}

const { scripts, environment, parameters, host } = fleetPaths;

const certificateTimer = "holdfast-engine-certificate.timer";

function fleetTarget(engines: string, tls: boolean): string {
  return `[Unit]
Description=Holdfast: engines of this host
Wants=holdfast-engine-host.service ${modelPaths.syncUnit}
Wants=${engines}
Wants=holdfast-rotation.service${tls ? ` ${certificateTimer}` : ""}

[Install]
WantedBy=multi-user.target
`;
}

const hostUnit = `[Unit]
Description=Holdfast: prepare this host for engines
Wants=network-online.target docker.service
After=network-online.target docker.service nvidia-persistenced.service
# It may have to start the container runtime again, which would cut a pull off.
Before=${pool.images}

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${scripts}/engine-host
TimeoutStartSec=300
SyslogIdentifier=holdfast-engine-host
`;

const certificateUnit = `[Unit]
Description=Holdfast: fetch the engines' certificate again
Requires=${pool.prepare}
After=${pool.prepare} holdfast-engine-host.service

[Service]
Type=oneshot
EnvironmentFile=${environment}
ExecStart=${fetchScript}
ExecStart=${scripts}/engine-certificate
TimeoutStartSec=120
SyslogIdentifier=holdfast-engine-certificate
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths=/run/holdfast
ProtectHome=yes
PrivateTmp=yes
`;

const certificateTimerUnit = `[Unit]
Description=Holdfast: look for a new certificate of the engines every hour

[Timer]
OnActiveSec=1h
OnUnitActiveSec=1h
RandomizedDelaySec=5min

[Install]
WantedBy=timers.target
`;

function engineUnit(windows: DrainWindows, startSeconds: number): string {
  return `[Unit]
Description=Holdfast: engine %i
# No engine without a verified model: when the sync fails, this unit does not start.
Requires=${modelPaths.syncUnit} ${pool.images} ${pool.prepare} holdfast-engine-host.service
After=${modelPaths.syncUnit} ${pool.images} ${pool.prepare} holdfast-engine-host.service
Wants=holdfast-engine-watchdog@%i.service
StartLimitIntervalSec=0

[Service]
Type=exec
EnvironmentFile=${parameters}
EnvironmentFile=${environment}
EnvironmentFile=${modelPaths.environment}
EnvironmentFile=${host}
ExecStartPre=${modelPaths.gateScript}
ExecStart=${scripts}/engine-run %i
# Started means: it has answered a request.
ExecStartPost=${scripts}/engine-ready %i
ExecStop=-/usr/bin/docker stop --time ${windows.shutdown + windows.teardown - 5} holdfast-engine-%i
ExecStopPost=-/usr/bin/rm -f /run/holdfast/fleet/ready/%i
ExecStopPost=-/usr/bin/docker rm --force holdfast-engine-%i
TimeoutStartSec=${startSeconds}
# Longer than the longest response: the engine lets running requests end.
TimeoutStopSec=${windows.shutdown + windows.teardown}
Restart=always
RestartSec=10
KillMode=mixed
SyslogIdentifier=holdfast-engine-%i
NoNewPrivileges=yes
ProtectHome=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
LimitCORE=0
`;
}

const watchdogUnit = `[Unit]
Description=Holdfast: watch engine %i
BindsTo=holdfast-engine@%i.service
After=holdfast-engine@%i.service

[Service]
Type=exec
EnvironmentFile=${environment}
EnvironmentFile=${host}
ExecStart=${scripts}/engine-watchdog %i
Restart=on-failure
RestartSec=5
TimeoutStopSec=5
SyslogIdentifier=holdfast-engine-watchdog-%i
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths=/run/holdfast
ProtectHome=yes
PrivateTmp=yes
`;

function rotationUnit(engines: string, windows: DrainWindows): string {
  return `[Unit]
Description=Holdfast: keep this host in its fleet's DNS name
Requires=holdfast-engine-host.service ${pool.prepare}
Wants=network-online.target
# After the engines at start; therefore before them at stop.
After=network-online.target ${pool.prepare} holdfast-engine-host.service ${engines}

[Service]
Type=exec
EnvironmentFile=${parameters}
EnvironmentFile=${environment}
EnvironmentFile=${host}
ExecStart=${scripts}/rotation
TimeoutStopSec=${rotationStopSeconds(windows)}
KillMode=mixed
Restart=always
RestartSec=5
SyslogIdentifier=holdfast-rotation
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths=/run/holdfast
ProtectHome=yes
PrivateTmp=yes
`;
}

/** Deregistration with its retries, the wait for the DNS service, and the notice. */
export function rotationStopSeconds(windows: DrainWindows): number {
  return windows.deregistration + windows.notice + 30;
}
