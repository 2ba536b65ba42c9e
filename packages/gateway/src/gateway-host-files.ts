import type { HostFile } from "@holdfast/core";
import { gatewayDirectory, gatewayRuntime, gatewayScripts, gatewayUser, secretsDirectory } from "./gateway-places";
import { drainScript, peersScript, prepareScript, programScript, refreshScript } from "./gateway-scripts";
import { settleSeconds } from "./gateway-timeouts";
import type { CheckedHaproxySpec } from "./haproxy-spec";

/** Units of a gateway host, in the order in which they start. */
export const gatewayServices: readonly string[] = [
  "holdfast-gateway.service",
  "holdfast-gateway-peers.timer",
  "holdfast-gateway-secrets.timer",
];

/** Scripts and units around HAProxy. */
export function gatewayHostFiles(spec: CheckedHaproxySpec): HostFile[] {
  const script = (path: string, content: string): HostFile => ({ path, content, reader: "shell", mode: "0755" });
  const unit = (name: string, lines: readonly string[]): HostFile => ({
    path: `/etc/systemd/system/${name}`,
    content: `${lines.join("\n")}\n`,
    reader: "systemd",
  });
  return [
    script(`${gatewayScripts}/prepare.sh`, prepareScript(spec)),
    {
      path: "/etc/sysusers.d/holdfast-gateway.conf",
      content: `u ${gatewayUser} - "Holdfast gateway"\n`,
      reader: "text",
    },
    script(`${gatewayScripts}/peers.sh`, peersScript(spec)),
    script(`${gatewayScripts}/refresh.sh`, refreshScript),
    ...(spec.program.kind === "image" ? [script(`${gatewayScripts}/check-program.sh`, programScript)] : []),
    script("/etc/holdfast/drain.d/50-gateway", drainScript(settleSeconds)),
    unit("holdfast-gateway.service", gatewayUnit(spec)),
    unit("holdfast-gateway-peers.service", task("find the other gateway hosts", "peers.sh")),
    unit("holdfast-gateway-peers.timer", timer("look for other gateway hosts every 20 seconds", 5, 20)),
    unit("holdfast-gateway-secrets.service", task("fetch the secrets again", "refresh.sh")),
    unit("holdfast-gateway-secrets.timer", timer("fetch the secrets again every 5 minutes", 300, 300)),
  ];
}

const configuration = `-f ${gatewayRuntime}/peers.cfg -f ${gatewayDirectory}/haproxy.cfg`;

function gatewayUnit({ program, timeouts, capacity }: CheckedHaproxySpec): string[] {
  return [
    "[Unit]",
    "Description=Holdfast gateway (HAProxy)",
    "Documentation=man:haproxy(1)",
    "Wants=network-online.target",
    "After=network-online.target",
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    ...(program.kind === "image" ? imageProgram() : containerProgram(program)),
    "RuntimeDirectory=holdfast-gateway",
    "RuntimeDirectoryMode=0750",
    "Restart=always",
    "RestartSec=2",
    "# SIGUSR1 lets running answers end; what is left after the longest answer is cut.",
    "KillMode=mixed",
    "KillSignal=SIGUSR1",
    `TimeoutStopSec=${timeouts.stop}`,
    "TimeoutStartSec=60",
    `LimitNOFILE=${4 * capacity.connections + 4096}`,
    "LimitCORE=0",
    ...hardening(program.kind === "image"),
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  ];
}

function imageProgram(): string[] {
  return [
    "Type=notify",
    `User=${gatewayUser}`,
    `Group=${gatewayUser}`,
    "AmbientCapabilities=CAP_NET_BIND_SERVICE",
    "CapabilityBoundingSet=CAP_NET_BIND_SERVICE",
    `ExecStartPre=${gatewayScripts}/check-program.sh`,
    "# As root, and allowed to fail: without its peers a host still serves, and counts for itself.",
    `ExecStartPre=-+${gatewayScripts}/peers.sh quiet`,
    `ExecStartPre=+${gatewayScripts}/prepare.sh`,
    `ExecStartPre=/usr/sbin/haproxy -c -q ${configuration}`,
    `ExecStart=/usr/sbin/haproxy -Ws ${configuration} -p ${gatewayRuntime}/haproxy.pid`,
    `ExecReload=+${gatewayScripts}/prepare.sh`,
    `ExecReload=/usr/sbin/haproxy -c -q ${configuration}`,
    "ExecReload=/bin/kill -USR2 $MAINPID",
  ];
}

/** The host pulls the image before its services start. Bound to the host's network, so that callers' addresses stay visible. */
function containerProgram({
  image,
  engine = "docker",
}: {
  readonly image: string;
  readonly engine?: "docker" | "podman" | undefined;
}): string[] {
  const mounts = [
    `${gatewayDirectory}:${gatewayDirectory}:ro`,
    `${secretsDirectory}:${secretsDirectory}:ro`,
    `${gatewayRuntime}:${gatewayRuntime}`,
  ];
  const run = [
    `/usr/bin/${engine} run --rm --name holdfast-gateway --network host --read-only`,
    "--user ${GATEWAY_USER} --cap-drop ALL --security-opt no-new-privileges",
    mounts.map((mount) => `--volume ${mount}`).join(" "),
    `${image} haproxy -W -db ${configuration}`,
  ];
  return [
    "Type=exec",
    "# Lets a process without privileges listen on 443.",
    "ExecStartPre=/sbin/sysctl -q -w net.ipv4.ip_unprivileged_port_start=443",
    `ExecStartPre=-/usr/bin/${engine} rm --force holdfast-gateway`,
    `ExecStartPre=-${gatewayScripts}/peers.sh quiet`,
    `ExecStartPre=/bin/chown ${gatewayUser}:${gatewayUser} ${gatewayRuntime}`,
    `ExecStartPre=${gatewayScripts}/prepare.sh`,
    `EnvironmentFile=-${gatewayRuntime}/container.env`,
    `ExecStart=${run.join(" ")}`,
    `ExecReload=${gatewayScripts}/prepare.sh`,
    `ExecReload=/usr/bin/${engine} exec holdfast-gateway haproxy -c -q ${configuration}`,
    `ExecReload=/usr/bin/${engine} kill --signal USR2 holdfast-gateway`,
    `ExecStop=/usr/bin/${engine} kill --signal USR1 holdfast-gateway`,
    `ExecStop=/usr/bin/${engine} wait holdfast-gateway`,
  ];
}

/** What the process may see and do; `systemd-analyze security` grades it. A container brings its own walls. */
function hardening(own: boolean): string[] {
  if (!own) return ["NoNewPrivileges=yes"];
  return [
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "PrivateTmp=yes",
    "PrivateDevices=yes",
    "ProtectKernelTunables=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelLogs=yes",
    "ProtectControlGroups=yes",
    "ProtectClock=yes",
    "ProtectHostname=yes",
    "ProtectProc=invisible",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "LockPersonality=yes",
    "MemoryDenyWriteExecute=yes",
    "RemoveIPC=yes",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    "SystemCallFilter=~@privileged @resources @mount",
    "SystemCallErrorNumber=EPERM",
    "UMask=0077",
  ];
}

function task(what: string, script: string): string[] {
  return [
    "[Unit]",
    `Description=Holdfast gateway: ${what}`,
    "After=holdfast-gateway.service",
    "",
    "[Service]",
    "Type=oneshot",
    `ExecStart=${gatewayScripts}/${script}`,
    "TimeoutStartSec=120",
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "ReadWritePaths=-/run",
    "ProtectHome=yes",
    "PrivateTmp=yes",
  ];
}

function timer(what: string, first: number, every: number): string[] {
  return [
    "[Unit]",
    `Description=Holdfast gateway: ${what}`,
    "",
    "[Timer]",
    `OnActiveSec=${first}`,
    `OnUnitActiveSec=${every}`,
    "AccuracySec=1",
    "",
    "[Install]",
    "WantedBy=timers.target",
  ];
}
