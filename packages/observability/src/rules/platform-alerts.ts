import type { ObservabilitySpec } from "../observability-spec";
import { gpuAlerts } from "./gpu-alerts";
import type { Alert } from "./rule";
import { round } from "./service-alerts";

/** Alerts on the gateway, the GPUs, the hosts and the money. */
export function platformAlerts(spec: ObservabilitySpec): Alert[] {
  return [...gatewayAlerts(spec), ...gpuAlerts(spec), ...hostAlerts(), ...costAlerts(spec)];
}

function gatewayAlerts({ gateway, zones }: ObservabilitySpec): Alert[] {
  const base = { component: "gateway", runbook: "gateway" } as const;
  const spread = Math.min(gateway.hosts, zones.length);
  const alerts: Alert[] = [
    {
      ...base,
      alert: "GatewayDown",
      expr: 'sum(up{job="gateway"}) == 0',
      for: "1m",
      severity: "critical",
      summary: `${gateway.name}: no gateway host answers`,
      description: "Nobody can reach any model.",
    },
    {
      ...base,
      alert: "GatewayBelowStrength",
      expr: `sum(up{job="gateway"}) < ${gateway.hosts}`,
      for: "15m",
      severity: "warning",
      summary: `${gateway.name}: {{ $value }} of ${gateway.hosts} gateway hosts answer`,
      description: "The gateway still serves, with less room for the loss of another host.",
    },
    {
      ...base,
      alert: "GatewayBackendEmpty",
      expr: 'max by (fleet, model) (haproxy_backend_active_servers{fleet!=""}) < 1',
      for: "1m",
      severity: "critical",
      summary: "{{ $labels.fleet }}: the gateway has no engine to send to",
      description: "No gateway host sees a healthy engine of {{ $labels.model }}. Clients get 503.",
    },
    {
      ...base,
      alert: "GatewayRetriesHigh",
      expr: "model:llm_gateway_retries:rate5m / (model:llm_requests:rate5m > 0) > 0.05",
      for: "10m",
      severity: "warning",
      summary: "{{ $labels.fleet }}: the gateway repeats {{ $value | humanizePercentage }} of the requests",
      description: "Engines of {{ $labels.model }} fail before the first byte. Clients do not see it yet.",
    },
    {
      ...base,
      alert: "GatewayQueueing",
      expr: 'sum by (fleet, model) (haproxy_backend_current_queue{fleet!=""}) > 0',
      for: "10m",
      severity: "warning",
      runbook: "capacity",
      summary: "{{ $labels.fleet }}: {{ $value }} requests wait at the gateway",
      description: "Every engine of {{ $labels.model }} runs as many sequences as it can.",
    },
  ];
  if (spread > 1) {
    alerts.push({
      ...base,
      alert: "GatewayZoneLost",
      expr: `count(count by (zone) (up{job="gateway"} == 1)) < ${spread}`,
      for: "15m",
      severity: "warning",
      summary: `${gateway.name}: gateway hosts answer in {{ $value }} of ${spread} zones`,
      description: "The loss of one more zone may take the gateway down.",
    });
  }
  return alerts;
}

function hostAlerts(): Alert[] {
  const base = { component: "host", runbook: "host" } as const;
  const real = 'fstype!~"tmpfs|devtmpfs|ramfs|squashfs|overlay|efivarfs|vfat"';
  return [
    {
      ...base,
      alert: "HostDown",
      expr: 'up{job="node"} == 0',
      for: "5m",
      severity: "warning",
      summary: "{{ $labels.node }} ({{ $labels.segment }}): host does not answer",
      description: "The instance runs, its exporter does not answer.",
    },
    {
      ...base,
      alert: "HostCpuHigh",
      expr: "node:host_cpu:ratio_rate5m > 0.8",
      for: "15m",
      severity: "warning",
      summary: "{{ $labels.node }} ({{ $labels.segment }}): processors {{ $value | humanizePercentage }} busy",
      description: "Above the target of 80% for a quarter of an hour.",
    },
    {
      ...base,
      alert: "HostMemoryHigh",
      expr: "node:host_memory_used:ratio > 0.9",
      for: "10m",
      severity: "warning",
      summary: "{{ $labels.node }} ({{ $labels.segment }}): {{ $value | humanizePercentage }} of the memory is used",
      description: "Above 90%: the kernel will soon kill a process.",
    },
    {
      ...base,
      alert: "HostOomKill",
      expr: "increase(node_vmstat_oom_kill[15m]) > 0",
      severity: "warning",
      summary: "{{ $labels.node }} ({{ $labels.segment }}): the kernel killed a process for lack of memory",
      description: "Find out which one in the host's journal: an engine that dies this way comes back cold.",
    },
    {
      ...base,
      alert: "HostClockWrong",
      expr: "abs(node_timex_offset_seconds) > 0.1",
      for: "10m",
      severity: "warning",
      summary: "{{ $labels.node }}: the clock is {{ $value | humanizeDuration }} off",
      description: "TLS, request signatures and the order of log lines depend on the clock.",
    },
    {
      ...base,
      alert: "HostDiskFillsInADay",
      expr:
        `predict_linear(node_filesystem_avail_bytes{${real}}[6h], 86400) < 0 ` +
        `and node_filesystem_avail_bytes{${real}} / node_filesystem_size_bytes{${real}} < 0.3`,
      for: "30m",
      severity: "warning",
      runbook: "disk",
      summary: "{{ $labels.node }}: {{ $labels.mountpoint }} is full within a day",
      description: "At the pace of the last six hours.",
    },
    {
      ...base,
      alert: "HostDiskLow",
      expr: `node_filesystem_avail_bytes{${real}} / node_filesystem_size_bytes{${real}} < 0.1`,
      for: "10m",
      severity: "critical",
      runbook: "disk",
      summary: "{{ $labels.node }}: {{ $labels.mountpoint }} has {{ $value | humanizePercentage }} left",
      description: "Logs, metrics or model files will soon find no room.",
    },
    {
      ...base,
      alert: "HostInodesLow",
      expr: `node_filesystem_files_free{${real}} / (node_filesystem_files{${real}} > 0) < 0.1`,
      for: "30m",
      severity: "warning",
      runbook: "disk",
      summary: "{{ $labels.node }}: {{ $labels.mountpoint }} can hold few more files",
      description: "{{ $value | humanizePercentage }} of the inodes are free.",
    },
    {
      ...base,
      alert: "HostDiskReadOnly",
      expr: `node_filesystem_readonly{${real}} > 0`,
      for: "5m",
      severity: "critical",
      runbook: "disk",
      summary: "{{ $labels.node }}: {{ $labels.mountpoint }} has become read-only",
      description: "The kernel does this after errors of the disk.",
    },
  ];
}

function costAlerts({ budget, fleets }: ObservabilitySpec): Alert[] {
  const base = { component: "cost", runbook: "cost" } as const;
  const alerts: Alert[] = [];
  if (fleets.length > 0) {
    alerts.push({
      ...base,
      alert: "GpuIdleCost",
      expr: "fleet:gpu_active:avg < 0.02 and on (fleet) sum by (fleet) (fleet:llm_cost_usd:per_hour) > 0",
      for: "2h",
      severity: "info",
      summary: "{{ $labels.fleet }}: paid for, but idle for two hours",
      description: "The fleet's GPUs were active {{ $value | humanizePercentage }} of the time.",
    });
  }
  if (budget !== undefined) {
    // 730 hours are an average month.
    alerts.push({
      ...base,
      alert: "SpendingAboveBudget",
      expr: `sum(fleet:llm_cost_usd:per_hour) * 730 > ${round(budget.monthlyUsd)}`,
      for: "1h",
      severity: "warning",
      summary: "Running hosts cost {{ $value | humanize }} US dollars a month",
      description: `The budget is ${round(budget.monthlyUsd)} US dollars a month; this counts GPU hosts only.`,
    });
  }
  return alerts;
}
