import type { PlanDocument } from "../../plan/plan-schema";
import { count } from "../format";

/** The drawn network, and the same flows as a table for auditors. */
export function Network({ plan, diagram }: { plan: PlanDocument; diagram: string }) {
  return (
    <section id="network">
      <h2>Network</h2>
      <p class="dim">What has no arrow is denied. Point at an arrow for its purpose.</p>
      <div class="diagram" dangerouslySetInnerHTML={{ __html: diagram }} />
      <details>
        <summary>Access matrix: {count(plan.accessMatrix.length, "flow")}</summary>
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th>from</th>
                <th>to</th>
                <th>port</th>
                <th>purpose</th>
              </tr>
            </thead>
            <tbody>
              {plan.accessMatrix.map((flow) => (
                <tr>
                  <td>{flow.from}</td>
                  <td>{flow.to}</td>
                  <td class="mono">
                    {flow.protocol} {flow.port}
                    {flow.toPort !== undefined && flow.toPort !== flow.port ? `-${flow.toPort}` : ""}
                  </td>
                  <td>{flow.purpose}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}
