import {
  daysBetween,
  engines,
  findGpu,
  findRegion,
  gpuCount,
  gpus,
  instancePrice,
  instances,
  licences,
  models,
  nearestNames,
  plannableInstances,
  priceExpiryDays,
  regions,
  resolveModelName,
  zonesOffering,
  type EngineRecord,
  type GpuRecord,
  type InstanceRecord,
  type LicenceRecord,
} from "@holdfast/catalog";
import { nearest } from "@holdfast/core";
import type Table from "cli-table3";
import { BadInput, exitCodes, type ExitCode } from "../exit-code";
import { plainTable, tableText } from "../report/plain-table";
import type { Terminal } from "../terminal";
import { gpuDetails, instanceDetails, licenceDetails, modelDetails, recordDetails } from "./catalog-details";
import { listModels, type ModelFilters } from "./catalog-models";
import { recordsWith } from "./records-with";
import { readOwnRecords } from "./own-records";

export interface CatalogOptions extends ModelFilters {
  readonly json?: boolean;
  readonly region: string;
  /** Only the instance types that plans choose from. */
  readonly plannable?: boolean;
  /** Day to judge ages on. */
  readonly today: string;
  /** Folder with records of one's own. */
  readonly from: string;
}

const kinds = ["models", "gpus", "instances", "engines", "licences"] as const;
type Kind = (typeof kinds)[number];

/** Lists one kind of record, filtered, or shows one record whole. */
export function catalog(
  kind: string | undefined,
  text: string | undefined,
  options: CatalogOptions,
  terminal: Pick<Terminal, "out" | "err" | "colours">,
): ExitCode {
  if (kind === undefined)
    throw new BadInput(`state what to list: ${kinds.join(", ")}; or one of the commands add and check`);
  const wanted = kinds.find((one) => one === kind);
  if (wanted === undefined) {
    const near = nearest(kind, kinds);
    throw new BadInput(
      `unknown kind "${kind}"${near ? `; did you mean "${near}"?` : ""}; allowed: ${kinds.join(", ")}, or the commands add and check`,
    );
  }
  if (findRegion(options.region) === undefined) {
    const ids = regions.map(({ id }) => id);
    const near = nearest(options.region, ids);
    throw new BadInput(
      `unknown region "${options.region}"${near ? `; did you mean "${near}"?` : ""}; known: ${ids.join(", ")}`,
    );
  }
  const undo = readOwnRecords(options.from);
  try {
    const one = text === undefined ? undefined : named(wanted, text);
    if (one !== undefined) {
      terminal.out(options.json === true ? `${JSON.stringify([one], null, 2)}\n` : details(wanted, one, options));
      return exitCodes.clean;
    }
    if (wanted === "models") {
      const found = listModels(text, options);
      if (found.records.length === 0 && text !== undefined) throw unknown("models", text);
      terminal.out(options.json === true ? `${JSON.stringify(found.records, null, 2)}\n` : found.text);
      return exitCodes.clean;
    }
    const records = recordsWith(lists[wanted](options), namesOf[wanted], text);
    if (records.length === 0 && text !== undefined) throw unknown(wanted, text);
    terminal.out(
      options.json === true
        ? `${JSON.stringify(records, null, 2)}\n`
        : `${tableText(tables[wanted](records, options))}\n`,
    );
    return exitCodes.clean;
  } finally {
    undo();
  }
}

const lists: Record<Exclude<Kind, "models">, (options: CatalogOptions) => readonly object[]> = {
  gpus: () => gpus,
  instances: ({ plannable }) => (plannable === true ? plannableInstances() : instances),
  engines: () => engines,
  licences: () => licences,
};

const namesOf: Record<Exclude<Kind, "models">, (record: object) => readonly string[]> = {
  gpus: (record) => {
    const { id, name, aliases, gpuClass } = record as GpuRecord;
    return [id, name, gpuClass, ...aliases];
  },
  instances: (record) => {
    const { type, gpu } = record as InstanceRecord;
    return [type, gpu];
  },
  engines: (record) => [(record as EngineRecord).kind],
  licences: (record) => {
    const { id, name } = record as LicenceRecord;
    return [id, name];
  },
};

/** The record of exactly that name, or nothing. */
function named(kind: Kind, text: string): object | undefined {
  const lower = text.toLowerCase();
  switch (kind) {
    case "models": {
      const found = resolveModelName(text);
      return found.ok ? found.model : undefined;
    }
    case "gpus":
      return findGpu(text);
    case "instances":
      return instances.find(({ type }) => type === lower);
    case "licences":
      return licences.find(({ id }) => id === lower);
    case "engines":
      return undefined;
  }
}

const names: Record<Kind, () => readonly string[]> = {
  models: () => models.map(({ id }) => id),
  gpus: () => gpus.map(({ id }) => id),
  instances: () => instances.map(({ type }) => type),
  engines: () => engines.map(({ kind }) => kind),
  licences: () => licences.map(({ id }) => id),
};

function unknown(kind: Kind, text: string): BadInput {
  const answer = kind === "models" ? resolveModelName(text) : undefined;
  if (answer?.ok === false) return new BadInput(answer.reason);
  return new BadInput(`"${text}" is not in the catalogue, nearest: ${nearestNames(text, names[kind]()).join(", ")}`);
}

function details(kind: Kind, record: object, { region, today }: CatalogOptions): string {
  switch (kind) {
    case "models":
      return modelDetails(record as (typeof models)[number], today);
    case "gpus":
      return gpuDetails(record as GpuRecord, today);
    case "instances":
      return instanceDetails(record as InstanceRecord, region, today);
    case "licences":
      return licenceDetails(record as LicenceRecord);
    case "engines":
      return recordDetails(record);
  }
}

const tables: Record<Exclude<Kind, "models">, (records: readonly object[], options: CatalogOptions) => Table.Table> = {
  gpus: (records) => {
    const table = plainTable(["id", "name", "GiB", "GB/s", "W", "as of"], [0, 1, 5]);
    for (const gpu of records as readonly GpuRecord[]) {
      const gib = (gpu.reportedMiB / 1024).toFixed(0);
      table.push([gpu.id, gpu.name, gib, (gpu.bandwidth / 1e9).toFixed(0), gpu.watts, gpu.asOf]);
    }
    return table;
  },
  instances: (records, { region, today }) => {
    const head = ["type", "GPUs", "vCPUs", "GiB", "Gbit/s", `USD/h ${region}`, "price of", "in plans"];
    const table = plainTable(head, [0, 1, 6, 7]);
    for (const one of records as readonly InstanceRecord[]) {
      const cards = `${gpuCount(one)} x ${findGpu(one.gpu)?.name ?? one.gpu}`;
      const price = instancePrice(one.type, region);
      const offered = zonesOffering(one.type, region).length > 0;
      const usd = price === undefined ? "-" : price.usd.toFixed(3);
      const said = price === undefined ? (offered ? "no price known" : "not offered") : priceAge(price.asOf, today);
      const memory = Math.round(one.memoryMiB / 1024);
      const inPlans = one.notPlanned === undefined ? "yes" : "no";
      table.push([one.type, cards, one.vcpus, memory, one.networkMbps / 1000, usd, said, inPlans]);
    }
    return table;
  },
  engines: (records) => {
    const table = plainTable(["engine", "version", "known advisories", "as of"], [0, 1, 2, 3]);
    for (const engine of records as readonly EngineRecord[]) {
      table.push([engine.kind, engine.version, engine.advisories.join(", ") || "none known", engine.asOf]);
    }
    return table;
  },
  licences: (records) => {
    const table = plainTable(["id", "name", "commercial", "obligations"], [0, 1, 2, 3]);
    for (const one of records as readonly LicenceRecord[]) {
      const kindsOf = [...new Set(one.obligations.map(({ kind }) => kind))];
      table.push([one.id, one.name, one.commercial, kindsOf.join(", ") || (one.unverified ?? "none")]);
    }
    return table;
  },
};

/** The day of a price, and that it is stale. */
export function priceAge(asOf: string, today: string): string {
  return daysBetween(asOf, today) > priceExpiryDays ? `${asOf} STALE` : asOf;
}
