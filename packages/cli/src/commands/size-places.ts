import { isPlace, type Place, type PlaceComparison } from "@holdfast/sizing";
import { dollars, milliseconds } from "../report/format";
import { plainTable, tableText } from "../report/plain-table";
import type { Terminal } from "../terminal";

/** One way to have the fleet in a place, as a row. */
export interface PlaceRow {
  readonly where: string;
  readonly what: string;
  readonly firstToken: string;
  readonly perToken: string;
  readonly way: string;
  readonly monthly: string;
  readonly perMillion: string;
  readonly stale: boolean;
}

/** The rows of a comparison: the price without a promise, and the cheapest steady one where that is another. */
export function placeRows({ places }: PlaceComparison): PlaceRow[] {
  return places.flatMap((place) => (isPlace(place) ? rowsOf(place) : []));
}

function rowsOf({ where, sizing, money }: Place): PlaceRow[] {
  const own = where === "own servers";
  const listed = own ? money.ways.filter((way) => way.name === "owned") : money.ways.slice(0, 1);
  const steady = own || listed.includes(money.steady) || money.steady.name === "owned" ? [] : [money.steady];
  const people = own ? (money.owned?.cost.peopleUsd ?? 0) : 0;
  return [...listed, ...steady].map((way, index) => {
    const rough = way.caveat.startsWith("rule of thumb") ? "~" : "";
    return {
      where: index === 0 ? where : "",
      what: index === 0 ? `${sizing.instances} x ${sizing.instanceType} ${sizing.format}` : "",
      firstToken: index === 0 ? milliseconds(sizing.predicted.ttftMs) : "",
      perToken: index > 0 ? "" : sizing.predicted.tpotMs === 0 ? "-" : milliseconds(sizing.predicted.tpotMs),
      way: people > 0 ? `${way.name}, people ${dollars(people)} of it` : way.name,
      monthly: `${rough}${dollars(way.monthlyUsd)}`,
      perMillion: `${rough}${way.usdPerMillion.toFixed(2)}`,
      stale: way.stale,
    };
  });
}

/** The cloud and servers of one's own, side by side. */
export function placesText(places: PlaceComparison, colours: Terminal["colours"]): string {
  const table = plainTable(["where", "what", "first token", "per token", "USD/month", "USD/1M", "paid"], [0, 1, 6]);
  for (const row of placeRows(places)) {
    const stale = row.stale ? ` ${colours.yellow("STALE")}` : "";
    table.push([row.where, row.what, row.firstToken, row.perToken, row.monthly, row.perMillion, `${row.way}${stale}`]);
  }
  return [colours.bold("the cloud and servers of one's own"), tableText(table), ...places.why].join("\n");
}
