import type { Severity } from "../observability-spec";

/** A recording rule. */
export interface Recording {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What an alert is about: decides its dashboard, and which alerts it silences or is silenced by. */
export type AlertComponent = "service" | "engine" | "gateway" | "gpu" | "host" | "cost" | "monitoring";

/** The runbooks: one file each in docs/runbooks. */
export const runbooks = [
  "capacity",
  "certificates",
  "cost",
  "disk",
  "engine-errors",
  "engine-hung",
  "error-budget",
  "fleet-down",
  "gateway",
  "gpu-hardware",
  "gpu-health",
  "gpu-thermal",
  "host",
  "kv-cache",
  "latency",
  "model-fingerprint",
  "monitoring",
  "signal-absent",
] as const;
export type Runbook = (typeof runbooks)[number];

export const dashboardUids = {
  overview: "holdfast-overview",
  model: "holdfast-model",
  engine: "holdfast-engine",
  gateway: "holdfast-gateway",
  gpu: "holdfast-gpu",
  hosts: "holdfast-hosts",
  cost: "holdfast-cost",
  monitoring: "holdfast-monitoring",
} as const;

/** An alerting rule before labels and links that all alerts share are put on. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  /** How long the condition must hold. @default at once */
  readonly for?: string;
  readonly severity: Severity;
  readonly component: AlertComponent;
  /** Labels that tell rules of one name apart. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
  readonly runbook: Runbook;
}

export interface RuleGroup<Rule> {
  readonly name: string;
  readonly rules: readonly Rule[];
}

/** A PromQL label matcher list, for example `{fleet="chat"}`. */
export function selector(labels: Readonly<Record<string, string>>): string {
  const matchers = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return matchers.length === 0 ? "" : `{${matchers.join(",")}}`;
}
