import { findGpu, type InstanceRecord, type Price } from "@holdfast/catalog";

/** A server that one has or would buy, in place of the cloud's instance types. Memory and storage in decimal GB, network in Gb/s. */
export interface OwnServer {
  /** What the result calls it, for example `1 x rtx-4090 server`. */
  readonly name: string;
  /** Catalogue id of its GPUs. */
  readonly gpu: string;
  readonly gpus: number;
  readonly cores: number;
  readonly memoryGb: number;
  readonly storageGb: number;
  readonly networkGbps: number;
  /** What owning one costs per hour of its life, US dollars: depreciation, power, place, maintenance. People are not in it. */
  readonly usdPerHour: number;
  /** What the price rests on, and its date. */
  readonly priceSource: string;
  readonly priceAsOf: string;
}

/** The region that results on own hardware name. */
export const onPremises = "on premises";

/** The server in the shape of an instance type, for the search. */
export function asInstance(server: OwnServer): InstanceRecord {
  return {
    type: server.name,
    gpu: server.gpu,
    gpus: server.gpus,
    gpuMiB: findGpu(server.gpu)?.reportedMiB ?? 0,
    vcpus: server.cores,
    memoryMiB: Math.round((server.memoryGb * 1e9) / 2 ** 20),
    networkMbps: server.networkGbps * 1000,
    ebsMbps: 0,
    localNvmeGb: server.storageGb,
    efaInterfaces: 0,
    networkCards: 1,
    source: server.priceSource,
    asOf: server.priceAsOf,
  };
}

/** The hourly cost of a server as a price. */
export function ownPrice(server: OwnServer): Price {
  return {
    usd: server.usdPerHour,
    region: onPremises,
    basis: "listed",
    caveat: "",
    source: server.priceSource,
    asOf: server.priceAsOf,
  };
}
