import { metricCatalogue, type Metric, type ScrapeJob } from "../catalogue/metric-catalogue";
import type { ObservabilitySpec, ObservedFleet } from "../observability-spec";
import { selector, type Alert, type Recording, type RuleGroup } from "./rule";

/**
 * An alert on a value is silent when the value is missing, so for every metric behind an alert there is a rule that fires when the
 * metric is missing from a target that answers. Which metrics those are is read off the rules, through the recording rules.
 */
export function absenceAlerts(
  spec: ObservabilitySpec,
  alerts: readonly Alert[],
  recordings: readonly RuleGroup<Recording>[],
): Alert[] {
  const catalogue = specCatalogue(spec.fleets);
  const names = alertedMetrics(alerts, sourceMetrics(recordings), catalogue);
  const watched = [...names].filter((name) => name !== "up").sort();
  const signals = watched.flatMap((name) => {
    const metric = catalogue.get(baseName(name, catalogue));
    return metric === undefined ? [] : [signalAbsent(name, metric)];
  });
  return [...jobsAbsent(spec), ...signals];
}

/** The catalogue for the engines of a spec. */
export function specCatalogue(fleets: readonly ObservedFleet[]): ReadonlyMap<string, Metric> {
  return metricCatalogue(fleets.map(({ engine, engineVersion }) => ({ kind: engine, version: engineVersion })));
}

/** A series name as the catalogue knows it: histograms and summaries are listed once for their three or more series. */
export function baseName(series: string, catalogue: ReadonlyMap<string, Metric>): string {
  if (catalogue.has(series)) return series;
  const base = series.replace(/_(bucket|sum|count)$/, "");
  const type = catalogue.get(base)?.type;
  return type === "histogram" || type === "summary" ? base : series;
}

/** The expressions of each record: the same record may be written by several rules, one per fleet. */
export function sourceMetrics(recordings: readonly RuleGroup<Recording>[]): ReadonlyMap<string, readonly string[]> {
  const sources = new Map<string, string[]>();
  for (const { record, expr } of recordings.flatMap((group) => group.rules)) {
    sources.set(record, [...(sources.get(record) ?? []), expr]);
  }
  return sources;
}

/** The scraped series that alerts rest on, through any number of recording rules. */
export function alertedMetrics(
  alerts: readonly Pick<Alert, "expr">[],
  sources: ReadonlyMap<string, readonly string[]>,
  catalogue: ReadonlyMap<string, Metric>,
): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (expr: string) => {
    for (const name of seriesNames(expr, (word) => sources.has(word) || catalogue.has(baseName(word, catalogue)))) {
      const expressions = sources.get(name);
      if (expressions === undefined) found.add(name);
      else if (!seen.has(name)) {
        seen.add(name);
        expressions.forEach(visit);
      }
    }
  };
  for (const { expr } of alerts) visit(expr);
  return found;
}

/**
 * The known series named in an expression of ours. A plan makes hundreds of them, so they are not parsed for this: words outside
 * texts that are known names. The tests read every expression with the real parser and compare.
 */
export function seriesNames(expr: string, known: (word: string) => boolean): string[] {
  const words = expr.match(/"(?:[^"\\]|\\.)*"|[A-Za-z_:][\w:]*/g) ?? [];
  return [...new Set(words.filter((word) => !word.startsWith('"') && known(word)))];
}

const jobOf: Readonly<Record<ScrapeJob, { readonly component: Alert["component"]; readonly by: string }>> = {
  engine: { component: "engine", by: "fleet, model" },
  gateway: { component: "gateway", by: "node, instance_id" },
  node: { component: "host", by: "node, instance_id, segment" },
  dcgm: { component: "gpu", by: "node, instance_id, fleet" },
  probe: { component: "monitoring", by: "probe, instance" },
  prometheus: { component: "monitoring", by: "instance" },
  alertmanager: { component: "monitoring", by: "instance" },
};

/** Metrics that only some targets of a job have, and which: absence elsewhere is as it should be. */
const only: Readonly<Record<string, string>> = {
  holdfast_model_verified: 'segment="serving"',
  llm_model_manifest_info: 'segment="serving"',
};

function signalAbsent(series: string, { job, engineKind }: Metric): Alert {
  const { component, by } = jobOf[job];
  const kind = engineKind === undefined ? "" : `,engine_kind="${engineKind}"`;
  const some = only[series] === undefined ? "" : `,${only[series]}`;
  const present = series.startsWith("haproxy_backend_") ? `${series}{fleet!=""}` : series;
  return {
    alert: "SignalAbsent",
    expr: `group by (${by}) (up{job="${job}"${kind}${some}} == 1) unless group by (${by}) (${present})`,
    for: "15m",
    severity: "warning",
    component,
    labels: { signal: series },
    summary: `${series} is missing`,
    description: `A target of job ${job} answers, but without ${series}: the alerts on it cannot fire.`,
    runbook: "signal-absent",
  };
}

function jobsAbsent({ fleets }: ObservabilitySpec): Alert[] {
  const jobs: ScrapeJob[] = ["gateway", "node", "probe", "prometheus", "alertmanager"];
  if (fleets.length > 0) jobs.push("dcgm");
  return jobs.map((job) => ({
    alert: "TargetsAbsent",
    expr: `absent_over_time(up${selector({ job })}[10m])`,
    severity: job === "probe" ? "warning" : "critical",
    component: jobOf[job].component,
    labels: { absent_job: job },
    summary: `No target of job ${job} is known`,
    description: "Discovery finds nothing to scrape, so no alert on these targets can fire.",
    runbook: "signal-absent",
  }));
}
