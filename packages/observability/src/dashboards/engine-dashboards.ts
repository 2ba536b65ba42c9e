import type { ObservabilitySpec } from "../observability-spec";
import { signalNames, type EngineSignal } from "../rules/engine-signals";
import { dashboardUids } from "../rules/rule";
import { fleetVariable, nodeVariable, type DashboardSpec, type PanelSpec } from "./dashboard";

const own = '{fleet=~"$fleet"}';

/** Dashboards about the machinery: engines, gateway, GPUs. */
export function engineDashboards(spec: ObservabilitySpec): DashboardSpec[] {
  return [engine(spec), gateway(), gpu()];
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

function gpu(): DashboardSpec {
  const which = "{{fleet}} {{node}} GPU {{gpu}}";
  const onNode = '{fleet=~"$fleet",node=~"$node"}';
  const lines = (
    title: string,
    description: string,
    unit: PanelSpec["unit"],
    expr: string,
    red?: number,
  ): PanelSpec => ({
    title,
    description,
    unit,
    queries: [{ expr, legend: which }],
    ...(red !== undefined && { red }),
  });
  return {
    uid: dashboardUids.gpu,
    title: "GPU health",
    description: "Work, memory, heat and faults of each GPU.",
    variables: [fleetVariable, nodeVariable],
    rows: [
      {
        title: "Work",
        panels: [
          lines(
            "Active",
            "Share of time with any work. 70 to 90% is good value; it never wakes anybody, since it only says that something ran.",
            "percentunit",
            `DCGM_FI_PROF_GR_ENGINE_ACTIVE${onNode}`,
          ),
          lines(
            "Tensor pipe",
            "Share of cycles in matrix work: prefill shows here.",
            "percentunit",
            `DCGM_FI_PROF_PIPE_TENSOR_ACTIVE${onNode}`,
          ),
          lines(
            "Memory interface",
            "Share of cycles in which memory moved: decode shows here.",
            "percentunit",
            `DCGM_FI_PROF_DRAM_ACTIVE${onNode}`,
          ),
          lines(
            "Memory taken",
            "Engines take their share at the start, so a flat line is normal.",
            "percentunit",
            `uuid:gpu_memory_used:ratio${onNode}`,
            0.98,
          ),
          lines("PCIe out", "Bytes per second.", "Bps", `rate(DCGM_FI_PROF_PCIE_TX_BYTES${onNode}[5m])`),
          lines("SM clock", "MHz. A GPU that slows down shows here first.", "short", `DCGM_FI_DEV_SM_CLOCK${onNode}`),
        ],
      },
      {
        title: "Heat and power",
        panels: [
          lines("Temperature", "Degrees Celsius.", "celsius", `DCGM_FI_DEV_GPU_TEMP${onNode}`, 85),
          lines(
            "Memory temperature",
            "Only GPUs with HBM report it.",
            "celsius",
            `DCGM_FI_DEV_MEMORY_TEMP${onNode}`,
            95,
          ),
          lines("Power", "From the energy counter, over five minutes.", "watt", `uuid:gpu_power_watts:rate5m${onNode}`),
          {
            title: "Slowed down",
            description: "Clock events in five minutes, by reason.",
            unit: "short",
            queries: [
              {
                expr: `DCGM_EXP_CLOCK_EVENTS_COUNT{fleet=~"$fleet",node=~"$node",clock_event!="gpu_idle"} > 0`,
                legend: `${which} {{clock_event}}`,
              },
            ],
          },
        ],
      },
      {
        title: "Faults",
        panels: [
          {
            title: "XID errors",
            description: "By code, in the last five minutes. The runbook says what each means.",
            kind: "table",
            unit: "none",
            queries: [{ expr: `DCGM_EXP_XID_ERRORS_COUNT${onNode} > 0`, legend: which }],
          },
          lines(
            "Memory errors, corrected",
            "Single-bit errors per hour.",
            "short",
            `increase(DCGM_FI_DEV_ECC_SBE_VOL_TOTAL${onNode}[1h])`,
          ),
          lines(
            "Memory errors, not corrected",
            "Double-bit errors per hour.",
            "short",
            `increase(DCGM_FI_DEV_ECC_DBE_VOL_TOTAL${onNode}[1h])`,
            1,
          ),
          lines(
            "Rows remapped",
            "Memory rows replaced for uncorrectable errors.",
            "short",
            `DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS${onNode}`,
            1,
          ),
          lines(
            "PCIe replays",
            "Transfers repeated per second.",
            "cps",
            `rate(DCGM_FI_DEV_PCIE_REPLAY_COUNTER${onNode}[15m])`,
            0.1,
          ),
          lines(
            "NVLink errors",
            "CRC errors per second, on GPUs that have NVLink.",
            "cps",
            `rate(DCGM_FI_DEV_NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL${onNode}[15m])`,
          ),
        ],
      },
    ],
  };
}
