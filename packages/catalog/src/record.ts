/** Where a figure comes from and the day it was true. Every record of the catalogue carries both. */
export interface Sourced {
  /** Document, repository and commit, or page that states the figures. */
  readonly source: string;
  /** ISO date (YYYY-MM-DD) of the source. */
  readonly asOf: string;
}

/** Days after which a price counts as stale: cloud prices moved by a third within one quarter of 2025. */
export const priceExpiryDays = 90;

/** Whole days from one ISO date to another. */
export function daysBetween(from: string, to: string): number {
  return Math.floor((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** Whether a price of `asOf` is older than `priceExpiryDays` on the day `today`. */
export function isStale(record: Pick<Sourced, "asOf">, today: string): boolean {
  return daysBetween(record.asOf, today) > priceExpiryDays;
}
