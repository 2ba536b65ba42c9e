import { instancePriceLists } from "./data/instance-prices";
import { regionRecords } from "./data/regions";
import { servicePriceRecords } from "./data/service-prices";
import type { Sourced } from "./record";

/** US dollars per hour by instance type, in one region, from one source. */
export interface InstancePriceList extends Sourced {
  readonly region: string;
  readonly usdPerHour: Readonly<Record<string, number>>;
}

/** A price of something that is not an instance. */
export interface ServicePriceRecord extends Sourced {
  readonly id: ServicePriceId;
  /** What is paid for, as a line of a bill says it. */
  readonly what: string;
  /** The unit that `usd` is for. */
  readonly unit: "hour" | "GB" | "GB-month" | "month" | "unit-hour" | "IOPS-month" | "MBps-month" | "10,000 requests";
  /** US dollars per unit and region; `*` where one price holds everywhere. */
  readonly usd: Readonly<Record<string, number>>;
  /** Part of the figures rests on no source that was read. */
  readonly unverified?: string;
}

export const servicePriceIds = [
  "network-load-balancer-hour",
  "network-load-balancer-unit",
  "interface-endpoint-hour",
  "interface-endpoint-gb",
  "ebs-gp3-gb",
  "ebs-gp3-iops",
  "ebs-gp3-throughput",
  "s3-standard-gb",
  "s3-replication-transfer-gb",
  "kms-key-month",
  "kms-requests",
  "cloudwatch-logs-ingest-gb",
  "cloudwatch-logs-storage-gb",
  "secret-month",
  "backup-s3-gb",
  "backup-ebs-gb",
  "private-hosted-zone-month",
  "cross-zone-gb",
] as const;
export type ServicePriceId = (typeof servicePriceIds)[number];

/** A price as it applies to a region, with what has to be said about it. */
export interface Price extends Sourced {
  readonly usd: number;
  /** The region whose list the figure is from, or `*`. */
  readonly region: string;
  /**
   * `listed`: the source states it for this region. `derived`: another size of the family is listed here, and all sizes of a
   * family differ from us-east-1 by one factor. `estimated`: the family is not listed here; the region's median factor was used.
   * `elsewhere`: no figure for this region is known, and the us-east-1 figure stands in.
   */
  readonly basis: "listed" | "derived" | "estimated" | "elsewhere";
  /** What a reader must know about the figure; empty when it is simply listed. */
  readonly caveat: string;
}

/** Hours in the average month, the convention of AWS's own calculators. */
export const hoursPerMonth = 730;

interface Listed {
  readonly usd: number;
  readonly list: InstancePriceList;
}

/** Where instance types of one's own, or missing here, are offered. */
export interface Offering {
  readonly region: string;
  readonly zones: readonly string[];
  readonly types: readonly string[];
}

let index: Map<string, Map<string, Listed>> | undefined;
let ownLists: readonly InstancePriceList[] = [];
let ownOfferings: readonly Offering[] = [];

/** Prices and offerings of one's own: a price of a type that is listed already takes its place. */
export function useOwnPrices(lists: readonly InstancePriceList[], offerings: readonly Offering[]): void {
  ownLists = lists;
  ownOfferings = offerings;
  index = undefined;
}

function listedPrices(region: string): ReadonlyMap<string, Listed> {
  if (index === undefined) {
    index = new Map();
    for (const list of instancePrices()) {
      const types = index.get(list.region) ?? new Map<string, Listed>();
      index.set(list.region, types);
      for (const [type, usd] of Object.entries(list.usdPerHour)) types.set(type, { usd, list });
    }
  }
  return index.get(region) ?? new Map<string, Listed>();
}

/** Every price list of instances, one's own after the built-in ones. */
export function instancePrices(): readonly InstancePriceList[] {
  return [...instancePriceLists, ...ownLists];
}

/** Every price of a service. */
export function servicePrices(): readonly ServicePriceRecord[] {
  return servicePriceRecords;
}

/** Zones of a region where a GPU instance type is offered; empty where it is not. */
export function zonesOffering(type: string, region: string): readonly string[] {
  const built = regionRecords.find((one) => one.id === region)?.gpuTypes.find((group) => group.types.includes(type));
  if (built !== undefined || ownOfferings.length === 0) return built?.zones ?? [];
  return ownOfferings.find((one) => one.region === region && one.types.includes(type))?.zones ?? [];
}

/** On-demand price of an instance type in a region, or nothing where it is not sold or no figure is known anywhere. */
export function instancePrice(type: string, region: string): Price | undefined {
  const here = listedPrices(region);
  const listed = here.get(type);
  if (listed) {
    return { usd: listed.usd, region, basis: "listed", caveat: "", source: listed.list.source, asOf: listed.list.asOf };
  }
  const base = listedPrices("us-east-1").get(type);
  if (base === undefined || region === "us-east-1") return undefined;
  const family = type.slice(0, type.indexOf("."));
  const factors = [...here]
    .map(([other, entry]) => ({
      other,
      factor: entry.usd / (listedPrices("us-east-1").get(other)?.usd ?? Number.NaN),
      entry,
    }))
    .filter(({ factor }) => Number.isFinite(factor));
  const sibling = factors.find(({ other }) => other.startsWith(`${family}.`));
  if (sibling) {
    return {
      usd: round(base.usd * sibling.factor),
      region,
      basis: "derived",
      caveat: `derived: ${base.usd} in us-east-1 x ${sibling.factor.toFixed(4)}, the factor of ${sibling.other} in ${region}`,
      source: sibling.entry.list.source,
      asOf: sibling.entry.list.asOf,
    };
  }
  const isGpu = zonesOffering(type, region).length > 0;
  if (!isGpu && regionRecords.some((one) => one.gpuTypes.some((group) => group.types.includes(type)))) return undefined;
  const sorted = factors.map(({ factor }) => factor).sort((a, b) => a - b);
  const factor = sorted[Math.floor(sorted.length / 2)];
  return {
    usd: round(base.usd * (factor ?? 1)),
    region: factor === undefined ? "us-east-1" : region,
    basis: factor === undefined ? "elsewhere" : "estimated",
    caveat:
      factor === undefined
        ? `no price known for ${region}: the us-east-1 price stands in`
        : `estimated: ${base.usd} in us-east-1 x ${factor.toFixed(4)}, the median factor of ${region}`,
    source: base.list.source,
    asOf: base.list.asOf,
  };
}

/** Price of a service in a region. Where the region's own figure is unknown, the us-east-1 figure with a caveat. */
export function servicePrice(id: ServicePriceId, region: string): Price {
  const record = servicePriceRecords.find((one) => one.id === id);
  if (record === undefined) throw new RangeError(`unknown price "${id}"; known: ${servicePriceIds.join(", ")}`);
  const { source, asOf } = record;
  const caveat = record.unverified ?? "";
  const everywhere = record.usd["*"];
  if (everywhere !== undefined) return { usd: everywhere, region: "*", basis: "listed", caveat, source, asOf };
  const own = record.usd[region];
  if (own !== undefined) return { usd: own, region, basis: "listed", caveat, source, asOf };
  return {
    usd: record.usd["us-east-1"] ?? 0,
    region: "us-east-1",
    basis: "elsewhere",
    caveat: [`no price known for ${region}: the us-east-1 price stands in`, caveat].filter(Boolean).join("; "),
    source,
    asOf,
  };
}

function round(usd: number): number {
  return Math.round(usd * 1e5) / 1e5;
}
