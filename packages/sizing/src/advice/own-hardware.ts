import { findGpu, gpus, gpusOfClass, type GpuRecord } from "@holdfast/catalog";
import { serverPrice } from "../money/hardware-prices";
import { ownedCost, type OwnedCost, type OwnedHardware } from "../money/purchase";
import type { OwnServer } from "../own-server";
import { plannedGpuWatts, serverPower } from "./power";
import { serverProfiles, type ServerProfile } from "./server-profile";

/** What one's own site costs. Every default is an assumption; see `OwnedHardware` for the meaning and the default of each. */
export type SiteCosts = Partial<Omit<OwnedHardware, "servers" | "kilowatts" | "purchaseUsd">> & {
  /** What one server costs to buy, US dollars. @default from the price of its cards, where one is known */
  readonly serverUsd?: number;
};

/** What is known of the servers. Memory and storage in decimal GB, network in Gb/s, disk reads in MB/s. */
export interface OwnHost {
  readonly gpus?: number;
  readonly cores?: number;
  readonly memoryGb?: number;
  readonly storageGb?: number;
  readonly diskMBps?: number;
  readonly networkGbps?: number;
  /** Watts of each power supply. */
  readonly supplies?: readonly number[];
  /** GPU heat that the cooling takes, W. */
  readonly coolingWatts?: number;
}

export interface OwnQuestion {
  /** GPU class or id. @default every card whose purchase price is known */
  readonly gpuClass?: string;
  readonly profile?: ServerProfile["name"];
  readonly host?: OwnHost;
  readonly costs?: SiteCosts;
}

/** GPUs that a server of one's own is tried with. */
const counts = [1, 2, 4, 8];

/** The profile whose processor, memory, storage and network a server with so many GPUs is planned with. */
export function profileForGpus(count: number): ServerProfile {
  const name = count <= 1 ? "small" : count <= 4 ? "medium" : "large";
  const found = serverProfiles.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(name);
  return found;
}

/** Where a profile leaves a figure open. */
const open = { cores: 96, storageGb: 8000 } as const;

/** Servers that one could own: by profile, by GPU class, or with every card whose price is known; the stated host's own figures first. */
export function ownServers(question: OwnQuestion): OwnServer[] {
  const { gpuClass, profile, host = {}, costs = {} } = question;
  const allowed = serverProfiles.find((one) => one.name === profile)?.gpus;
  const wanted = gpuClass === undefined ? undefined : gpusOfClass(gpuClass).map((gpu) => gpu.id);
  const cards = gpus.filter(
    (gpu) =>
      (wanted?.includes(gpu.id) ?? (allowed !== undefined || serverPrice(gpu.id, 1) !== undefined)) &&
      (allowed === undefined || allowed.some((one) => one.gpu === gpu.id)),
  );
  // A card without a price would look cheaper than all others: it is tried only where no other is.
  const comparable = costs.serverUsd === undefined && cards.some((gpu) => isPriced(gpu.id));
  return (comparable ? cards.filter((gpu) => isPriced(gpu.id)) : cards).flatMap((gpu) => {
    const stated = host.gpus === undefined ? undefined : [host.gpus];
    const each = stated ?? allowed?.find((one) => one.gpu === gpu.id)?.counts ?? counts;
    return each.map((count) => ownServer(gpu, count, question.profile, host, costs));
  });
}

function ownServer(
  gpu: GpuRecord,
  count: number,
  profileName: string | undefined,
  host: OwnHost,
  costs: SiteCosts,
): OwnServer {
  const profile = serverProfiles.find((one) => one.name === profileName) ?? profileForGpus(count);
  const { price, cost } = ownedServerCost(gpu.id, count, 1, costs);
  const own = costs.serverUsd !== undefined;
  return {
    name: `server with ${count} x ${gpu.id}`,
    gpu: gpu.id,
    gpus: count,
    cores: host.cores ?? profile.cores?.[0] ?? open.cores,
    memoryGb: host.memoryGb ?? profile.memoryGb,
    storageGb: host.storageGb ?? profile.storageGb ?? open.storageGb,
    networkGbps: host.networkGbps ?? profile.networkGbps,
    usdPerHour: Math.round(((cost.monthlyUsd - cost.peopleUsd) / 730) * 1e4) / 1e4,
    priceSource: own
      ? "own price"
      : price === undefined
        ? `no purchase price is known for ${gpu.id}: only power, place and nothing of the server itself`
        : price.source,
    priceAsOf: price?.asOf ?? gpu.asOf,
  };
}

export interface OwnedServers {
  readonly servers: number;
  /** What one server costs to buy, US dollars; 0 where no price is known. */
  readonly serverUsd: number;
  /** Where the price of its cards is from; absent with an own price or none. */
  readonly price?: { readonly source: string; readonly asOf: string };
  readonly priced: boolean;
  readonly kilowatts: number;
  readonly cost: OwnedCost;
}

/** What so many servers with so many cards cost to own, people included. */
export function ownedServerCost(gpu: string, count: number, servers: number, costs: SiteCosts): OwnedServers {
  const { serverUsd, ...site } = costs;
  const known = serverUsd === undefined ? serverPrice(gpu, count) : undefined;
  const usd = serverUsd ?? known?.usd ?? 0;
  const kilowatts = serverPower(gpu, count, plannedGpuWatts(gpu)).drawnWatts / 1000;
  return {
    servers,
    serverUsd: usd,
    priced: usd > 0,
    kilowatts,
    cost: ownedCost({ ...site, purchaseUsd: usd, servers, kilowatts }),
    ...(known === undefined ? {} : { price: { source: known.price.source, asOf: known.price.asOf } }),
  };
}

/** Whether a card's purchase price is known. */
export function isPriced(gpu: string): boolean {
  return findGpu(gpu) !== undefined && serverPrice(gpu, 1) !== undefined;
}
