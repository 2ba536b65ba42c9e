import { purchasePriceLists } from "./data/purchase-prices";
import { instancePrice } from "./price";
import type { Sourced } from "./record";

/** Ways to pay for an instance other than by the hour on demand. */
export const purchaseKinds = ["reserved-1y", "reserved-3y", "spot", "capacity-block"] as const;
export type PurchaseKind = (typeof purchaseKinds)[number];

/** What instances cost in one of these ways, US dollars per hour (Linux; reservations standard and without upfront payment). */
export interface PurchasePriceList extends Sourced {
  readonly kind: PurchaseKind;
  /** `*` where one price holds in every region that sells it. */
  readonly region: string;
  readonly usdPerHour: Readonly<Record<string, number>>;
  /** What to know about these prices. */
  readonly note?: string;
}

/** A price of that kind as it applies to a region. */
export interface PurchasePrice extends Sourced {
  /** Share of the region's on-demand price. */
  readonly share: number;
  /** `listed` for the type and region; `derived` from another size of the family; `elsewhere`: the share is another region's. */
  readonly basis: "listed" | "derived" | "elsewhere";
  /** What a reader must know about the figure; empty when it is simply listed. */
  readonly caveat: string;
}

/** Every list of such prices. */
export function purchasePrices(): readonly PurchasePriceList[] {
  return purchasePriceLists;
}

/**
 * What a type costs in that way, or nothing where no list tells. Sizes of a family are reserved at one share of their on-demand
 * prices, so a size that is not listed takes another's; spot prices and blocks have no such rule.
 */
export function purchasePrice(kind: PurchaseKind, type: string, region: string): PurchasePrice | undefined {
  const lists = purchasePriceLists.filter((one) => one.kind === kind);
  const isHere = (list: PurchasePriceList) => list.region === region || list.region === "*";
  const ordered = [...lists.filter(isHere), ...lists.filter((list) => !isHere(list))];
  const familyOf = (one: string) => one.slice(0, one.indexOf("."));
  const found = (matches: (one: string) => boolean, among: readonly PurchasePriceList[]): PurchasePrice | undefined => {
    for (const list of among) {
      const where = list.region === "*" ? region : list.region;
      for (const [one, usd] of Object.entries(list.usdPerHour)) {
        const onDemand = matches(one) ? instancePrice(one, where)?.usd : undefined;
        if (onDemand === undefined) continue;
        const borrowed = [...(one === type ? [] : [one]), ...(isHere(list) ? [] : [`in ${where}`])].join(" ");
        return {
          share: usd / onDemand,
          basis: !isHere(list) ? "elsewhere" : one === type ? "listed" : "derived",
          caveat: [
            list.note,
            borrowed === "" ? undefined : `the share of on-demand ${one === type ? "" : "of "}${borrowed}`,
          ]
            .filter((part) => part !== undefined)
            .join("; "),
          source: list.source,
          asOf: list.asOf,
        };
      }
    }
    return undefined;
  };
  const itself = (one: string) => one === type;
  if (!kind.startsWith("reserved")) return found(itself, ordered);
  const sibling = (one: string) => familyOf(one) === familyOf(type);
  const here = ordered.filter(isHere);
  return found(itself, here) ?? found(sibling, here) ?? found(itself, ordered) ?? found(sibling, ordered);
}
