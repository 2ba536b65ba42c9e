import type { MoneyReport, PlaceComparison } from "@holdfast/sizing";
import { dollars, unitDollars } from "../report/format";
import { percentText, tokensText } from "./size-money";
import { Stale, Table } from "./size-page-table";
import { placeRows } from "./size-places";

/** The cloud and servers of one's own, side by side. */
export function Places({ places }: { places: PlaceComparison }) {
  return (
    <section id="places">
      <h2>The cloud and servers of one's own</h2>
      <Table
        head={["where", "what", "first token", "per token", "per month", "per million tokens", "paid"]}
        numbers={[2, 3, 4, 5]}
      >
        {placeRows(places).map((row) => (
          <tr>
            <td>{row.where}</td>
            <td class="mono">{row.what}</td>
            <td class="number">{row.firstToken}</td>
            <td class="number">{row.perToken}</td>
            <td class="number">{row.monthly}</td>
            <td class="number">{row.perMillion}</td>
            <td>
              {row.way}
              <Stale stale={row.stale} />
            </td>
          </tr>
        ))}
      </Table>
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
        head={[
          "have it",
          "per month",
          generates ? "per million output tokens" : "per million tokens",
          "price of",
          "terms",
          "source",
        ]}
        numbers={[1, 2]}
      >
        {money.ways.map((way) => (
          <tr>
            <td class="mono">{way.name}</td>
            <td class="number">{dollars(way.monthlyUsd)}</td>
            <td class="number">${way.usdPerMillion.toFixed(2)}</td>
            <td class="mono">
              {way.asOf}
              <Stale stale={way.stale} />
            </td>
            <td>{way.terms}</td>
            <td class="dim">
              {way.source}
              {way.caveat === "" ? "" : `; ${way.caveat}`}
            </td>
          </tr>
        ))}
      </Table>
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
        head={[
          "offer",
          "in, per million",
          "out, per million",
          "per month",
          "price of",
          ...ways.map((way) => `even: ${way}`),
        ]}
        numbers={[1, 2, 3, 5, 6]}
      >
        {money.hosted.map(({ offer, monthlyUsd, breakEven, stale }) => (
          <tr>
            <td class="mono">
              {offer.id}
              {offer.closed === true ? <span class="dim"> (closed)</span> : null}
            </td>
            <td class="number">{unitDollars(offer.inputUsd)}</td>
            <td class="number">{unitDollars(offer.outputUsd)}</td>
            <td class="number">{dollars(monthlyUsd)}</td>
            <td class="mono">
              {offer.asOf}
              <Stale stale={stale} />
            </td>
            {breakEven.map(({ tokensPerDay, ofCapacity }) => (
              <td class="number">{ofCapacity > 1 ? "never at this size" : tokensText(tokensPerDay)}</td>
            ))}
          </tr>
        ))}
      </Table>
    </>
  );
}
