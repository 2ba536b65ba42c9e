/** Where data lies, and how fast it must be read, decimal MB/s. */
export const diskClasses = {
  models: { least: 5000, kind: "NVMe" },
  cache: { least: 500, kind: "SATA SSD" },
  logs: { least: 0, kind: "HDD" },
} as const;

/** Local space over the size of the model. */
export const modelSpaceFactor = 1.1;

/** Paths that weights take when an engine starts, decimal bytes per second; absent ones do not limit. */
export interface LoadPath {
  readonly networkGbps?: number;
  readonly diskMBps?: number;
  /** From host memory to the GPUs, all of them together. */
  readonly busGBps?: number;
}

/** Seconds to load weights, and what limits them. */
export function loadTime(bytes: number, path: LoadPath): { readonly seconds: number; readonly limit: string } {
  const rates: [string, number | undefined][] = [
    ["network", path.networkGbps === undefined ? undefined : (path.networkGbps * 1e9) / 8],
    ["disk", path.diskMBps === undefined ? undefined : path.diskMBps * 1e6],
    ["bus", path.busGBps === undefined ? undefined : path.busGBps * 1e9],
  ];
  let slowest: [string, number] = ["nothing stated", Number.POSITIVE_INFINITY];
  for (const [name, rate] of rates) if (rate !== undefined && rate < slowest[1]) slowest = [name, rate];
  return { seconds: bytes / slowest[1], limit: slowest[0] };
}

/** What is wrong with the disk for a model; empty when nothing. */
export function diskFindings(bytes: number, disk: { readonly sizeGb: number; readonly readMBps: number }): string[] {
  const findings: string[] = [];
  const needed = (bytes * modelSpaceFactor) / 1e9;
  if (disk.sizeGb < needed)
    findings.push(
      `disk: ${disk.sizeGb} GB; the model needs ${modelSpaceFactor} x ${(bytes / 1e9).toFixed(1)} = ${needed.toFixed(1)} GB`,
    );
  if (disk.readMBps < diskClasses.models.least) {
    const { seconds } = loadTime(bytes, { diskMBps: disk.readMBps });
    findings.push(
      `disk: ${disk.readMBps} MB/s loads ${(bytes / 1e9).toFixed(0)} GB in ${Math.round(seconds)} s; models should lie on ${diskClasses.models.kind} of ${diskClasses.models.least} MB/s (${Math.round(bytes / (diskClasses.models.least * 1e6))} s)`,
    );
  }
  return findings;
}

/** Volumes of a host by what they hold, decimal GB: models, caches and logs within the ranges of the requirements. */
export function volumeSizes(modelBytes: readonly number[]): {
  readonly modelsGb: number;
  readonly cacheGb: number;
  readonly logsGb: number;
} {
  const models = (modelBytes.reduce((sum, one) => sum + one, 0) * modelSpaceFactor) / 1e9;
  return {
    modelsGb: Math.max(50, Math.ceil(models)),
    cacheGb: Math.min(100, Math.max(10, Math.ceil(models / 5))),
    logsGb: 10,
  };
}
