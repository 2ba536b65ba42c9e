import { isStale } from "@holdfast/catalog";
import type { PlanDocument } from "../../plan/plan-schema";
import { dollars, unitDollars } from "../format";
import { isGuessed, priceDoubts } from "../price-doubts";

export function Cost({ cost, today }: { cost: PlanDocument["cost"]; today: string }) {
  const doubts = priceDoubts(cost.lines, today);
  return (
    <section id="cost">
      <h2>Cost per month</h2>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>what</th>
              <th class="number">quantity</th>
              <th class="number">each</th>
              <th class="number">per month</th>
              <th>price of</th>
              <th>source</th>
            </tr>
          </thead>
          <tbody>
            {cost.lines.map((line) => (
              <tr>
                <td>{line.what}</td>
                <td class="number">{line.quantity.toLocaleString("en-US")}</td>
                <td class="number">{unitDollars(line.unitUsd)}</td>
                <td class="number">{dollars(line.monthlyUsd)}</td>
                <td class="mono">
                  {line.asOf}
                  {isStale(line, today) ? <span class="warn"> STALE</span> : null}
                </td>
                <td class={isGuessed(line) ? "warn" : "dim"}>{line.source}</td>
              </tr>
            ))}
            <tr class="total">
              <td colSpan={3}>together</td>
              <td class="number">{dollars(cost.monthlyUsd)}</td>
              <td colSpan={2} />
            </tr>
          </tbody>
        </table>
      </div>
      {doubts.length > 0 ? <p class="warn">Prices: {doubts.join("; ")}.</p> : null}
      {cost.notPriced.length > 0 ? (
        <p class="dim">Charged by use or without a known price, so not in the sum: {cost.notPriced.join("; ")}.</p>
      ) : null}
    </section>
  );
}
