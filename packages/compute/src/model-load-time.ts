import { hostNetworkMbps, type InstanceRecord } from "@holdfast/catalog";

/**
 * Planning figures for the steps AWS publishes no rate for. Each is on the slow side: a host that is ready earlier says so itself,
 * and one that is given too little time is killed while it loads, again and again.
 */
export const loadPlanningFigures = {
  /** Start of the instance, cloud-init, files, images. */
  bootSeconds: 240,
  /**
   * Sequential write rate of instance store, bytes a second per byte of capacity: 1 MB/s per GB. AWS publishes only I/O operations of
   * 4 KiB; drives of 1.9 TB write about 2 GB/s, and smaller sizes get their share of one.
   */
  nvmeWritePerByte: 0.001,
  /** SHA-256 on one core without SHA instructions (openssl speed, Cascade Lake class, about 450 MB/s). */
  hashBytesPerSecond: 450e6,
  /** Files are hashed side by side on at most so many cores. */
  hashCores: 4,
  /** Start of the engine after its weights are in memory: compilation, graph capture, warm-up. */
  engineSeconds: 300,
  /** On the sum of all. */
  margin: 1.5,
} as const;

/** Throughput limit of one gp3 volume in the EC2 API, MiB/s. */
const gp3MiBps = 1000;

export interface ModelLoad {
  readonly modelBytes: number;
  readonly instance: Pick<
    InstanceRecord,
    "type" | "vcpus" | "networkMbps" | "firstCardMbps" | "ebsMbps" | "localNvmeGb"
  >;
  /** Throughput of the root volume, MiB/s; counts only where there is no instance store. */
  readonly rootVolumeMiBps: number;
}

export interface ModelLoadTime {
  /** Whole seconds from start to ready, margin included. */
  readonly seconds: number;
  /** The slower of network and disk, bytes a second. */
  readonly bytesPerSecond: number;
  readonly limitedBy: "network" | "disk";
  /** The arithmetic, a step a line. */
  readonly why: readonly string[];
}

/** How long a host takes to get a model into its GPUs, from the model's size and the slower of network and disk. */
export function modelLoadTime({ modelBytes, instance, rootVolumeMiBps }: ModelLoad): ModelLoadTime {
  const figures = loadPlanningFigures;
  const network = (hostNetworkMbps(instance) * 1e6) / 8;
  const local = instance.localNvmeGb > 0;
  const disk = local
    ? instance.localNvmeGb * 1e9 * figures.nvmeWritePerByte
    : Math.min((instance.ebsMbps * 1e6) / 8, Math.min(rootVolumeMiBps, gp3MiBps) * 1_048_576);
  const bytesPerSecond = Math.min(network, disk);
  const limitedBy = network <= disk ? "network" : "disk";
  const cores = Math.max(1, Math.min(figures.hashCores, Math.floor(instance.vcpus / 2)));

  const fetch = modelBytes / bytesPerSecond;
  const hash = modelBytes / Math.min(figures.hashBytesPerSecond * cores, disk);
  const load = modelBytes / disk;
  const sum = figures.bootSeconds + fetch + hash + load + figures.engineSeconds;
  const seconds = Math.ceil(sum * figures.margin);
  return {
    seconds,
    bytesPerSecond,
    limitedBy,
    why: [
      `fetch: ${gigabytes(modelBytes)} at ${rate(bytesPerSecond)} (network ${rate(network)}, ${local ? "instance store" : "root volume"} ${rate(disk)}) = ${whole(fetch)} s`,
      `check: SHA-256 on ${cores} core${cores === 1 ? "" : "s"} at ${rate(Math.min(figures.hashBytesPerSecond * cores, disk))} = ${whole(hash)} s`,
      `load: from disk into the GPUs at ${rate(disk)} = ${whole(load)} s`,
      `boot ${figures.bootSeconds} s, engine start ${figures.engineSeconds} s`,
      `sum ${whole(sum)} s x ${figures.margin} margin = ${seconds} s`,
    ],
  };
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function rate(bytesPerSecond: number): string {
  return `${(bytesPerSecond / 1e6).toFixed(0)} MB/s`;
}

function whole(seconds: number): number {
  return Math.ceil(seconds);
}
