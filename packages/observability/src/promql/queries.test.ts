import { describe, expect, it } from "vitest";
import { vllmVersionsRead } from "../catalogue/vllm-changes";
import { dashboardSpecs } from "../dashboards/dashboard-files";
import { prodLikeSpec } from "../fixtures/prod-like-spec";
import type { ObservabilitySpec } from "../observability-spec";
import { baseName, seriesNames, sourceMetrics, specCatalogue } from "../rules/absence-alerts";
import { compileRules } from "../rules/rule-files";
import { queryProblems, resultLabels, type KnownSeries } from "./check-query";
import { readQuery } from "./read-query";

interface Named {
  readonly where: string;
  readonly text: string;
}

/** Everything a spec compiles to, and what is known to exist for its engine versions. */
function compiled(spec: ObservabilitySpec): { known: KnownSeries; queries: Named[] } {
  const rules = compileRules(spec);
  const alerts = rules.alerts.flatMap((group) => group.rules);
  const recordings = rules.recordings.flatMap((group) => group.rules);
  const recorded = new Map<string, ReadonlySet<string>>();
  const common = ["alertname", "alertstate", "severity", "component", "owner"];
  const known: KnownSeries = {
    catalogue: specCatalogue(spec.fleets),
    recorded,
    alertLabels: new Set([...common, ...alerts.flatMap(({ labels }) => Object.keys(labels ?? {}))]),
  };
  // In order of dependence, whatever the order of the groups: a record may rest on others.
  let waiting = recordings;
  while (waiting.length > 0) {
    const ready = waiting.filter(
      ({ expr }) => seriesNames(expr, (word) => waiting.some(({ record }) => record === word)).length === 0,
    );
    expect(
      ready.length,
      `records that rest on each other: ${waiting.map(({ record }) => record).join(", ")}`,
    ).toBeGreaterThan(0);
    for (const { record, expr, labels } of ready) {
      const result = new Set([...resultLabels(expr, known), ...Object.keys(labels ?? {})]);
      recorded.set(record, new Set([...(recorded.get(record) ?? result)].filter((label) => result.has(label))));
    }
    waiting = waiting.filter((rule) => !ready.includes(rule));
  }
  const panels = dashboardSpecs(spec).flatMap(({ uid, rows, variables }) => [
    ...rows.flatMap((row) =>
      row.panels.flatMap((panel) => panel.queries.map(({ expr }) => ({ where: `${uid}: ${panel.title}`, text: expr }))),
    ),
    ...variables.map(({ name, query }) => ({
      where: `${uid}: variable ${name}`,
      text: /^label_values\((.+), \w+\)$/.exec(query)?.[1] ?? query,
    })),
  ]);
  return {
    known,
    queries: [
      ...recordings.map(({ record, expr }) => ({ where: record, text: expr })),
      ...alerts.map(({ alert, expr }) => ({ where: alert, text: expr })),
      ...panels,
    ],
  };
}

const withVersion = (engineVersion: string): ObservabilitySpec => ({
  ...prodLikeSpec,
  fleets: prodLikeSpec.fleets.map((fleet) => ({ ...fleet, engineVersion })),
});
const mixed: ObservabilitySpec = {
  ...prodLikeSpec,
  fleets: prodLikeSpec.fleets.map((fleet, index) => {
    if (index === 1) return { ...fleet, engine: "llamacpp", engineVersion: "0.5.0" };
    return index === 2 ? { ...fleet, engine: "ollama", engineVersion: "0.33.0" } : fleet;
  }),
};

describe("every query of rules and dashboards", () => {
  const specs: [string, ObservabilitySpec][] = vllmVersionsRead.map((version) => [version, withVersion(version)]);
  it.each([...specs, ["beside llama.cpp and Ollama", mixed] as [string, ObservabilitySpec]])(
    "parses, and names only series and labels that exist, for vLLM %s",
    (_, spec) => {
      const { known, queries } = compiled(spec);
      expect(queries.length).toBeGreaterThan(200);
      const problems = queries.flatMap(({ where, text }) =>
        queryProblems(text, known).map((problem) => `${where}: ${problem}`),
      );
      expect(problems).toEqual([]);
    },
  );

  it("is read by the plan for the same series as by the parser", () => {
    const { known, queries } = compiled(mixed);
    const isKnown = (word: string) => known.recorded.has(word) || known.catalogue.has(baseName(word, known.catalogue));
    for (const { where, text } of queries) {
      const parsed = new Set(
        readQuery(text)
          .selectors.map(({ name }) => name)
          .filter(isKnown),
      );
      expect(new Set(seriesNames(text, isKnown)), where).toEqual(parsed);
    }
  });

  it("has an absence rule behind it when it is an alert", () => {
    const rules = compileRules(prodLikeSpec);
    const sources = sourceMetrics(rules.recordings);
    const alerts = rules.alerts.flatMap((group) => group.rules);
    const watched = new Set(alerts.filter(({ alert }) => alert === "SignalAbsent").map(({ labels }) => labels?.signal));
    const behind = (text: string): string[] =>
      readQuery(text).selectors.flatMap(({ name }) => sources.get(name)?.flatMap(behind) ?? [name]);
    for (const { alert, expr } of alerts) {
      const missing = behind(expr).filter((name) => name !== "up" && !watched.has(name));
      expect(missing, alert).toEqual([]);
    }
  });

  it("asks for no metric that a GPU may lack when it is an alert", () => {
    const rules = compileRules(prodLikeSpec);
    const optional = [...specCatalogue(prodLikeSpec.fleets).values()]
      .filter((metric) => metric.optional === true)
      .map(({ name }) => name);
    expect(optional.length).toBeGreaterThan(0);
    for (const { alert, expr } of rules.alerts.flatMap((group) => group.rules)) {
      expect(
        seriesNames(expr, (word) => optional.includes(word)),
        alert,
      ).toEqual([]);
    }
  });
});

describe("queryProblems", () => {
  const { known } = compiled(prodLikeSpec);

  it.each([
    ["vllm:gpu_cache_usage_perc > 0.9", "nobody writes vllm:gpu_cache_usage_perc"],
    ["vllm:time_per_output_token_seconds_bucket", "nobody writes vllm:time_per_output_token_seconds_bucket"],
    ["vllm:time_to_first_token_seconds", "nobody writes vllm:time_to_first_token_seconds"],
    ['vllm:num_requests_running{pod="a"}', "vllm:num_requests_running has no label pod"],
    ["rate(vllm:num_requests_running[5m])", "rate over vllm:num_requests_running, a gauge"],
    ["deriv(vllm:generation_tokens_total[5m])", "deriv over vllm:generation_tokens_total, a counter"],
    ["sum by (pod) (up)", "grouped by pod, which nothing inside has"],
    [
      "histogram_quantile(0.95, vllm:generation_tokens_total)",
      "a quantile over vllm:generation_tokens_total, which has no buckets",
    ],
    [
      "histogram_quantile(0.95, sum by (fleet) (rate(vllm:time_to_first_token_seconds_bucket[5m])))",
      "a quantile over a sum that has lost le",
    ],
    [
      "model:llm_requests:rate5m > on (pod) model:llm_requests:rate5m",
      "matched on pod, which model:llm_requests:rate5m does not have",
    ],
    ["model:llm_requests:rate6m", "nobody writes model:llm_requests:rate6m"],
  ])("finds what is wrong with %s", (text, problem) => {
    expect(queryProblems(text, known)).toContain(problem);
  });

  it("lets a sound query pass", () => {
    expect(
      queryProblems("histogram_quantile(0.5, sum by (le) (rate(vllm:time_to_first_token_seconds_bucket[5m])))", known),
    ).toEqual([]);
  });

  it.each(["sum by (fleet (up)", "rate(up[$__rate_interval])", "up{"])("refuses what is not PromQL: %s", (text) => {
    expect(() => readQuery(text)).toThrow(SyntaxError);
  });
});
