import { isStale, priceExpiryDays } from "@holdfast/catalog";
import type pico from "picocolors";
import type { CostLine } from "../plan/plan-schema";
import { count } from "./format";

/** A day as YYYY-MM-DD. */
export function isoDate(date: Date): string {
  return date.toISOString().slice(0, 10);
}

type Priced = Pick<CostLine, "asOf" | "source">;

/** The price is another region's, another size's or another type's. */
export function isGuessed({ source }: Pick<Priced, "source">): boolean {
  return /\((derived|estimated|no price known)/.test(source);
}

/** What a reader must know about the prices of a sum: which are old, which are not the region's own. Empty when all are good. */
export function priceDoubts(lines: readonly Priced[], today: string): string[] {
  const stale = lines.filter((line) => isStale(line, today));
  const guessed = lines.filter((line) => isGuessed(line));
  const doubts: string[] = [];
  if (stale.length > 0) {
    const oldest = stale.map(({ asOf }) => asOf).sort()[0] ?? "";
    doubts.push(`${count(stale.length, "price")} older than ${priceExpiryDays} days, the oldest of ${oldest}`);
  }
  if (guessed.length > 0) doubts.push(`${count(guessed.length, "price")} estimated for the region from others`);
  return doubts;
}

/** The doubts as a line of a summary on a terminal, with the line break before it. */
export function doubtfulPrices(
  lines: readonly Priced[],
  colours: ReturnType<typeof pico.createColors>,
  today: string,
): string {
  const doubts = priceDoubts(lines, today);
  return doubts.length === 0 ? "" : `\n${colours.yellow(`prices: ${doubts.join("; ")}; the report names each`)}`;
}
