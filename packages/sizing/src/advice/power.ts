import { findGpu } from "@holdfast/catalog";

/** Draw of a server's parts by the sources' formula, W. */
const cpuWatts = 300;
const systemWatts = 200;
/** Share of the drawn power that a supply passes on. */
const supplyEfficiency = 0.85;
/** A supply is chosen this much larger than the draw. */
const supplyMargin = 1.2;
const hoursPerPowerMonth = 24 * 30;
/** BTU per hour per watt. */
const btuPerWatt = 3.412;
/** Kilowatts of heat that one ton of refrigeration takes. */
const kilowattsPerTon = 3.517;

/** Watts of a GPU as the formula takes them; others count as 400. */
export const formulaGpuWatts: Readonly<Record<string, number>> = {
  "rtx-4090": 450,
  "a100-40": 400,
  "a100-80": 400,
  "h100-sxm": 700,
};

export interface ServerPower {
  /** What the parts take, W. */
  readonly loadWatts: number;
  /** What the supply draws from the wall, W. */
  readonly drawnWatts: number;
  /** Heat to take away, BTU per hour. */
  readonly btuPerHour: number;
  /** The same as tons of refrigeration. */
  readonly tons: number;
  /** Supply to buy, W. */
  readonly supplyWatts: number;
  /** In a month of 30 days at full load. */
  readonly kwhPerMonth: number;
}

/** Power and cooling of one server with some GPUs: load, draw, heat and supply. `gpuWatts` where the card's own figure is known. */
export function serverPower(gpu: string, count: number, gpuWatts?: number): ServerPower {
  const loadWatts = (gpuWatts ?? formulaGpuWatts[gpu] ?? 400) * count + cpuWatts + systemWatts;
  const drawnWatts = loadWatts / supplyEfficiency;
  return {
    loadWatts,
    drawnWatts,
    btuPerHour: loadWatts * btuPerWatt,
    tons: loadWatts / 1000 / kilowattsPerTon,
    supplyWatts: drawnWatts * supplyMargin,
    kwhPerMonth: (drawnWatts * hoursPerPowerMonth) / 1000,
  };
}

/** Watts of a card as a site has to plan them: the formula's where it names the card, else the catalogue's. */
export function plannedGpuWatts(gpu: string): number {
  const record = findGpu(gpu);
  return formulaGpuWatts[record?.id ?? gpu] ?? record?.watts ?? 400;
}

/** Air through a server, cubic feet a minute, to carry so many watts off at a rise of so many degrees Fahrenheit. */
export function airflow(watts: number, riseFahrenheit: number): number {
  return (watts * 3.16) / riseFahrenheit;
}

export interface SiteEnergy {
  /** kWh per month at the meter, cooling and losses included. */
  readonly kwhPerMonth: number;
  readonly usdPerMonth: number;
  readonly btuPerHour: number;
  readonly tons: number;
}

/**
 * Energy of equipment on one's own site in an average month of 730 hours. `itKilowatts` at full load, `utilisation` the mean share
 * of it, `pue` what the site draws per watt of equipment (1.1 to 1.2 at hyperscalers, 1.4 to 1.6 on average).
 */
export function siteEnergy(itKilowatts: number, utilisation: number, pue: number, usdPerKwh: number): SiteEnergy {
  const kwhPerMonth = itKilowatts * utilisation * pue * 730;
  return {
    kwhPerMonth,
    usdPerMonth: kwhPerMonth * usdPerKwh,
    btuPerHour: itKilowatts * 1000 * btuPerWatt,
    tons: itKilowatts / kilowattsPerTon,
  };
}
