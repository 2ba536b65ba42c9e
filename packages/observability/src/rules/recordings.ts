import { bucketMatcher } from "../bucket-target";
import type { ObservabilitySpec, ObservedFleet } from "../observability-spec";
import { fleetSignals, overSignal, type EngineSignal } from "./engine-signals";
import { fleetLabels, fleetPromises, fleetSignalSelector, promiseRecordings } from "./promises";
import type { Recording, RuleGroup } from "./rule";

/** Windows over which shares of failures are measured; the longest is the window of the slowest budget alert. */
export const errorWindows = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"] as const;
export const latencyWindows = ["5m", "30m", "1h", "6h"] as const;

const perModel = "by (fleet, model)";
const perEngine = "by (fleet, model, instance, node)";

/** Every recording rule of an environment, in groups that run side by side; rules inside a group run in order. */
export function recordingGroups(spec: ObservabilitySpec): RuleGroup<Recording>[] {
  const { fleets } = spec;
  return [
    { name: "holdfast-promises", rules: promiseRecordings(spec) },
    { name: "holdfast-requests", rules: requestRecordings() },
    { name: "holdfast-fleets", rules: fleetRecordings(fleets) },
    { name: "holdfast-latency", rules: [...latencyRecordings(fleets), ...missRecordings(spec)] },
    { name: "holdfast-engines", rules: engineRecordings(fleets) },
    { name: "holdfast-hosts", rules: hostRecordings() },
    { name: "holdfast-gpus", rules: gpuRecordings() },
  ].filter((group) => group.rules.length > 0);
}

/** Requests and failures as clients saw them: an engine neither counts what the gateway answered nor what broke after the first token. */
function requestRecordings(): Recording[] {
  const responses = (window: string, code = "") =>
    `sum ${perModel} (rate(haproxy_backend_http_responses_total{fleet!=""${code}}[${window}]))`;
  return [
    { record: "model:llm_requests:rate5m", expr: responses("5m") },
    ...errorWindows.map((window) => ({
      record: `model:llm_request_errors:ratio_rate${window}`,
      expr: `${responses(window, ',code="5xx"')} / (${responses(window)} > 0)`,
    })),
    {
      record: "model:llm_gateway_retries:rate5m",
      expr: `sum ${perModel} (rate(haproxy_backend_retry_warnings_total{fleet!=""}[5m]))`,
    },
  ];
}

function fleetRecordings(fleets: readonly ObservedFleet[]): Recording[] {
  const tokensPerHour = overSignal(fleets, "promptTokens", (metric) => `sum ${perModel} (rate(${metric}[1h])) * 3600`);
  const outputPerHour = overSignal(
    fleets,
    "generationTokens",
    (metric) => `sum ${perModel} (rate(${metric}[1h])) * 3600`,
  );
  return [
    { record: "fleet:llm_replicas:ready", expr: readyReplicas(fleets) },
    // A host costs from its start on, whether its engines answer or not: so hosts are counted, not engines.
    ...fleets.map((fleet) => ({
      record: "fleet:llm_cost_usd:per_hour",
      expr: `count(up{job="node",fleet=${JSON.stringify(fleet.fleetName)}}) * ${fleet.usdPerHour / fleet.hosts}`,
      labels: fleetLabels(fleet),
    })),
    ...(tokensPerHour === undefined || outputPerHour === undefined
      ? []
      : [
          { record: "model:llm_prompt_tokens:per_hour", expr: tokensPerHour },
          { record: "model:llm_generation_tokens:per_hour", expr: outputPerHour },
          {
            record: "model:llm_cost_usd_per_1m_tokens:1h",
            expr:
              "fleet:llm_cost_usd:per_hour / " +
              "((model:llm_prompt_tokens:per_hour + model:llm_generation_tokens:per_hour) > 0) * 1e6",
          },
          {
            record: "model:llm_cost_usd_per_1m_output_tokens:1h",
            expr: "fleet:llm_cost_usd:per_hour / (model:llm_generation_tokens:per_hour > 0) * 1e6",
          },
        ]),
    {
      record: "model:llm_cost_usd_per_request:1h",
      expr:
        "fleet:llm_cost_usd:per_hour / " +
        `((sum ${perModel} (rate(haproxy_backend_http_responses_total{fleet!=""}[1h])) * 3600) > 0)`,
    },
  ];
}

/** Engines that answer their scrape; for engines without metrics of their own, those that the gateway's checks find well. */
function readyReplicas(fleets: readonly ObservedFleet[]): string {
  const silent = fleets.filter((fleet) => fleetSignals(fleet) === undefined).map(({ fleetName }) => fleetName);
  return [
    `count ${perModel} (up{job="engine"} == 1)`,
    ...(silent.length === 0 ? [] : [`max ${perModel} (haproxy_backend_active_servers{fleet=~"${silent.join("|")}"})`]),
    "0 * fleet:llm_replicas:promise",
  ].join(" or ");
}

const quantiles = [
  ["p50", 0.5],
  ["p95", 0.95],
  ["p99", 0.99],
] as const;

const latencies: readonly (readonly [EngineSignal, string])[] = [
  ["ttft", "llm_ttft_seconds"],
  ["itl", "llm_itl_seconds"],
  ["tpot", "llm_tpot_seconds"],
  ["e2e", "llm_e2e_seconds"],
  ["queueTime", "llm_queue_seconds"],
  ["prefill", "llm_prefill_seconds"],
  ["decode", "llm_decode_seconds"],
  ["promptLength", "llm_prompt_length_tokens"],
  ["outputLength", "llm_output_length_tokens"],
];

function latencyRecordings(fleets: readonly ObservedFleet[]): Recording[] {
  return latencies.flatMap(([signal, name]) =>
    quantiles.flatMap(([label, quantile]) => {
      const expr = overSignal(
        fleets,
        signal,
        (metric) => `histogram_quantile(${quantile}, sum by (fleet, model, le) (rate(${metric}_bucket[5m])))`,
      );
      return expr === undefined ? [] : [{ record: `model:${name}:${label}_5m`, expr }];
    }),
  );
}

/** Share of answers slower than promised. The bound is one that the histogram counts, so the share is exact. */
function missRecordings(spec: ObservabilitySpec): Recording[] {
  return spec.fleets.flatMap((fleet) => {
    const { ttft, tpot } = fleetPromises(fleet, spec);
    const miss = (signal: "ttft" | "tpot", bound: number) => {
      const { metric, matchers } = fleetSignalSelector(fleet, signal);
      return latencyWindows.map((window) => ({
        record: `model:llm_${signal}_slo_miss:ratio_rate${window}`,
        expr:
          `1 - (sum ${perModel} (rate(${metric}_bucket{${matchers},${bucketMatcher(bound)}}[${window}])) / ` +
          `(sum ${perModel} (rate(${metric}_count{${matchers}}[${window}])) > 0))`,
        labels: fleetLabels(fleet),
      }));
    };
    return [
      ...(ttft === undefined ? [] : miss("ttft", ttft.bound)),
      ...(tpot === undefined ? [] : miss("tpot", tpot.bound)),
    ];
  });
}

function engineRecordings(fleets: readonly ObservedFleet[]): Recording[] {
  const rules: Recording[] = [];
  const add = (record: string, signal: EngineSignal, expression: (metric: string) => string) => {
    const expr = overSignal(fleets, signal, expression);
    if (expr !== undefined) rules.push({ record, expr });
  };
  add("engine:llm_requests_running:sum", "running", (metric) => `sum ${perEngine} (${metric})`);
  add("engine:llm_requests_waiting:sum", "waiting", (metric) => `sum ${perEngine} (${metric})`);
  add("model:llm_requests_running:sum", "running", (metric) => `sum ${perModel} (${metric})`);
  add("model:llm_requests_waiting:sum", "waiting", (metric) => `sum ${perModel} (${metric})`);
  add("model:llm_prompt_tokens:rate5m", "promptTokens", (metric) => `sum ${perModel} (rate(${metric}[5m]))`);
  add("model:llm_generation_tokens:rate5m", "generationTokens", (metric) => `sum ${perModel} (rate(${metric}[5m]))`);
  add("engine:llm_prompt_tokens:rate5m", "promptTokens", (metric) => `sum ${perEngine} (rate(${metric}[5m]))`);
  add("engine:llm_generation_tokens:rate5m", "generationTokens", (metric) => `sum ${perEngine} (rate(${metric}[5m]))`);
  add("engine:llm_kv_cache_usage:max", "kvUsage", (metric) => `max ${perEngine} (${metric})`);
  // An average over replicas: a sum of shares means nothing.
  add("model:llm_kv_cache_usage:avg", "kvUsage", (metric) => `avg ${perModel} (${metric})`);
  add("engine:llm_preemptions:rate5m", "preemptions", (metric) => `sum ${perEngine} (rate(${metric}[5m]))`);
  add("model:llm_preemptions:rate5m", "preemptions", (metric) => `sum ${perModel} (rate(${metric}[5m]))`);
  add(
    "model:llm_finished:rate5m",
    "finished",
    (metric) => `sum by (fleet, model, finished_reason) (rate(${metric}[5m]))`,
  );
  add("model:llm_rejections:rate5m", "rejections", (metric) => `sum ${perModel} (rate(${metric}[5m]))`);
  const queries = overSignal(fleets, "prefixQueries", (metric) => `sum ${perModel} (rate(${metric}[30m])) > 0`);
  const hits = overSignal(fleets, "prefixHits", (metric) => `sum ${perModel} (rate(${metric}[30m]))`);
  if (queries !== undefined && hits !== undefined) {
    rules.push({ record: "model:llm_prefix_hit:ratio_rate30m", expr: `(${hits}) / (${queries})` });
  }
  rules.push({
    record: "model:llm_queue:ratio",
    expr:
      "model:llm_requests_waiting:sum / " + "((model:llm_requests_waiting:sum + model:llm_requests_running:sum) > 0)",
  });
  return rules.length === 1 ? [] : rules;
}

const ofHost = "by (node, instance_id, zone, segment, fleet)";

function hostRecordings(): Recording[] {
  return [
    {
      record: "node:host_cpu:ratio_rate5m",
      expr: `1 - avg ${ofHost} (rate(node_cpu_seconds_total{mode="idle"}[5m]))`,
    },
    {
      record: "node:host_memory_used:ratio",
      expr: `1 - sum ${ofHost} (node_memory_MemAvailable_bytes) / sum ${ofHost} (node_memory_MemTotal_bytes)`,
    },
    {
      record: "node:host_network_receive_mbit:rate5m",
      expr: `sum ${ofHost} (rate(node_network_receive_bytes_total{device!="lo"}[5m])) * 8 / 1e6`,
    },
    {
      record: "node:host_network_transmit_mbit:rate5m",
      expr: `sum ${ofHost} (rate(node_network_transmit_bytes_total{device!="lo"}[5m])) * 8 / 1e6`,
    },
    {
      record: "node:host_disk_read_bytes:rate5m",
      expr: `sum ${ofHost} (rate(node_disk_read_bytes_total[5m]))`,
    },
    {
      record: "node:host_disk_written_bytes:rate5m",
      expr: `sum ${ofHost} (rate(node_disk_written_bytes_total[5m]))`,
    },
  ];
}

const ofGpu = "by (UUID, gpu, modelName, node, instance_id, fleet)";

function gpuRecordings(): Recording[] {
  return [
    {
      record: "uuid:gpu_memory_used:ratio",
      expr:
        `sum ${ofGpu} (DCGM_FI_DEV_FB_USED) / (sum ${ofGpu} (DCGM_FI_DEV_FB_USED) + ` +
        `sum ${ofGpu} (DCGM_FI_DEV_FB_FREE) + sum ${ofGpu} (DCGM_FI_DEV_FB_RESERVED))`,
    },
    // The counter is in millijoules, so its rate is in milliwatts.
    {
      record: "uuid:gpu_power_watts:rate5m",
      expr: `sum ${ofGpu} (rate(DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION[5m])) / 1000`,
    },
    { record: "fleet:gpu_active:avg", expr: "avg by (fleet) (DCGM_FI_PROF_GR_ENGINE_ACTIVE)" },
  ];
}
