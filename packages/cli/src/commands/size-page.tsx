import type { FleetNeed, FleetSizing, ParetoPoint } from "@holdfast/sizing";
import { render } from "preact-render-to-string";
import type { PlannedSizing } from "../plan/plan-schema";
import { dollars, milliseconds } from "../report/format";
import { Sizing } from "../report/html/sizing";
import { style } from "../report/html/style";
import { ParetoPlot } from "./pareto-plot";

/** The sizing of one fleet as a page of its own: one file, nothing loaded from anywhere. */
export function sizePage(need: FleetNeed, sizing: FleetSizing, points: readonly ParetoPoint[]): string {
  const { workload } = need;
  const front = points.filter((point) => point.efficient);
  const body = render(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <title>{`Sizing of ${sizing.model}`}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <main>
          <h1>Sizing of {sizing.model}</h1>
          <p class="dim">
            {workload.promptTokens} prompt and {workload.outputTokens} output tokens at the 95th percentile,{" "}
            {workload.requestsPerSecond} requests/s, {need.region}
            {workload.ttftSeconds === undefined ? "" : `, first token within ${workload.ttftSeconds} s`}
            {workload.tpotMs === undefined ? "" : `, each further within ${workload.tpotMs} ms`}. Predicted from the
            shape of the model; nothing was run.
          </p>
          <Sizing sizing={[sizing as unknown as PlannedSizing]} />
          <section id="pareto">
            <h2>Cost against latency</h2>
            <p class="dim">
              Every instance type, parallelism, weight format and number of replicas that fits and meets the targets:{" "}
              {points.length}. On the line nothing is both cheaper and faster.
            </p>
            <div class="diagram">
              <ParetoPlot points={points} chosen={sizing} />
            </div>
            <div class="scroll">
              <table>
                <thead>
                  <tr>
                    <th>on the line</th>
                    <th>format</th>
                    <th class="number">tensor parallel</th>
                    <th class="number">per month</th>
                    <th class="number">first token</th>
                    <th class="number">per token</th>
                    <th class="number">whole request</th>
                  </tr>
                </thead>
                <tbody>
                  {front.map((point) => (
                    <tr>
                      <td class="mono">
                        {point.instances} x {point.instanceType}
                      </td>
                      <td>{point.format}</td>
                      <td class="number">{point.tensorParallel}</td>
                      <td class="number">{dollars(point.monthlyUsd)}</td>
                      <td class="number">{milliseconds(point.ttftMs)}</td>
                      <td class="number">{milliseconds(point.tpotMs)}</td>
                      <td class="number">{milliseconds(point.requestMs)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </section>
          <footer>
            Weights in fewer bits lose quality: judge them on your own tasks before you choose by this page.
          </footer>
        </main>
      </body>
    </html>,
  );
  return `<!doctype html>\n${body}\n`;
}
