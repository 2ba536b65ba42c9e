import type { EngineKind } from "@holdfast/core";
import { alertmanagerMetrics } from "./alertmanager-metrics";
import { blackboxMetrics } from "./blackbox-metrics";
import { dcgmCounters, dcgmLabels } from "./dcgm-counters";
import { haproxyMetrics } from "./haproxy-metrics";
import { hostContractMetrics } from "./host-contract-metrics";
import { llamacppMetrics } from "./llamacpp-metrics";
import { nodeExporterMetrics } from "./node-exporter-metrics";
import { prometheusMetrics } from "./prometheus-metrics";
import { vllmSince, vllmVersionsRead } from "./vllm-changes";
import { vllmMetrics } from "./vllm-metrics";

export type MetricType = "counter" | "gauge" | "histogram" | "summary" | "untyped";

/** The scrape jobs of the compiled `prometheus.yml`. */
export const scrapeJobs = ["engine", "gateway", "node", "dcgm", "probe", "prometheus", "alertmanager"] as const;
export type ScrapeJob = (typeof scrapeJobs)[number];

/** A metric that is known to exist: where it comes from, its type and the labels its exporter puts on it. */
export interface Metric {
  readonly name: string;
  readonly type: MetricType;
  readonly labels: readonly string[];
  readonly job: ScrapeJob;
  /** Engine that has it. @default every target of the job has it */
  readonly engineKind?: EngineKind;
  /** Not every target of the job reports it. @default false */
  readonly optional?: boolean;
}

/** Labels that service discovery and relabelling put on every series of a job. */
export const targetLabels: Readonly<Record<ScrapeJob, readonly string[]>> = {
  engine: ["job", "instance", "node", "fleet", "model", "engine_kind", "engine_version"],
  gateway: ["job", "instance", "node", "instance_id", "zone", "segment", "fleet", "model"],
  node: ["job", "instance", "node", "instance_id", "zone", "segment", "fleet"],
  dcgm: ["job", "instance", "node", "instance_id", "zone", "segment", "fleet"],
  probe: ["job", "instance", "probe", "node"],
  prometheus: ["job", "instance"],
  alertmanager: ["job", "instance"],
};

/** An engine whose metric names are known, with its version. */
export interface EngineVersion {
  readonly kind: EngineKind;
  readonly version: string;
}

/** Why an engine's own metrics cannot be used, or nothing when they can. */
export function engineMetricsProblem({ kind, version }: EngineVersion): string | undefined {
  if (kind !== "vllm") return undefined;
  const oldest = vllmVersionsRead[0];
  const newest = vllmVersionsRead[vllmVersionsRead.length - 1] ?? oldest;
  if (!/^\d+\.\d+\.\d+/.test(version)) return `not a version number, got "${version}"; write for example "${newest}"`;
  if (compareVersions(version, oldest) < 0 || compareVersions(version, newest) > 0) {
    return `metric names of vllm ${version} are not in the catalogue; known: ${oldest} to ${newest}`;
  }
  return undefined;
}

/** Engines whose own metrics the catalogue holds. The others are seen through gateway, host and GPU only. */
export function hasOwnMetrics(kind: EngineKind): boolean {
  return kind === "vllm" || kind === "llamacpp";
}

/** Every metric that the given engines and the platform around them have, by name. */
export function metricCatalogue(engines: readonly EngineVersion[]): ReadonlyMap<string, Metric> {
  const metrics = new Map<string, Metric>();
  const add = (metric: Metric) => metrics.set(metric.name, metric);
  for (const engine of engines) for (const metric of engineMetrics(engine)) add(metric);
  for (const [text, job] of platformTables) for (const metric of parseTable(text, job)) add(metric);
  for (const counter of dcgmCounters) {
    const labels = [...dcgmLabels, ...(counter.labels ?? [])];
    add({
      name: counter.field,
      type: counter.type,
      labels,
      job: "dcgm",
      ...(counter.optional === true && { optional: true }),
    });
  }
  return metrics;
}

/** The metrics of one engine version. */
export function engineMetrics({ kind, version }: EngineVersion): Metric[] {
  if (kind === "llamacpp")
    return parseTable(llamacppMetrics, "engine").map((metric) => ({ ...metric, engineKind: kind }));
  if (kind !== "vllm") return [];
  return parseTable(vllmMetrics, "engine")
    .filter(({ name }) => compareVersions(version, vllmSince[name] ?? vllmVersionsRead[0]) >= 0)
    .map((metric) => ({ ...metric, engineKind: kind }));
}

const platformTables: readonly (readonly [string, ScrapeJob])[] = [
  [haproxyMetrics, "gateway"],
  [nodeExporterMetrics, "node"],
  [hostContractMetrics, "node"],
  [blackboxMetrics, "probe"],
  [prometheusMetrics, "prometheus"],
  [alertmanagerMetrics, "alertmanager"],
];

/** Reads a table of `type name labels` lines. */
export function parseTable(text: string, job: ScrapeJob): Metric[] {
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [type = "", name = "", labels = ""] = line.split(" ");
      return { name, type: type as MetricType, labels: labels === "" ? [] : labels.split(","), job };
    });
}

/** Compares dotted version numbers part by part; what follows the third number does not count. */
export function compareVersions(left: string, right: string): number {
  const numbers = (version: string) => version.split(/[.+-]/).slice(0, 3).map(Number);
  const [first, second] = [numbers(left), numbers(right)];
  for (let index = 0; index < 3; index++) {
    const difference = (first[index] ?? 0) - (second[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
