import { durationSeconds } from "@holdfast/core";
import type { ObservabilitySpec } from "../observability-spec";
import type { BucketTarget } from "../bucket-target";
import { fleetSignals } from "./engine-signals";
import { fleetLabels, fleetPromises } from "./promises";
import { selector, type Alert } from "./rule";

/** Below so many requests in five minutes a single failure would look like a broken model. */
const quietRequests = 20;
const busy = `and on (fleet, model) model:llm_requests:rate5m * 300 > ${quietRequests}`;

/** Share of slow answers that a 95th percentile allows. */
const latencyBudget = 0.05;

/** Alerts on what clients get: failures, latency, load. */
export function serviceAlerts(spec: ObservabilitySpec): Alert[] {
  return [...errorAlerts(spec), ...spec.fleets.flatMap((fleet) => fleetAlerts(spec, fleet))];
}

function errorAlerts(spec: ObservabilitySpec): Alert[] {
  const budget = 1 - (spec.availability ?? 0.999);
  const base = { component: "service", runbook: "error-budget" } as const;
  // Windows and factors: Google's SRE workbook, chapter "Alerting on SLOs", for an objective over 30 days.
  const burn = (name: string, long: string, short: string, factor: number, hold: string, critical: boolean): Alert => {
    const limit = round(factor * budget);
    return {
      ...base,
      alert: name,
      expr:
        `model:llm_request_errors:ratio_rate${long} > ${limit} ` +
        `and on (fleet, model) model:llm_request_errors:ratio_rate${short} > ${limit} ${busy}`,
      for: hold,
      severity: critical ? "critical" : "warning",
      labels: { window: long },
      summary: `{{ $labels.fleet }}: errors use up the budget ${factor} times as fast as it lasts`,
      description:
        `{{ $value | humanizePercentage }} of the requests for {{ $labels.model }} failed in the last ${long}. ` +
        `The objective allows ${percent(budget)} over 30 days.`,
    };
  };
  return [
    {
      ...base,
      alert: "LLMErrorRateHigh",
      expr: `model:llm_request_errors:ratio_rate5m > 0.05 ${busy}`,
      for: "2m",
      severity: "critical",
      summary: "{{ $labels.fleet }}: {{ $value | humanizePercentage }} of the requests fail",
      description: "More than 5% of the requests for {{ $labels.model }} end in a server error at the gateway.",
    },
    burn("LLMErrorBudgetBurnFast", "1h", "5m", 14.4, "2m", true),
    burn("LLMErrorBudgetBurnMedium", "6h", "30m", 6, "15m", true),
    burn("LLMErrorBudgetBurnSlow", "1d", "2h", 3, "1h", false),
    burn("LLMErrorBudgetBurnCreeping", "3d", "6h", 1, "3h", false),
  ];
}

function fleetAlerts(spec: ObservabilitySpec, fleet: ObservabilitySpec["fleets"][number]): Alert[] {
  const { ttft, tpot, answer, longest, queueTime } = fleetPromises(fleet, spec);
  const labels = fleetLabels(fleet);
  const own = selector({ fleet: fleet.fleetName });
  const { requestsPerSecond, promptTokens } = fleet.workload;
  const base = { labels, component: "service", runbook: "latency" } as const;
  const alerts: Alert[] = [];
  const latency = (what: "ttft" | "tpot", title: string, name: string, target: BucketTarget) => {
    alerts.push(
      {
        ...base,
        alert: `LLM${name}High`,
        expr: `model:llm_${what}_seconds:p95_5m${own} > ${target.bound}`,
        for: "10m",
        severity: "warning",
        summary: `${fleet.fleetName}: ${title} is {{ $value | humanizeDuration }} at the 95th percentile`,
        description: promised(title, target),
      },
      {
        ...base,
        alert: `LLM${name}BudgetBurn`,
        expr:
          `model:llm_${what}_slo_miss:ratio_rate1h${own} > ${round(14.4 * latencyBudget)} ` +
          `and on (fleet, model) model:llm_${what}_slo_miss:ratio_rate5m${own} > ${round(14.4 * latencyBudget)} ${busy}`,
        for: "2m",
        severity: "critical",
        summary: `${fleet.fleetName}: {{ $value | humanizePercentage }} of the answers miss the promised ${title}`,
        description: `${promised(title, target)} One answer in twenty may be slower.`,
      },
      {
        ...base,
        alert: `LLM${name}BudgetBurnSlow`,
        expr:
          `model:llm_${what}_slo_miss:ratio_rate6h${own} > ${round(6 * latencyBudget)} ` +
          `and on (fleet, model) model:llm_${what}_slo_miss:ratio_rate30m${own} > ${round(6 * latencyBudget)} ${busy}`,
        for: "15m",
        severity: "warning",
        summary: `${fleet.fleetName}: {{ $value | humanizePercentage }} of the answers of six hours missed the promised ${title}`,
        description: `${promised(title, target)} One answer in twenty may be slower.`,
      },
    );
  };
  if (ttft !== undefined) latency("ttft", "time to first token", "TimeToFirstToken", ttft);
  if (tpot !== undefined) latency("tpot", "time per output token", "TimePerOutputToken", tpot);
  if (answer !== undefined) {
    alerts.push({
      ...base,
      alert: "LLMAnswerTimeHigh",
      expr: `model:llm_e2e_seconds:p95_5m${own} > ${answer.bound}`,
      for: "10m",
      severity: "warning",
      summary: `${fleet.fleetName}: answers take {{ $value | humanizeDuration }} at the 95th percentile`,
      description: promised("time to the answer", answer),
    });
  }
  if (longest !== undefined) {
    alerts.push({
      ...base,
      alert: "LLMAnswersNearLongestResponse",
      expr: `model:llm_e2e_seconds:p99_5m${own} > ${longest.bound}`,
      for: "10m",
      severity: "warning",
      summary: `${fleet.fleetName}: one answer in a hundred takes {{ $value | humanizeDuration }}`,
      description: `Answers are cut off at the longest response, ${durationSeconds(spec.longestResponse)} s.`,
    });
  }
  if (queueTime !== undefined) {
    alerts.push({
      ...base,
      alert: "LLMQueueTimeHigh",
      expr: `model:llm_queue_seconds:p95_5m${own} > ${queueTime.bound}`,
      for: "10m",
      severity: "warning",
      runbook: "capacity",
      summary: `${fleet.fleetName}: requests wait {{ $value | humanizeDuration }} in the engines' queue`,
      description: `Half of the promised time to first token is ${round(queueTime.target)} s; the wait alone takes it.`,
    });
  }
  alerts.push({
    ...base,
    alert: "LLMLoadAboveWorkload",
    expr: `model:llm_requests:rate5m${own} > ${round(requestsPerSecond * 1.2)}`,
    for: "30m",
    severity: "warning",
    runbook: "capacity",
    summary: `${fleet.fleetName}: {{ $value | humanize }} requests per second, sized for ${requestsPerSecond}`,
    description:
      "The load is more than 20% above the workload that the hardware was chosen for. Raise it in the environment document.",
  });
  if (fleetSignals(fleet)?.promptLength !== undefined) {
    alerts.push({
      ...base,
      alert: "LLMPromptsLongerThanWorkload",
      expr: `model:llm_prompt_length_tokens:p95_5m${own} > ${promptTokens * 2}`,
      for: "1h",
      severity: "info",
      runbook: "capacity",
      summary: `${fleet.fleetName}: prompts have {{ $value | humanize }} tokens at the 95th percentile, sized for ${promptTokens}`,
      description:
        "Prompts are more than twice as long as the workload says; memory and time to first token were sized for shorter ones.",
    });
  }
  return alerts;
}

function promised(title: string, { target, bound, below }: BucketTarget): string {
  const measured =
    below === undefined ? "" : ` The engine counts at ${below} s and ${bound} s, so it is watched at ${bound} s.`;
  return `The promised ${title} is ${target} s at the 95th percentile.${measured}`;
}

/** Figures in rules without the noise of binary fractions. */
export function round(value: number): number {
  return Number(value.toPrecision(6));
}

function percent(share: number): string {
  return `${round(share * 100)}%`;
}
