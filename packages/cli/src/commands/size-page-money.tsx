import type { MoneyReport, PlaceComparison } from "@holdfast/sizing";
import { dollars, unitDollars } from "../report/format";
import { numbers, Table } from "../report/html/table";
import { percentText, tokensText } from "./size-money";
import { placeRows } from "./size-places";

/** The cloud and servers of one's own, side by side. */
export function Places({ places }: { places: PlaceComparison }) {
  return (
    <section id="places">
      <h2>The cloud and servers of one's own</h2>
      <Table
        columns={[
          "where",
          { head: "what", kind: "mono" },
          ...numbers("first token", "per token", "per month", "per million tokens"),
          "paid",
        ]}
        rows={placeRows(places).map((row) => [
          row.where,
          row.what,
          row.firstToken,
          row.perToken,
          row.monthly,
          row.perMillion,
          <>
            {row.way}
            <Stale stale={row.stale} />
          </>,
        ])}
      />
      {places.why.map((line) => (
        <p>{line}.</p>
      ))}
    </section>
  );
}

/** Every way to have the fleet, and the same tokens bought. */
export function Money({ money, generates }: { money: MoneyReport; generates: boolean }) {
  const { prompt, output } = money.tokensPerMonth;
  return (
    <section id="money">
      <h2>Money</h2>
      <p class="dim">
        A month at {percentText(money.utilisation)} of what the fleet sustains
        {money.utilisationAssumed ? " (assumed)" : ""}: {tokensText(prompt)} {output > 0 ? "prompt" : ""} tokens
        {output > 0 ? ` and ${tokensText(output)} output tokens` : ""}.
      </p>
      <Table
        columns={[
          { head: "have it", kind: "mono" },
          ...numbers("per month", generates ? "per million output tokens" : "per million tokens"),
          { head: "price of", kind: "mono" },
          "terms",
          { head: "source", kind: "dim" },
        ]}
        rows={money.ways.map((way) => [
          way.name,
          dollars(way.monthlyUsd),
          `$${way.usdPerMillion.toFixed(2)}`,
          <>
            {way.asOf}
            <Stale stale={way.stale} />
          </>,
          way.terms,
          `${way.source}${way.caveat === "" ? "" : `; ${way.caveat}`}`,
        ])}
      />
      {money.hosted.length === 0 ? null : <Hosted money={money} />}
      <details>
        <summary>The arithmetic of the money</summary>
        <ul>
          {money.why.map((line) => (
            <li>{line}</li>
          ))}
          {money.hosted[0]?.breakEven.map(({ way, sentences }) => (
            <li>
              even with {way}: {sentences.join("; ")}
            </li>
          ))}
        </ul>
      </details>
      {[...money.notOffered, ...money.doubts].map((line) => (
        <p class={line.startsWith("STALE") ? "warn" : "dim"}>{line}.</p>
      ))}
    </section>
  );
}

function Hosted({ money }: { money: MoneyReport }) {
  const ways = money.hosted[0]?.breakEven.map(({ way }) => way) ?? [];
  return (
    <>
      <h3 style="margin-top: 24px">The same tokens, bought</h3>
      <p class="dim">The last columns: tokens a day from which the fleet, paid that way, is cheaper than the offer.</p>
      <Table
        columns={[
          { head: "offer", kind: "mono" },
          ...numbers("in, per million", "out, per million", "per month"),
          { head: "price of", kind: "mono" },
          ...numbers(...ways.map((way) => `even: ${way}`)),
        ]}
        rows={money.hosted.map(({ offer, monthlyUsd, breakEven, stale }) => [
          <>
            {offer.id}
            {offer.closed === true ? <span class="dim"> (closed)</span> : null}
          </>,
          unitDollars(offer.inputUsd),
          unitDollars(offer.outputUsd),
          dollars(monthlyUsd),
          <>
            {offer.asOf}
            <Stale stale={stale} />
          </>,
          ...breakEven.map(({ tokensPerDay, ofCapacity }) =>
            ofCapacity > 1 ? "never at this size" : tokensText(tokensPerDay),
          ),
        ])}
      />
    </>
  );
}

/** What a price older than its expiry carries. */
function Stale({ stale }: { stale: boolean }) {
  return stale ? <span class="warn"> STALE</span> : null;
}
