import { isStale, priceExpiryDays } from "@holdfast/catalog";
import type pico from "picocolors";
import type { CostLine } from "../plan/plan-schema";
import { count } from "./format";

/** A day as YYYY-MM-DD. */
export function isoDate(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** What a reader must know about the prices of a sum: which are old, which are not the region's own. Empty when all are good. */
export function doubtfulPrices(
  lines: readonly Pick<CostLine, "asOf" | "source">[],
  colours: ReturnType<typeof pico.createColors>,
  today: string,
): string {
  const stale = lines.filter((line) => isStale(line, today));
  const guessed = lines.filter(({ source }) => /\((derived|estimated|no price known)/.test(source));
  const doubts: string[] = [];
  if (stale.length > 0) {
    const oldest = stale.map(({ asOf }) => asOf).sort()[0] ?? "";
    doubts.push(`${count(stale.length, "price")} older than ${priceExpiryDays} days, the oldest of ${oldest}`);
  }
  if (guessed.length > 0) doubts.push(`${count(guessed.length, "price")} estimated for the region from others`);
  return doubts.length === 0 ? "" : `\n${colours.yellow(`prices: ${doubts.join("; ")}; the report names each`)}`;
}
