import { siteEnergy } from "../advice/power";

/** A way to pay for a rented instance. */
export interface PurchaseOption {
  readonly name: "on-demand" | "reserved-1y" | "reserved-3y" | "spot" | "capacity-block";
  /** Share of the on-demand price. */
  readonly share: number;
  readonly commitment: string;
  readonly caveat: string;
}

/**
 * Shares of the on-demand price. Real offers differ by type, region and day: every share but the first is a rule of thumb and says
 * so; pass your own where you have an offer.
 */
export const purchaseOptions: readonly PurchaseOption[] = [
  { name: "on-demand", share: 1, commitment: "none", caveat: "" },
  {
    name: "reserved-1y",
    share: 0.7,
    commitment: "12 months paid whether used or not",
    caveat: "rule of thumb, 25 to 40 % off",
  },
  {
    name: "reserved-3y",
    share: 0.48,
    commitment: "36 months paid whether used or not",
    caveat: "rule of thumb, 45 to 60 % off",
  },
  {
    name: "spot",
    share: 0.42,
    commitment: "may be taken back within two minutes: batch work only",
    caveat: "rule of thumb from one listing of p5en (26.6 to 27.2 of 63.3 $/h, 2026-08-06)",
  },
  {
    name: "capacity-block",
    share: 0.72,
    commitment: "paid ahead for 1 to 182 days from a fixed date",
    caveat: "rule of thumb from late 2024 rates (p5 39.33 of 55.04 $/h today)",
  },
];

/** Monthly cost of instances under one option: what is committed is paid for every hour, the rest for the hours used. */
export function monthlyCost(usdPerHour: number, instances: number, option: PurchaseOption, hoursUsed = 730): number {
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
