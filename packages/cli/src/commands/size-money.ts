import { hoursPerMonth } from "@holdfast/catalog";
import type { HostedComparison, MoneyReport, MoneyWay } from "@holdfast/sizing";
import { dollars, unitDollars } from "../report/format";
import { plainTable, tableText } from "../report/plain-table";
import type { Terminal } from "../terminal";
import type { SizeResult } from "./size-result";

type Colours = Terminal["colours"];

/** `18 %`: a share as people read it. */
export function percentText(share: number): string {
  const value = share * 100;
  return `${value >= 10 ? Math.round(value) : Number(value.toPrecision(2))} %`;
}

/** `2.3 million`: tokens as people read them. */
export function tokensText(tokens: number): string {
  if (tokens >= 1e9) return `${(tokens / 1e9).toFixed(1)} billion`;
  if (tokens >= 1e6) return `${(tokens / 1e6).toFixed(1)} million`;
  return Math.round(tokens).toLocaleString("en-US");
}

const stale = (one: { readonly stale: boolean }, colours: Colours) => (one.stale ? ` ${colours.yellow("STALE")}` : "");

/** One line of money for who did not ask for more. */
export function moneyLine({ money, sizing }: SizeResult, colours: Colours): string {
  const [listed] = money.ways;
  if (listed === undefined) return "";
  const what = sizing.predicted.tpotMs > 0 ? "output tokens" : "tokens";
  const offer = money.hosted.find((one) => one.offer.closed !== true);
  const rival =
    offer === undefined
      ? ""
      : `; ${offer.offer.id} takes ${dollars(offer.monthlyUsd)} for the same tokens${stale(offer, colours)}`;
  return `money: ${dollars(listed.monthlyUsd)} a month ${wayName(listed.name)}${stale(listed, colours)} = $${listed.usdPerMillion.toFixed(2)} per million ${what} at ${percentText(money.utilisation)} of what it sustains${money.utilisationAssumed ? " (assumed)" : ""}${rival}`;
}

function wayName(name: MoneyWay["name"]): string {
  return name === "on-demand" ? "on demand" : name;
}

/** What a fleet costs by every way of having it, and against hosted models. */
export function moneyText(result: SizeResult, colours: Colours, explain: boolean): string {
  const { money, sizing } = result;
  const { prompt, output } = money.tokensPerMonth;
  const tokens =
    output > 0
      ? `${tokensText(prompt)} prompt and ${tokensText(output)} output tokens`
      : `${tokensText(prompt)} tokens`;
  const lines = [
    colours.bold("money"),
    `a month of ${hoursPerMonth} hours at ${percentText(money.utilisation)} of what the fleet sustains${money.utilisationAssumed ? " (assumed: mean load is 40 % of the busiest minute's)" : ""}: ${tokens}`,
    "",
    waysTable(money, sizing.predicted.tpotMs > 0, colours),
    ...money.notOffered.map((line) => `  (${line})`),
  ];
  if (money.hosted.length > 0) lines.push("", hostedTable(money, colours), "", verdict(money));
  if (explain) lines.push("", ...money.why.map((line) => `- ${line}`), ...hostedWhy(money.hosted[0]));
  if (money.doubts.length > 0) lines.push("", ...money.doubts.map((line) => colours.yellow(line)));
  return `${lines.join("\n")}\n`;
}

function waysTable(money: MoneyReport, generates: boolean, colours: Colours): string {
  const table = plainTable(
    ["to have it", "USD/month", generates ? "USD/1M output" : "USD/1M", "price of", "terms"],
    [0, 3, 4],
  );
  for (const way of money.ways) {
    const rough = way.caveat.startsWith("rule of thumb") ? "~" : "";
    table.push([
      way.name,
      `${rough}${dollars(way.monthlyUsd)}`,
      `${rough}${way.usdPerMillion.toFixed(2)}`,
      `${way.asOf}${stale(way, colours)}`,
      way.terms,
    ]);
  }
  return tableText(table);
}

function hostedTable(money: MoneyReport, colours: Colours): string {
  const ways = money.hosted[0]?.breakEven.map((one) => one.way) ?? [];
  const table = plainTable(
    ["the tokens bought", "USD in/out", "USD/month", "price of", ...ways.map((way) => `even with ${way}`)],
    [0, 3],
  );
  for (const { offer, monthlyUsd, breakEven, stale: old } of money.hosted) {
    table.push([
      `${offer.id}${offer.closed === true ? " (closed)" : ""}`,
      `${unitDollars(offer.inputUsd)} / ${unitDollars(offer.outputUsd)}`,
      dollars(monthlyUsd),
      `${offer.asOf}${stale({ stale: old }, colours)}`,
      ...breakEven.map(({ tokensPerDay, ofCapacity }) =>
        ofCapacity > 1 ? "never at this size" : `${tokensText(tokensPerDay)} a day`,
      ),
    ]);
  }
  return tableText(table);
}

/** What the bounds of the requirements say of the volume, and what the prices say. */
function verdict(money: MoneyReport): string {
  const rule = {
    cloud: "below 100,000: buy tokens",
    compute: "between 100,000 and 1,000,000: compare prices",
    self: "above 1,000,000: host it yourself",
  }[money.volume];
  const cheapest = money.hosted.find((one) => one.offer.closed !== true);
  const own = money.steady;
  const byPrice =
    cheapest === undefined
      ? "nobody in the list hosts this model"
      : cheapest.monthlyUsd < own.monthlyUsd
        ? `by price ${cheapest.offer.id} is ${dollars(own.monthlyUsd - cheapest.monthlyUsd)} a month cheaper than ${own.name}`
        : `by price ${own.name} is ${dollars(cheapest.monthlyUsd - own.monthlyUsd)} a month cheaper than ${cheapest.offer.id}`;
  return `${tokensText(money.tokensPerDay)} tokens a day; by volume alone ${rule}; ${byPrice}. --decide weighs the rest.`;
}

function hostedWhy(first: HostedComparison | undefined): string[] {
  return (first?.breakEven ?? []).flatMap(({ way, sentences }) => [
    `- even with ${way}: ${sentences.slice(0, 2).join("; ")}`,
  ]);
}
