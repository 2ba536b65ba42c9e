import { purchaseKinds, purchasePrice, type Sourced } from "@holdfast/catalog";
import { siteEnergy } from "../advice/power";

export const purchaseNames = ["on-demand", ...purchaseKinds] as const;
export type PurchaseName = (typeof purchaseNames)[number];

/** A way to pay for a rented instance. */
export interface PurchaseOption extends Sourced {
  readonly name: PurchaseName;
  /** Share of the on-demand price. */
  readonly share: number;
  readonly commitment: string;
  /** What the share rests on; empty where it is a list price. */
  readonly caveat: string;
  /** The source states a price of this type in this region, not a share: it ages by itself. */
  readonly listed?: boolean;
}

/**
 * Shares of the on-demand price where the catalogue has no price of the type (`purchaseOption`). Real offers differ by type, region
 * and day: every share but the first is a rule of thumb and says so; put your own in its place where you have an offer.
 */
export const purchaseOptions: readonly PurchaseOption[] = [
  {
    name: "on-demand",
    share: 1,
    commitment: "none",
    caveat: "",
    source: "the price list of the instance type",
    asOf: "2026-07-20",
  },
  {
    name: "reserved-1y",
    share: 0.7,
    commitment: "12 months paid whether used or not",
    caveat: "rule of thumb: reserved GPU instances are 30 to 60 % off by term and payment, 30 is taken",
    source: "disintermediate.global, how GPU cloud pricing works (first quarter of 2026)",
    asOf: "2026-03-31",
  },
  {
    name: "reserved-3y",
    share: 0.5,
    commitment: "36 months paid whether used or not",
    caveat: "rule of thumb: reserved GPU instances are 30 to 60 % off by term and payment, 50 is taken",
    source: "disintermediate.global, how GPU cloud pricing works (first quarter of 2026)",
    asOf: "2026-03-31",
  },
  {
    name: "spot",
    share: 0.37,
    commitment: "may be taken back within two minutes: batch work only",
    caveat: "rule of thumb: the median of 45 GPU types in us-east-2, which ask for 0.19 to 0.76",
    source: "website.spot.ec2.aws.a2z.com/spot.json, through alexei-led/spotinfo@2ed73c3",
    asOf: "2026-08-10",
  },
  {
    name: "capacity-block",
    share: 0.87,
    commitment: "paid ahead for 1 to 182 days from a fixed date",
    caveat: "rule of thumb: the median of seven types in us-east-1, which ask for 0.62 to 1",
    source: "Amazon EC2 Capacity Blocks for ML pricing page, rates from 2026-10-07 as reported on 2026-10-03",
    asOf: "2026-10-07",
  },
];

/** The option as it applies to a type in a region: the catalogue's price where it has one, else the rule of thumb. */
export function purchaseOption(name: PurchaseName, type: string, region: string): PurchaseOption {
  const rule = purchaseOptions.find((one) => one.name === name);
  if (rule === undefined) throw new RangeError(`unknown way to pay "${name}"; known: ${purchaseNames.join(", ")}`);
  const price = name === "on-demand" ? undefined : purchasePrice(name, type, region);
  if (price === undefined) return rule;
  const { share, basis, caveat, source, asOf } = price;
  return { ...rule, share, caveat, source, asOf, listed: basis === "listed" };
}

/** Families that capacity blocks are sold for. */
const blockFamilies = /^p[456]/;

/** Why an instance type cannot be bought that way, or nothing. */
export function notOffered(option: PurchaseName, instanceType: string): string | undefined {
  if (option === "capacity-block" && !blockFamilies.test(instanceType))
    return `capacity blocks are sold for p4, p5 and p6 only, not for ${instanceType}`;
  return undefined;
}

/** Monthly cost of instances under one option: what is committed is paid for every hour, the rest for the hours used. */
export function monthlyCost(
  usdPerHour: number,
  instances: number,
  option: Pick<PurchaseOption, "name" | "share">,
  hoursUsed = 730,
): number {
  const hours = option.name.startsWith("reserved") ? 730 : hoursUsed;
  return usdPerHour * option.share * instances * hours;
}

/** Hardware that one buys. US dollars, kilowatts, years. */
export interface OwnedHardware {
  readonly purchaseUsd: number;
  readonly servers: number;
  /** Years until it is replaced. @default 4 */
  readonly lifeYears?: number;
  /** Value left at the end, share of the purchase price. @default 0.1 */
  readonly residualShare?: number;
  /** Full load of one server. */
  readonly kilowatts: number;
  /** Mean share of full load that is drawn. @default 0.7 */
  readonly utilisation?: number;
  /** @default 1.4 */
  readonly pue?: number;
  /** @default 0.12 */
  readonly usdPerKwh?: number;
  /** Rack, network and remote hands, per server and month. @default 500 */
  readonly hostingUsdPerMonth?: number;
  /** Support and spares per year, share of the purchase price. @default 0.05 */
  readonly maintenanceShare?: number;
  /** People, full-time equivalents. @default 0.5 */
  readonly people?: number;
  /** Cost of one person per year. @default 150000 */
  readonly usdPerPersonYear?: number;
}

export interface OwnedCost {
  readonly depreciationUsd: number;
  readonly powerUsd: number;
  readonly hostingUsd: number;
  readonly maintenanceUsd: number;
  readonly peopleUsd: number;
  /** All of it per month. */
  readonly monthlyUsd: number;
}

/** What owned hardware costs per month over its life, people included. Every default is an assumption. */
export function ownedCost(hardware: OwnedHardware): OwnedCost {
  const { servers, lifeYears = 4, residualShare = 0.1, utilisation = 0.7, pue = 1.4, usdPerKwh = 0.12 } = hardware;
  const { hostingUsdPerMonth = 500, maintenanceShare = 0.05, people = 0.5, usdPerPersonYear = 150_000 } = hardware;
  const bought = hardware.purchaseUsd * servers;
  const depreciationUsd = (bought * (1 - residualShare)) / (lifeYears * 12);
  const powerUsd = siteEnergy(hardware.kilowatts * servers, utilisation, pue, usdPerKwh).usdPerMonth;
  const hostingUsd = hostingUsdPerMonth * servers;
  const maintenanceUsd = (bought * maintenanceShare) / 12;
  const peopleUsd = (people * usdPerPersonYear) / 12;
  return {
    depreciationUsd,
    powerUsd,
    hostingUsd,
    maintenanceUsd,
    peopleUsd,
    monthlyUsd: depreciationUsd + powerUsd + hostingUsd + maintenanceUsd + peopleUsd,
  };
}
