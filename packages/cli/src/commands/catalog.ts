import { engines, findGpu, gpus, instances, models } from "@holdfast/catalog";
import { nearest } from "@holdfast/core";
import { BadInput, exitCodes, type ExitCode } from "../exit-code";
import { plainTable } from "../report/plain-table";
import type { Terminal } from "../terminal";

const kinds = ["models", "gpus", "instances", "engines"] as const;

/** Lists one kind of record, filtered by a text. */
export function catalog(
  kind: string,
  text: string | undefined,
  options: { json?: boolean },
  terminal: Terminal,
): ExitCode {
  const wanted = kinds.find((one) => one === kind);
  if (wanted === undefined) {
    const near = nearest(kind, kinds);
    throw new BadInput(
      `unknown kind "${kind}"${near ? `; did you mean "${near}"?` : ""}; allowed: ${kinds.join(", ")}`,
    );
  }
  const records: readonly object[] = { models, gpus, instances, engines }[wanted];
  const found = records.filter(
    (record) => text === undefined || JSON.stringify(record).toLowerCase().includes(text.toLowerCase()),
  );
  if (options.json === true) terminal.out(`${JSON.stringify(found, null, 2)}\n`);
  else terminal.out(`${tables[wanted](found)}\n`);
  return exitCodes.clean;
}

const tables: Record<(typeof kinds)[number], (records: readonly object[]) => string> = {
  models: (records) => {
    const table = plainTable(["id", "task", "parameters", "context", "format", "licence"], [0, 1, 4, 5]);
    for (const model of records as typeof models) {
      const billions = `${(model.parameters / 1e9).toLocaleString("en-US", { maximumFractionDigits: 1 })} B`;
      table.push([
        model.id,
        model.task,
        billions,
        model.contextTokens.toLocaleString("en-US"),
        model.nativeFormat,
        model.licence,
      ]);
    }
    return table.toString();
  },
  gpus: (records) => {
    const table = plainTable(["id", "name", "GiB", "GB/s", "as of"], [0, 1, 4]);
    for (const gpu of records as typeof gpus) {
      table.push([gpu.id, gpu.name, (gpu.reportedMiB / 1024).toFixed(0), (gpu.bandwidth / 1e9).toFixed(0), gpu.asOf]);
    }
    return table.toString();
  },
  instances: (records) => {
    const table = plainTable(["type", "GPUs", "vCPUs", "GiB", "network Gbit/s", "as of"], [0, 1, 5]);
    for (const one of records as typeof instances) {
      const cards = `${one.gpus} x ${findGpu(one.gpu)?.name ?? one.gpu}`;
      table.push([one.type, cards, one.vcpus, Math.round(one.memoryMiB / 1024), one.networkMbps / 1000, one.asOf]);
    }
    return table.toString();
  },
  engines: (records) => {
    const table = plainTable(["engine", "version", "known advisories", "as of"], [0, 1, 2, 3]);
    for (const engine of records as typeof engines) {
      table.push([engine.kind, engine.version, engine.advisories.join(", ") || "none known", engine.asOf]);
    }
    return table.toString();
  },
};
