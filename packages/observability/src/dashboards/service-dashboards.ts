import type { ObservabilitySpec } from "../observability-spec";
import { signalNames, type EngineSignal } from "../rules/engine-signals";
import { errorWindows } from "../rules/recordings";
import { dashboardUids } from "../rules/rule";
import { fleetVariable, type DashboardSpec, type PanelSpec } from "./dashboard";

const own = '{fleet=~"$fleet"}';

/** A recorded percentile in three lines, with the promise where there is one. */
function percentiles(title: string, description: string, record: string, promise?: string): PanelSpec {
  return {
    title,
    description,
    unit: "s",
    queries: [
      ...["p50", "p95", "p99"].map((quantile) => ({
        expr: `${record}:${quantile}_5m${own}`,
        legend: `{{fleet}} ${quantile}`,
      })),
      ...(promise === undefined ? [] : [{ expr: `${promise}${own}`, legend: "{{fleet}} promised (p95)" }]),
    ],
  };
}

/** Dashboards about what clients get: the fleet overview, and one model in depth. */
export function serviceDashboards(spec: ObservabilitySpec): DashboardSpec[] {
  return [overview(spec), model(spec)];
}

function has(spec: ObservabilitySpec, signal: EngineSignal): boolean {
  return signalNames(spec.fleets, signal).length > 0;
}

function overview(spec: ObservabilitySpec): DashboardSpec {
  const budget = 1 - (spec.availability ?? 0.999);
  return {
    uid: dashboardUids.overview,
    title: "Fleet overview",
    description: `Environment ${spec.environment}: is every promise kept, and with how much room.`,
    variables: [fleetVariable],
    rows: [
      {
        title: "Now",
        panels: [
          {
            kind: "number",
            title: "Critical alerts",
            description: "Alerts that wake people. Metric: ALERTS.",
            unit: "none",
            queries: [
              { expr: 'count(ALERTS{alertstate="firing",severity="critical"}) or vector(0)', legend: "critical" },
            ],
            red: 1,
          },
          {
            kind: "number",
            title: "Warnings",
            description: "Alerts for working hours. Metric: ALERTS.",
            unit: "none",
            queries: [
              { expr: 'count(ALERTS{alertstate="firing",severity="warning"}) or vector(0)', legend: "warnings" },
            ],
          },
          {
            kind: "number",
            title: "Requests per second",
            description: "All fleets, over five minutes, as the gateway counts them.",
            unit: "reqps",
            queries: [{ expr: "sum(model:llm_requests:rate5m)", legend: "requests" }],
          },
          {
            kind: "number",
            title: "Cost per hour",
            description: "GPU hosts that run, at their list price.",
            unit: "currencyUSD",
            queries: [{ expr: "sum(fleet:llm_cost_usd:per_hour)", legend: "USD per hour" }],
          },
        ],
      },
      {
        title: "Fleets",
        panels: [
          {
            title: "Replicas that answer",
            description: "Against the number that the workload needs.",
            unit: "none",
            queries: [
              { expr: `fleet:llm_replicas:ready${own}`, legend: "{{fleet}}" },
              { expr: `fleet:llm_replicas:promise${own}`, legend: "{{fleet}} needed" },
            ],
          },
          {
            title: "Request rate",
            description: "Requests per second over five minutes, and the load the hardware was chosen for.",
            unit: "reqps",
            queries: [
              { expr: `model:llm_requests:rate5m${own}`, legend: "{{fleet}}" },
              { expr: `fleet:llm_requests_per_second:promise${own}`, legend: "{{fleet}} sized for" },
            ],
          },
          {
            title: "Failed requests",
            description: "Share of requests that end in a server error at the gateway.",
            unit: "percentunit",
            red: 0.05,
            queries: [{ expr: `model:llm_request_errors:ratio_rate5m${own}`, legend: "{{fleet}}" }],
          },
          ...(has(spec, "e2e")
            ? [
                {
                  title: "Latency, 95th percentile",
                  description: "Whole answers, from arrival in the engine to the last token.",
                  unit: "s",
                  queries: [{ expr: `model:llm_e2e_seconds:p95_5m${own}`, legend: "{{fleet}}" }],
                } as const,
              ]
            : []),
          {
            title: "Tokens per second",
            description: "Written and read by the engines, over five minutes.",
            unit: "short",
            queries: [
              { expr: `model:llm_generation_tokens:rate5m${own}`, legend: "{{fleet}} written" },
              { expr: `model:llm_prompt_tokens:rate5m${own}`, legend: "{{fleet}} read" },
            ],
          },
          {
            title: "GPU memory",
            description:
              "Taken on all GPUs of a fleet, GiB. Engines take their share at the start, so a flat line is normal.",
            unit: "gbytes",
            queries: [{ expr: `sum by (fleet) (DCGM_FI_DEV_FB_USED${own}) / 1024`, legend: "{{fleet}}" }],
          },
          {
            title: "Error budget left, three days",
            description:
              "One minus the share of failures over what the objective allows. Below zero the objective is missed at this pace.",
            unit: "percentunit",
            queries: [
              {
                expr: `1 - model:llm_request_errors:ratio_rate3d${own} / ${Number(budget.toPrecision(6))}`,
                legend: "{{fleet}}",
              },
            ],
          },
          {
            title: "Room",
            description: "Sequences in work as a share of what the replicas can hold.",
            unit: "percentunit",
            red: 1,
            queries: [
              {
                expr: `model:llm_requests_running:sum${own} / fleet:llm_requests_running:promise${own}`,
                legend: "{{fleet}}",
              },
            ],
          },
        ],
      },
    ],
  };
}

function model(spec: ObservabilitySpec): DashboardSpec {
  const when = (signal: EngineSignal, panel: PanelSpec): PanelSpec[] => (has(spec, signal) ? [panel] : []);
  return {
    uid: dashboardUids.model,
    title: "Model and promises",
    description: "One model in depth: latency in its parts, misses, failures, lengths.",
    variables: [fleetVariable],
    rows: [
      {
        title: "Latency",
        panels: [
          ...when(
            "ttft",
            percentiles(
              "Time to first token",
              "From arrival in the engine to the first token.",
              "model:llm_ttft_seconds",
              "fleet:llm_ttft_seconds:promise",
            ),
          ),
          ...when(
            "tpot",
            percentiles(
              "Time per output token",
              "Mean over one answer.",
              "model:llm_tpot_seconds",
              "fleet:llm_tpot_seconds:promise",
            ),
          ),
          ...when(
            "itl",
            percentiles(
              "Between tokens",
              "Time between two tokens of a stream: what a reader sees stutter.",
              "model:llm_itl_seconds",
            ),
          ),
          ...when(
            "e2e",
            percentiles("Whole answer", "From arrival in the engine to the last token.", "model:llm_e2e_seconds"),
          ),
          ...when(
            "queueTime",
            percentiles(
              "Wait in the engine",
              "Below 0.3 s the engine's buckets show nothing.",
              "model:llm_queue_seconds",
            ),
          ),
          ...when(
            "prefill",
            percentiles(
              "Reading the prompt",
              "Prefill: grows with the prompt, bound by computing.",
              "model:llm_prefill_seconds",
            ),
          ),
          ...when(
            "decode",
            percentiles(
              "Writing the answer",
              "Decode: grows with the answer, bound by memory bandwidth.",
              "model:llm_decode_seconds",
            ),
          ),
        ],
      },
      {
        title: "Promises",
        panels: [
          ...(["ttft", "tpot"] as const).flatMap((signal) =>
            spec.fleets.some(
              ({ workload }) => (signal === "ttft" ? workload.ttftSeconds : workload.tpotMs) !== undefined,
            ) && has(spec, signal)
              ? [
                  {
                    title: signal === "ttft" ? "First tokens too late" : "Tokens too slow",
                    description: "Share of answers slower than promised; one in twenty may be.",
                    unit: "percentunit",
                    red: 0.05,
                    queries: ["5m", "1h", "6h"].map((window) => ({
                      expr: `model:llm_${signal}_slo_miss:ratio_rate${window}${own}`,
                      legend: `{{fleet}} ${window}`,
                    })),
                  } as const,
                ]
              : [],
          ),
          {
            title: "Failed requests by window",
            description: "What the error budget alerts compare.",
            unit: "percentunit",
            queries: errorWindows.map((window) => ({
              expr: `model:llm_request_errors:ratio_rate${window}${own}`,
              legend: `{{fleet}} ${window}`,
            })),
          },
        ],
      },
      {
        title: "Requests",
        panels: [
          ...when("promptLength", {
            title: "Prompt length",
            description: "Tokens per prompt.",
            unit: "short",
            queries: ["p50", "p95"].map((quantile) => ({
              expr: `model:llm_prompt_length_tokens:${quantile}_5m${own}`,
              legend: `{{fleet}} ${quantile}`,
            })),
          }),
          ...when("outputLength", {
            title: "Answer length",
            description: "Tokens per answer.",
            unit: "short",
            queries: ["p50", "p95"].map((quantile) => ({
              expr: `model:llm_output_length_tokens:${quantile}_5m${own}`,
              legend: `{{fleet}} ${quantile}`,
            })),
          }),
          ...when("finished", {
            title: "How answers end",
            description:
              "stop: complete. length: cut off by a limit. abort: the client left. error: broken after it began.",
            unit: "reqps",
            queries: [{ expr: `model:llm_finished:rate5m${own}`, legend: "{{fleet}} {{finished_reason}}" }],
          }),
        ],
      },
    ],
  };
}
