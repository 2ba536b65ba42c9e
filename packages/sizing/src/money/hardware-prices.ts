import { findGpu, type Sourced } from "@holdfast/catalog";

/** What one card costs to buy, US dollars, from and to. */
export interface HardwarePrice extends Sourced {
  readonly gpu: string;
  readonly from: number;
  readonly to: number;
}

/** Street prices by catalogue id, beside those that the catalogue's own GPU records carry. Cards without one have to be priced by their buyer. */
const streetPrices: readonly HardwarePrice[] = [
  {
    gpu: "rtx-5090",
    from: 1999,
    to: 1999,
    source: "weblidera.com, RTX 5090 vs A100 vs H100 (manufacturer's price)",
    asOf: "2026-03-27",
  },
  {
    gpu: "a100-40",
    from: 10_000,
    to: 15_000,
    source: "weblidera.com, RTX 5090 vs A100 vs H100 (the price of the 80 GB card stands in: rather too much)",
    asOf: "2026-03-27",
  },
  {
    gpu: "a100-80",
    from: 10_000,
    to: 15_000,
    source: "weblidera.com, RTX 5090 vs A100 vs H100",
    asOf: "2026-03-27",
  },
  { gpu: "h100-sxm", from: 25_000, to: 30_000, source: "data-gate.ch, GPU market analysis 2026", asOf: "2026-05-25" },
  {
    gpu: "b200-sxm",
    from: 40_000,
    to: 50_000,
    source: "data-gate.ch, GPU market analysis 2026 (estimated there)",
    asOf: "2026-05-25",
  },
  { gpu: "mi300x", from: 15_000, to: 20_000, source: "data-gate.ch, GPU market analysis 2026", asOf: "2026-05-25" },
];

/** The purchase price of a card, or nothing where none was found. */
export function hardwarePrice(gpu: string): HardwarePrice | undefined {
  const record = findGpu(gpu);
  if (record?.purchaseUsd !== undefined) return { gpu: record.id, ...record.purchaseUsd };
  return streetPrices.find((one) => one.gpu === record?.id);
}

/** Share of a server's price that its GPUs are: 0.6 to 0.7 (amcompute.com, HGX, DGX, MGX, 2026-03). */
export const gpuShareOfServer = 0.65;
/** Least that the rest of a server costs, US dollars: processor, memory, disks, supplies, for 1, up to 4 and more cards. Assumptions. */
const leastRestUsd = [5000, 12_000, 40_000] as const;

/** Price of a server with so many cards: their price, and the rest in proportion to it. */
export function serverPrice(
  gpu: string,
  count: number,
): { readonly usd: number; readonly price: HardwarePrice } | undefined {
  const price = hardwarePrice(gpu);
  if (price === undefined) return undefined;
  const cards = ((price.from + price.to) / 2) * count;
  const least = leastRestUsd[count <= 1 ? 0 : count <= 4 ? 1 : 2];
  return { usd: cards + Math.max(least, cards / gpuShareOfServer - cards), price };
}
