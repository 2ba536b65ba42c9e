import type { PlanDocument } from "../../plan/plan-schema";
import { count, shortUrn } from "../format";

type Endpoint = PlanDocument["exposure"]["endpoints"][number];

/** The exposure proof: for each endpoint the way in, or what says no. */
export function Exposure({ exposure }: { exposure: PlanDocument["exposure"] }) {
  const open = exposure.endpoints.filter(({ verdict }) => verdict !== "none");
  const closed = exposure.endpoints.filter(({ verdict }) => verdict === "none");
  const assumptions = texts(exposure.assumptions);
  return (
    <section id="exposure">
      <h2>Who can reach it from outside</h2>
      {open.length === 0 ? (
        <p class="good">Nobody: for each of {count(closed.length, "endpoint")} something says no on every way in.</p>
      ) : (
        open.map((endpoint) => <Open endpoint={endpoint} />)
      )}
      {closed.length > 0 ? (
        <details>
          <summary>What says no: {count(closed.length, "endpoint")}</summary>
          <div class="scroll">
            <table>
              <tbody>
                {closed.map((endpoint) => (
                  <tr>
                    <td>{shortUrn(endpoint.endpoint)}</td>
                    <td>
                      {texts(endpoint.cut).map((line) => (
                        <div>{line}</div>
                      ))}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      ) : null}
      {assumptions.length > 0 ? (
        <details>
          <summary>What the proof takes for granted</summary>
          <ul>
            {assumptions.map((line) => (
              <li>{line}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}

function Open({ endpoint }: { endpoint: Endpoint }) {
  return (
    <div class="card">
      <h3 class={endpoint.verdict === "exposed" ? "bad" : "warn"}>
        {endpoint.verdict === "exposed" ? "Exposed" : "Cannot tell"}: {shortUrn(endpoint.endpoint)}
      </h3>
      <ol class="mono">
        {[...(endpoint.path ?? []), ...texts(endpoint.unknown)].map((hop) => (
          <li>{hop}</li>
        ))}
      </ol>
    </div>
  );
}

/** Every rule's verdict that is not a pass. */
export function Findings({ plan }: { plan: PlanDocument }) {
  return (
    <section id="findings">
      <h2>Policy findings</h2>
      {plan.findings.length === 0 ? (
        <p class="good">
          None: {count(plan.policy.rules, "rule")} gave {count(plan.policy.evaluated, "verdict")}, all of them pass.
        </p>
      ) : (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th>rule</th>
                <th>verdict</th>
                <th>resource</th>
                <th>what, and what to do</th>
                <th>controls</th>
              </tr>
            </thead>
            <tbody>
              {plan.findings.map((finding) => (
                <tr>
                  <td class="mono">{finding.rule}</td>
                  <td>
                    <span class={`badge ${tone(finding)}`}>
                      {finding.waiver === undefined ? `${finding.verdict}, ${finding.level}` : "waived"}
                    </span>
                  </td>
                  <td>
                    {shortUrn(finding.urn)}
                    {finding.property ? (
                      <>
                        <br />
                        <code>{finding.property}</code>
                      </>
                    ) : null}
                  </td>
                  <td>
                    {finding.message}
                    <br />
                    <span class="dim">{finding.remedy}</span>
                  </td>
                  <td class="dim">{finding.controls.join(", ")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function tone(finding: PlanDocument["findings"][number]): string {
  if (finding.waiver !== undefined) return "dim";
  return finding.verdict === "fail" && finding.level === "mandatory" ? "bad" : "warn";
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
