import type { ObservabilitySpec } from "../observability-spec";
import { signalNames, type EngineSignal } from "../rules/engine-signals";
import { dashboardUids } from "../rules/rule";
import { fleetVariable, type DashboardSpec, type PanelSpec } from "./dashboard";
import { gpuDashboard } from "./gpu-dashboard";

const own = '{fleet=~"$fleet"}';

/** Dashboards about the machinery: engines, gateway, GPUs. */
export function engineDashboards(spec: ObservabilitySpec): DashboardSpec[] {
  return [engine(spec), gateway(), gpuDashboard()];
}

function engine(spec: ObservabilitySpec): DashboardSpec {
  const when = (signal: EngineSignal, panel: PanelSpec): PanelSpec[] =>
    signalNames(spec.fleets, signal).length > 0 ? [panel] : [];
  return {
    uid: dashboardUids.engine,
    title: "Engines and KV cache",
    description: "Each engine: how full, how busy, what it throws away.",
    variables: [fleetVariable],
    rows: [
      {
        title: "Load",
        panels: [
          ...when("running", {
            title: "Requests in work",
            description: "Sequences that each engine computes.",
            unit: "none",
            queries: [{ expr: `engine:llm_requests_running:sum${own}`, legend: "{{fleet}} {{instance}}" }],
          }),
          ...when("waiting", {
            title: "Requests waiting",
            description: "In each engine's queue.",
            unit: "none",
            queries: [{ expr: `engine:llm_requests_waiting:sum${own}`, legend: "{{fleet}} {{instance}}" }],
          }),
          ...when("waiting", {
            title: "Waiting against the promise",
            description: "At the promised line the wait alone takes the whole time to first token.",
            unit: "none",
            queries: [
              { expr: `model:llm_requests_waiting:sum${own}`, legend: "{{fleet}}" },
              { expr: `fleet:llm_requests_waiting:promise${own}`, legend: "{{fleet}} limit" },
            ],
          }),
          ...when("generationTokens", {
            title: "Tokens written",
            description: "Per engine and second.",
            unit: "short",
            queries: [{ expr: `engine:llm_generation_tokens:rate5m${own}`, legend: "{{fleet}} {{instance}}" }],
          }),
          ...when("waiting", {
            title: "Share that waits",
            description: "Waiting requests among all requests in the engines.",
            unit: "percentunit",
            queries: [{ expr: `model:llm_queue:ratio${own}`, legend: "{{fleet}}" }],
          }),
          {
            title: "Engines that answer",
            description: "1 when the metrics of an engine in rotation can be read.",
            unit: "none",
            queries: [{ expr: 'up{job="engine",fleet=~"$fleet"}', legend: "{{fleet}} {{instance}}" }],
          },
        ],
      },
      {
        title: "KV cache",
        panels: [
          ...when("kvUsage", {
            title: "KV cache in use",
            description: "A full cache alone is no fault; together with waiting requests it is a bottleneck.",
            unit: "percentunit",
            red: 0.95,
            queries: [{ expr: `engine:llm_kv_cache_usage:max${own}`, legend: "{{fleet}} {{instance}}" }],
          }),
          ...when("preemptions", {
            title: "Work thrown away",
            description: "Requests taken off the GPU per second, to be computed again.",
            unit: "cps",
            queries: [{ expr: `engine:llm_preemptions:rate5m${own}`, legend: "{{fleet}} {{instance}}" }],
          }),
          ...when("prefixHits", {
            title: "Prompt tokens from the cache",
            description: "Share of prompt tokens that need no computing because their beginning was seen before.",
            unit: "percentunit",
            queries: [{ expr: `model:llm_prefix_hit:ratio_rate30m${own}`, legend: "{{fleet}}" }],
          }),
          ...when("rejections", {
            title: "Turned away",
            description: "Requests per second that the engines' queue limit refused.",
            unit: "reqps",
            queries: [{ expr: `model:llm_rejections:rate5m${own}`, legend: "{{fleet}}" }],
          }),
          {
            title: "Model fingerprint",
            description: "Manifest each host has verified. More than one per fleet outside a rollout is a fault.",
            kind: "table",
            unit: "none",
            queries: [{ expr: `count by (fleet, sha256) (llm_model_manifest_info${own})`, legend: "{{fleet}}" }],
          },
        ],
      },
    ],
  };
}

function gateway(): DashboardSpec {
  const lines = (
    title: string,
    description: string,
    unit: PanelSpec["unit"],
    expr: string,
    legend: string,
  ): PanelSpec => ({
    title,
    description,
    unit,
    queries: [{ expr, legend }],
  });
  return {
    uid: dashboardUids.gateway,
    title: "Gateway",
    description: "What clients send, what they get, and what the gateway does about failing engines.",
    variables: [fleetVariable],
    rows: [
      {
        title: "Answers",
        panels: [
          lines(
            "Answers by status",
            "From the gateway's backends.",
            "reqps",
            `sum by (fleet, code) (rate(haproxy_backend_http_responses_total${own}[5m]))`,
            "{{fleet}} {{code}}",
          ),
          lines(
            "Answers to clients by status",
            "Includes what the gateway refuses itself: 401, 403, 413, 429.",
            "reqps",
            "sum by (proxy, code) (rate(haproxy_frontend_http_responses_total[5m]))",
            "{{proxy}} {{code}}",
          ),
          lines(
            "Refused requests",
            "Denied by the gateway's rules.",
            "reqps",
            "sum by (proxy) (rate(haproxy_frontend_requests_denied_total[5m]))",
            "{{proxy}}",
          ),
        ],
      },
      {
        title: "Towards the engines",
        panels: [
          lines(
            "Engines in use",
            "Healthy engines each gateway host sees.",
            "none",
            `haproxy_backend_active_servers${own}`,
            "{{fleet}} from {{node}}",
          ),
          lines(
            "Waiting at the gateway",
            "Requests for which every engine is full.",
            "none",
            `sum by (fleet) (haproxy_backend_current_queue${own})`,
            "{{fleet}}",
          ),
          lines(
            "Repeated requests",
            "Tries that failed before the first byte and went to another engine.",
            "reqps",
            `model:llm_gateway_retries:rate5m${own}`,
            "{{fleet}}",
          ),
          lines(
            "Time to answer, average",
            "Over the last 1,024 requests of each host; HAProxy keeps no histogram.",
            "s",
            `haproxy_backend_total_time_average_seconds${own}`,
            "{{fleet}} from {{node}}",
          ),
          lines(
            "Failed checks",
            "Engines that left the rotation or came back, per hour.",
            "short",
            `sum by (fleet) (increase(haproxy_backend_check_up_down_total${own}[1h]))`,
            "{{fleet}}",
          ),
          lines(
            "Clients that left",
            "Connections that clients closed before the answer was complete.",
            "reqps",
            `sum by (fleet) (rate(haproxy_backend_client_aborts_total${own}[5m]))`,
            "{{fleet}}",
          ),
        ],
      },
      {
        title: "Hosts",
        panels: [
          lines(
            "Sessions",
            "Open client sessions per gateway host.",
            "none",
            "sum by (node, proxy) (haproxy_frontend_current_sessions)",
            "{{node}} {{proxy}}",
          ),
          lines(
            "Traffic out",
            "Bytes per second sent to clients.",
            "Bps",
            "sum by (node) (rate(haproxy_frontend_bytes_out_total[5m]))",
            "{{node}}",
          ),
          lines("Gateway hosts that answer", "By zone.", "none", 'sum by (zone) (up{job="gateway"})', "{{zone}}"),
        ],
      },
    ],
  };
}
