import type { HostFile } from "@holdfast/core";
import { modelSyncFiles } from "@holdfast/storage";
import { drainWindows } from "./drain-windows";
import { withoutTag } from "./image-reference";
import { certificateScript, hostScript, runScript } from "./engine-scripts";
import { fleetPaths, fleetUnits } from "./fleet-units";
import { checkScript, readyScript, watchdogScript } from "./probe-scripts";
import { drainScript, rotationScript } from "./rotation-scripts";
import { oneToken, type CompiledEngine, type VllmSpec } from "./vllm";

export interface FleetHostSpec {
  readonly region: string;
  /** Model id in the catalogue and version of its files. */
  readonly model: string;
  readonly version: string;
  /** SHA-256 of the manifest, when known at plan time; else the parameter `MODEL_MANIFEST_SHA256`. */
  readonly manifestSha256?: string;
  /** Container image by digest. */
  readonly image: string;
  readonly engine: CompiledEngine;
  readonly check: Pick<VllmSpec, "task" | "servedModelName">;
  /** The name in the engines' certificate. Absent: they speak no TLS. */
  readonly tlsName?: string;
  readonly gpusPerReplica: number;
  readonly replicasPerHost: number;
  /** Port of the first engine on the host. */
  readonly firstPort: number;
  readonly longestResponseSeconds: number;
  /** Seconds an engine gets to load and answer. */
  readonly startSeconds: number;
  /** Whether the container may write to its own root file system. */
  readonly writableRoot: boolean;
}

/**
 * Everything a host of the fleet runs, as files: the model's sync, the engines, their checks, and the host's place in the DNS name.
 * Pure: the same spec gives the same bytes.
 */
export function fleetHostFiles(spec: FleetHostSpec): HostFile[] {
  const windows = drainWindows(spec.longestResponseSeconds);
  const units = fleetUnits({
    replicasPerHost: spec.replicasPerHost,
    windows,
    startSeconds: spec.startSeconds,
    tls: spec.tlsName !== undefined,
  });
  const scripts: Readonly<Record<string, string>> = {
    "engine-host": hostScript,
    "engine-run": runScript,
    "engine-check": checkScript,
    "engine-ready": readyScript,
    "engine-watchdog": watchdogScript,
    ...(spec.tlsName !== undefined && { "engine-certificate": certificateScript }),
    rotation: rotationScript,
  };
  return [
    ...modelSyncFiles({
      model: spec.model,
      version: spec.version,
      region: spec.region,
      ...(spec.manifestSha256 !== undefined && { manifestSha256: spec.manifestSha256 }),
    }),
    ...spec.engine.files,
    { path: fleetPaths.environment, content: fleetEnvironment(spec), reader: "text" },
    { path: "/etc/docker/daemon.json", content: dockerSettings, reader: "json" },
    ...Object.entries(scripts).map(([name, content]) => script(`${fleetPaths.scripts}/${name}`, content)),
    script("/etc/holdfast/drain.d/50-fleet", drainScript),
    ...Object.entries(units).map(([name, content]): HostFile => ({
      path: `${fleetPaths.units}/${name}`,
      content,
      reader: "systemd",
    })),
  ];
}

/** Exits 0 once the host is in the name: for a pool's ready command. */
export const fleetReadyCommand = `test -e ${fleetPaths.inRotation}`;

function script(path: string, content: string): HostFile {
  return { path, content, reader: "shell", mode: "0755" };
}

/** Containers get GPUs by the names of the container device interface; there is no default network to end up in by mistake. */
const dockerSettings = `${JSON.stringify({ bridge: "none", features: { cdi: true }, icc: false, "log-driver": "none", "no-new-privileges": true, "userland-proxy": false }, null, 2)}\n`;

function fleetEnvironment(spec: FleetHostSpec): string {
  const windows = drainWindows(spec.longestResponseSeconds);
  const variables: Readonly<Record<string, string | number>> = {
    AWS_REGION: spec.region,
    ENGINE_IMAGE: withoutTag(spec.image),
    ENGINE_PROGRAM: "vllm",
    ENGINE_KEY_VARIABLE: spec.engine.secretEnvironment.join(" "),
    ENGINE_FIRST_PORT: spec.firstPort,
    ENGINE_GPUS: spec.gpusPerReplica,
    ENGINE_SHM: sharedMemory(spec.gpusPerReplica),
    ENGINE_WRITABLE_ROOT: spec.writableRoot ? "yes" : "no",
    ...(spec.tlsName !== undefined && { ENGINE_TLS_NAME: spec.tlsName }),
    ENGINE_CHECK_PATH: oneToken(spec.check).path,
    ENGINE_CHECK_SECONDS: 20,
    ENGINE_WATCH_SECONDS: 15,
    ENGINE_WATCH_FAILURES: 3,
    ROTATION_DEREGISTRATION_SECONDS: windows.deregistration,
    ROTATION_NOTICE_SECONDS: windows.notice,
    ROTATION_SWEEP_SECONDS: 300,
  };
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

/** Memory that the processes of one engine share. Grows with the GPUs they exchange data between. */
function sharedMemory(gpus: number): string {
  return gpus === 1 ? "2g" : gpus <= 4 ? "8g" : "16g";
}
