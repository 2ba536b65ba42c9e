import { dashboardUids } from "../rules/rule";
import { fleetVariable, nodeVariable, type DashboardSpec, type PanelSpec } from "./dashboard";

const onNode = '{node=~"$node"}';
const own = '{fleet=~"$fleet"}';

/** Dashboards about hosts, money and the monitoring itself. */
export function platformDashboards(): DashboardSpec[] {
  return [hosts(), cost(), monitoring()];
}

function lines(
  title: string,
  description: string,
  unit: PanelSpec["unit"],
  expr: string,
  legend: string,
  red?: number,
): PanelSpec {
  return { title, description, unit, queries: [{ expr, legend }], ...(red !== undefined && { red }) };
}

function hosts(): DashboardSpec {
  const host = "{{segment}} {{node}}";
  return {
    uid: dashboardUids.hosts,
    title: "Hosts",
    description: "Processors, memory, disks and network of every host.",
    variables: [nodeVariable],
    rows: [
      {
        title: "Hosts",
        panels: [
          lines(
            "Processors",
            "Target: below 80% on average.",
            "percentunit",
            `node:host_cpu:ratio_rate5m${onNode}`,
            host,
            0.8,
          ),
          lines("Memory", "Target: not above 90%.", "percentunit", `node:host_memory_used:ratio${onNode}`, host, 0.9),
          lines(
            "Network in",
            "Megabit per second. Loading a model shows here.",
            "Mbits",
            `node:host_network_receive_mbit:rate5m${onNode}`,
            host,
          ),
          lines("Network out", "Megabit per second.", "Mbits", `node:host_network_transmit_mbit:rate5m${onNode}`, host),
          lines(
            "Disk read",
            "Bytes per second. Loading a model into the GPU shows here.",
            "Bps",
            `node:host_disk_read_bytes:rate5m${onNode}`,
            host,
          ),
          lines(
            "Disk written",
            "Bytes per second. Fetching a model shows here.",
            "Bps",
            `node:host_disk_written_bytes:rate5m${onNode}`,
            host,
          ),
          lines(
            "Free space",
            "Share of each file system.",
            "percentunit",
            `node_filesystem_avail_bytes{node=~"$node",fstype!~"tmpfs|devtmpfs|ramfs|squashfs|overlay|efivarfs|vfat"} / node_filesystem_size_bytes{node=~"$node",fstype!~"tmpfs|devtmpfs|ramfs|squashfs|overlay|efivarfs|vfat"}`,
            "{{node}} {{mountpoint}}",
          ),
          lines("Clock", "Seconds off.", "s", `node_timex_offset_seconds${onNode}`, host),
          lines(
            "Killed for lack of memory",
            "Processes in the last hour.",
            "short",
            `increase(node_vmstat_oom_kill${onNode}[1h])`,
            host,
            1,
          ),
        ],
      },
    ],
  };
}

function cost(): DashboardSpec {
  return {
    uid: dashboardUids.cost,
    title: "Cost",
    description: "What the running GPU hosts cost at list price, and what they give for it.",
    variables: [fleetVariable],
    rows: [
      {
        title: "Spending",
        panels: [
          {
            kind: "number",
            title: "Month at this pace",
            description: "Running hosts for 730 hours.",
            unit: "currencyUSD",
            queries: [{ expr: "sum(fleet:llm_cost_usd:per_hour) * 730", legend: "USD" }],
          },
          {
            kind: "number",
            title: "Full strength, month",
            description: "What the plan says: all hosts of all fleets for 730 hours.",
            unit: "currencyUSD",
            queries: [{ expr: "sum(fleet:llm_full_cost_usd:per_hour) * 730", legend: "USD" }],
          },
        ],
      },
      {
        title: "For the money",
        panels: [
          lines(
            "Cost per hour",
            "Running hosts of each fleet.",
            "currencyUSD",
            `fleet:llm_cost_usd:per_hour${own}`,
            "{{fleet}}",
          ),
          lines(
            "Cost per million tokens",
            "Prompt and answer together, over the last hour.",
            "currencyUSD",
            `model:llm_cost_usd_per_1m_tokens:1h${own}`,
            "{{fleet}}",
          ),
          lines(
            "Cost per million tokens written",
            "Answers alone, over the last hour.",
            "currencyUSD",
            `model:llm_cost_usd_per_1m_output_tokens:1h${own}`,
            "{{fleet}}",
          ),
          lines(
            "Cost per request",
            "Over the last hour.",
            "currencyUSD",
            `model:llm_cost_usd_per_request:1h${own}`,
            "{{fleet}}",
          ),
          lines(
            "GPU active",
            "Share of time with any work: money that works.",
            "percentunit",
            `fleet:gpu_active:avg${own}`,
            "{{fleet}}",
          ),
          lines("Tokens per hour", "Written.", "short", `model:llm_generation_tokens:per_hour${own}`, "{{fleet}}"),
        ],
      },
    ],
  };
}

function monitoring(): DashboardSpec {
  return {
    uid: dashboardUids.monitoring,
    title: "Monitoring",
    description: "Whether the monitoring itself can be believed.",
    variables: [],
    rows: [
      {
        title: "Targets",
        panels: [
          lines("Targets that answer", "By job.", "none", "sum by (job) (up)", "{{job}}"),
          lines("Targets that do not", "By job.", "none", "count by (job) (up == 0)", "{{job}}", 1),
          lines(
            "Scrape time",
            "Slowest target of each job.",
            "s",
            "max by (job) (scrape_duration_seconds)",
            "{{job}}",
            10,
          ),
          {
            title: "Certificates",
            description: "Time until each expires.",
            kind: "table",
            unit: "dtdurations",
            queries: [{ expr: "min by (probe) (probe_ssl_earliest_cert_expiry) - time()", legend: "{{probe}}" }],
          },
          {
            title: "Alerts",
            description: "Firing now.",
            kind: "table",
            unit: "none",
            queries: [{ expr: 'ALERTS{alertstate="firing",alertname!="Watchdog"}', legend: "{{alertname}}" }],
          },
          lines(
            "Missing signals",
            "Metrics that alerts rest on and that a target does not give.",
            "none",
            'count by (signal) (ALERTS{alertname="SignalAbsent"})',
            "{{signal}}",
          ),
        ],
      },
      {
        title: "Prometheus and Alertmanager",
        panels: [
          lines("Series in memory", "Grows with targets and labels.", "short", "prometheus_tsdb_head_series", "series"),
          lines(
            "Measurements on disk",
            "Against the volume's size.",
            "bytes",
            "prometheus_tsdb_storage_blocks_bytes",
            "bytes",
          ),
          lines(
            "Rule groups",
            "Time of the last evaluation.",
            "s",
            "prometheus_rule_group_last_duration_seconds",
            "{{rule_group}}",
          ),
          lines(
            "Rule failures",
            "In five minutes.",
            "short",
            "sum(increase(prometheus_rule_evaluation_failures_total[5m]))",
            "failures",
            1,
          ),
          lines(
            "Messages sent",
            "Per hour and way.",
            "short",
            "sum by (integration) (increase(alertmanager_notifications_total[1h]))",
            "{{integration}}",
          ),
          lines(
            "Messages that failed",
            "Per hour and way.",
            "short",
            "sum by (integration) (increase(alertmanager_notifications_failed_total[1h]))",
            "{{integration}}",
            1,
          ),
        ],
      },
    ],
  };
}
