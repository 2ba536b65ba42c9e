import type { Properties } from "../provider";

type Make = (value: unknown, inputs: Properties) => { readonly top?: Properties; readonly host?: Properties };

const mebibyte = 1024 * 1024;
const top =
  (name: string): Make =>
  (value) => ({ top: { [name]: value } });
const host =
  (name: string, convert = (value: unknown) => value): Make =>
  (value) => ({ host: { [name]: convert(value) } });
const megabytes = (value: unknown) => (typeof value === "number" ? value * mebibyte : value);

/** How properties of `docker.Container` are told to the engine. Source: Docker Engine API 1.41, ContainerCreate; as of 2026-11. */
const makers: Readonly<Record<string, Make>> = {
  image: top("Image"),
  command: top("Cmd"),
  entrypoints: top("Entrypoint"),
  envs: top("Env"),
  user: top("User"),
  hostname: top("Hostname"),
  workingDir: top("WorkingDir"),
  stopSignal: top("StopSignal"),
  tty: top("Tty"),
  labels: (value) => ({
    top: { Labels: Object.fromEntries(list(value).map(({ label, value: text }) => [label, text])) },
  }),
  ports: (value) => ({
    top: { ExposedPorts: Object.fromEntries(list(value).map((port) => [portName(port), {}])) },
    host: {
      PortBindings: Object.fromEntries(
        list(value).map((port) => [
          portName(port),
          [{ HostIp: port.ip ?? "", HostPort: typeof port.external === "number" ? String(port.external) : "" }],
        ]),
      ),
    },
  }),
  mounts: (value) => ({
    host: {
      Mounts: list(value).map(({ type, source, target, readOnly }) => ({
        Type: type,
        Source: source ?? "",
        Target: target,
        ReadOnly: readOnly ?? false,
      })),
    },
  }),
  volumes: (value) => ({
    host: {
      Binds: list(value).map(
        ({ hostPath, volumeName, containerPath, readOnly }) =>
          `${String(hostPath ?? volumeName)}:${String(containerPath)}${readOnly === true ? ":ro" : ""}`,
      ),
    },
  }),
  capabilities: (value) => {
    const { adds, drops } = (value ?? {}) as Properties;
    return { host: { CapAdd: adds ?? [], CapDrop: drops ?? [] } };
  },
  restart: (value, inputs) => ({
    host: { RestartPolicy: { Name: value, MaximumRetryCount: inputs.maxRetryCount ?? 0 } },
  }),
  gpus: (value) => ({
    host: { DeviceRequests: [{ Driver: "", Count: value === "all" ? -1 : Number(value), Capabilities: [["gpu"]] }] },
  }),
  securityOpts: host("SecurityOpt"),
  ipcMode: host("IpcMode"),
  pidMode: host("PidMode"),
  networkMode: host("NetworkMode"),
  privileged: host("Privileged"),
  publishAllPorts: host("PublishAllPorts"),
  readOnly: host("ReadonlyRootfs"),
  init: host("Init"),
  rm: host("AutoRemove"),
  tmpfs: host("Tmpfs"),
  sysctls: host("Sysctls"),
  dns: host("Dns"),
  groupAdds: host("GroupAdd"),
  shmSize: host("ShmSize", megabytes),
  memory: host("Memory", megabytes),
  memorySwap: host("MemorySwap", megabytes),
  memoryReservation: host("MemoryReservation", megabytes),
  cpuShares: host("CpuShares"),
  cpuSet: host("CpusetCpus"),
};

/** Properties of which the engine is told nothing, because they are the provider's own affair or in another property. */
const affairs: ReadonlySet<string> = new Set([
  ...["attach", "containerReadRefreshTimeoutMilliseconds", "destroyGraceSeconds", "logs", "maxRetryCount", "mustRun"],
  ...["name", "removeVolumes", "start", "wait", "waitTimeout"],
]);

/** What the engine is asked to make, and the properties that could not be told to it. */
export function containerBody(inputs: Properties): { readonly body: Properties; readonly untold: readonly string[] } {
  const body: Record<string, unknown> = {};
  const hostConfig: Record<string, unknown> = {};
  const untold: string[] = [];
  for (const [name, value] of Object.entries(inputs)) {
    const made = makers[name]?.(value, inputs);
    if (made === undefined && !affairs.has(name)) untold.push(name);
    Object.assign(body, made?.top);
    Object.assign(hostConfig, made?.host);
  }
  return { body: { ...body, HostConfig: hostConfig }, untold };
}

function portName({ internal, protocol }: Properties): string {
  return `${String(internal)}/${typeof protocol === "string" ? protocol : "tcp"}`;
}

function list(value: unknown): readonly Properties[] {
  return Array.isArray(value) ? (value as Properties[]) : [];
}
