import type { PlanDocument } from "../../plan/plan-schema";
import { dollars, unitDollars } from "../format";

export function Cost({ cost }: { cost: PlanDocument["cost"] }) {
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
                <td class="mono">{line.asOf}</td>
                <td class="dim">{line.source}</td>
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
      {cost.notPriced.length > 0 ? (
        <p class="dim">Charged by use or without a known price, so not in the sum: {cost.notPriced.join("; ")}.</p>
      ) : null}
    </section>
  );
}
