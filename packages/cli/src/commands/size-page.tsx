import type { Neighbour, ParetoPoint, SitePlan } from "@holdfast/sizing";
import type { PlannedSizing } from "../plan/plan-schema";
import { count, dollars, milliseconds, oneDigit } from "../report/format";
import { Sizing } from "../report/html/sizing";
import { page } from "../report/html/page";
import { numbers, Table } from "../report/html/table";
import { ParetoPlot } from "./pareto-plot";
import { Money, Places } from "./size-page-money";
import type { Decision, SizeResult } from "./size-result";

/** The sizing of one fleet as a page of its own: one file, nothing loaded from anywhere. */
export function sizePage(result: SizeResult, points: readonly ParetoPoint[]): string {
  const { question, sizing, neighbours, money, site, decision, places } = result;
  const { workload, servers, region } = question.need;
  const targets = [
    ...(workload.ttftSeconds === undefined ? [] : [`first token within ${workload.ttftSeconds} s`]),
    ...(workload.tpotMs === undefined ? [] : [`each further within ${workload.tpotMs} ms`]),
  ];
  return page(
    `Sizing of ${sizing.model}`,
    <>
      <p class="dim">
        {workload.promptTokens} prompt and {workload.outputTokens} output tokens at the 95th percentile,{" "}
        {workload.requestsPerSecond} requests/s, {servers === undefined ? region : "on premises"}
        {targets.map((target) => `, ${target}`)}. Predicted from the shape of the model; nothing was run.
      </p>
      {question.assumptions.length === 0 ? null : <p class="warn">Assumed: {question.assumptions.join("; ")}.</p>}
      {result.modelChoice === undefined ? null : (
        <p class="dim">
          Chosen for {result.modelChoice.use}: {result.modelChoice.why.join("; ")}.
        </p>
      )}
      {question.traffic === undefined ? null : <p class="dim">Traffic: {question.traffic.source}.</p>}
      <Sizing sizing={[sizing as unknown as PlannedSizing]} />
      {neighbours.length > 1 ? <Neighbours neighbours={neighbours} /> : null}
      <Pareto points={points} result={result} />
      {site === undefined ? null : <Site site={site} />}
      {places === undefined ? null : <Places places={places} />}
      <Money money={money} generates={sizing.predicted.tpotMs > 0} />
      {decision === undefined ? null : <DecisionSheet decision={decision} />}
      <footer>Weights in fewer bits lose quality: judge them on your own tasks before you choose by this page.</footer>
    </>,
  );
}

function Pareto({ points, result: { sizing } }: { points: readonly ParetoPoint[]; result: SizeResult }) {
  const front = points.filter((point) => point.efficient);
  return (
    <section id="pareto">
      <h2>Cost against latency</h2>
      <p class="dim">
        Every instance type, parallelism, weight format and number of replicas that fits and meets the targets:{" "}
        {points.length}. Formats in fewer bits are shown even where they keep less quality than was asked for.
      </p>
      <div class="diagram">
        <ParetoPlot points={points} chosen={sizing} />
      </div>
      <Table
        columns={[
          { head: "on the line", kind: "mono" },
          "format",
          ...numbers("tensor parallel", "per month", "first token", "per token", "whole request"),
        ]}
        rows={front.map((point) => [
          `${point.instances} x ${point.instanceType}`,
          point.format,
          point.tensorParallel,
          dollars(point.monthlyUsd),
          milliseconds(point.ttftMs),
          milliseconds(point.tpotMs),
          milliseconds(point.requestMs),
        ])}
      />
    </section>
  );
}

function Neighbours({ neighbours }: { neighbours: readonly Neighbour[] }) {
  return (
    <section id="neighbours">
      <h2>Beside it, on the same GPUs</h2>
      <p class="dim">One replica with every slot busy; times are means.</p>
      <Table
        columns={[
          "configuration",
          ...numbers("KV cache GiB", "context", "full contexts", "slots", "per token", "tokens/s"),
          "gains",
          "gives up",
        ]}
        rows={neighbours.map((one) => [
          one.name === "chosen" ? <b>chosen</b> : one.name,
          oneDigit(one.kvGiB),
          one.contextTokens.toLocaleString("en-US"),
          one.fullContexts,
          one.slots,
          milliseconds(one.tpotMs),
          Math.round(one.tokensPerSecond).toLocaleString("en-US"),
          one.gains,
          one.givesUp,
        ])}
      />
    </section>
  );
}

function Site({ site }: { site: SitePlan }) {
  const { energy, power } = site;
  return (
    <section id="site">
      <h2>On premises</h2>
      <p>
        {count(site.servers, "server")}, each drawing {Math.round(power.drawnWatts).toLocaleString("en-US")} W at full
        load: {Math.round(energy.kwhPerMonth).toLocaleString("en-US")} kWh and {dollars(energy.usdPerMonth)} a month,{" "}
        {Math.round(energy.btuPerHour).toLocaleString("en-US")} BTU/h ({energy.tons.toFixed(2)} tons) of heat.
      </p>
      <Table
        columns={["check", "", "finding"]}
        rows={site.checks.map(({ what, ok, finding }) => [
          what,
          <span class={ok ? "good" : "bad"}>{ok ? "ok" : "fails"}</span>,
          finding,
        ])}
      />
    </section>
  );
}

function DecisionSheet({ decision }: { decision: Decision }) {
  const words = { "self-hosted": "host it yourself", cloud: "buy tokens", either: "either will do" };
  return (
    <section id="decision">
      <h2>Self-hosting or a cloud: {words[decision.recommendation]}</h2>
      <Table
        columns={["factor", "leans", "because"]}
        rows={decision.lines.map(({ factor, leans, reason }) => [factor, leans, reason])}
      />
      {decision.assumptions.length === 0 ? null : <p class="warn">Assumed: {decision.assumptions.join("; ")}.</p>}
    </section>
  );
}
