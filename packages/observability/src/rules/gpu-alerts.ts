import type { ObservabilitySpec } from "../observability-spec";
import type { Alert } from "./rule";

/** XID codes that mean broken hardware: NVIDIA's XID catalogue (docs.nvidia.com/deploy/xid-errors). */
const hardwareXids = [48, 62, 64, 74, 79, 92, 94, 95, 119, 120, 136, 140, 143, 154];
/** XID codes that an application or a driver's bookkeeping causes. */
const applicationXids = [8, 13, 31, 43, 45, 63, 68, 69, 109];

/** Alerts on the GPUs: faults, heat, memory, and silence. */
export function gpuAlerts({ fleets }: ObservabilitySpec): Alert[] {
  const where = "GPU {{ $labels.gpu }} of {{ $labels.node }}";
  const base = { component: "gpu", runbook: "gpu-hardware" } as const;
  if (fleets.length === 0) return [];
  return [
    {
      ...base,
      alert: "GpuXidHardware",
      // The exporter counts over a sliding window: `increase()` over it would find nothing.
      expr: `DCGM_EXP_XID_ERRORS_COUNT{xid=~"${hardwareXids.join("|")}"} > 0`,
      severity: "critical",
      summary: `${where}: hardware error, XID {{ $labels.xid }}`,
      description: "The driver reports a hardware fault. Take the host out and replace it.",
    },
    {
      ...base,
      alert: "GpuXidApplication",
      expr: `DCGM_EXP_XID_ERRORS_COUNT{xid=~"${applicationXids.join("|")}"} > 0`,
      severity: "info",
      summary: `${where}: XID {{ $labels.xid }}`,
      description: "The driver reports an error that programs usually cause. It matters when it repeats.",
    },
    {
      ...base,
      alert: "GpuEccDoubleBit",
      expr: "increase(DCGM_FI_DEV_ECC_DBE_VOL_TOTAL[15m]) > 0",
      severity: "critical",
      summary: `${where}: memory error that could not be corrected`,
      description: "Results computed on this GPU since then are not to be trusted.",
    },
    {
      ...base,
      alert: "GpuRowRemapFailed",
      expr: "DCGM_FI_DEV_ROW_REMAP_FAILURE > 0",
      severity: "critical",
      summary: `${where}: no spare memory rows left`,
      description: "A faulty memory row could not be replaced. The GPU is due for replacement.",
    },
    {
      ...base,
      alert: "GpuRowsRemapped",
      expr: "increase(DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS[1h]) > 0",
      severity: "warning",
      summary: `${where}: memory rows were replaced`,
      description: "Takes effect at the next GPU reset: drain the host and restart it.",
    },
    {
      ...base,
      alert: "GpuPcieReplays",
      expr: "rate(DCGM_FI_DEV_PCIE_REPLAY_COUNTER[15m]) > 0.1",
      for: "15m",
      severity: "warning",
      summary: `${where}: the PCIe link repeats transfers`,
      description: "A bad link slows tensor-parallel work and model loading.",
    },
    {
      ...base,
      alert: "GpuUnhealthy",
      expr: "max by (UUID, gpu, node, instance_id, fleet, health_watch) (DCGM_EXP_GPU_HEALTH_STATUS) > 0",
      for: "2m",
      severity: "warning",
      runbook: "gpu-health",
      summary: `${where}: health watch {{ $labels.health_watch }} does not pass`,
      description: "The GPU manager's own background checks found something.",
    },
    {
      ...base,
      alert: "GpuTemperatureHigh",
      expr: "DCGM_FI_DEV_GPU_TEMP > 85",
      for: "5m",
      severity: "warning",
      runbook: "gpu-thermal",
      summary: `${where}: {{ $value }} degrees Celsius`,
      description: "Close to where data centre GPUs slow themselves down.",
    },
    {
      ...base,
      alert: "GpuThrottling",
      expr: 'DCGM_EXP_CLOCK_EVENTS_COUNT{clock_event=~"hw_thermal|hw_slowdown|hw_power_brake|sw_thermal"} > 0',
      for: "10m",
      severity: "warning",
      runbook: "gpu-thermal",
      summary: `${where}: slowed down ({{ $labels.clock_event }})`,
      description: "The GPU runs below its clock because of heat or power; latency promises do not hold on it.",
    },
    {
      ...base,
      alert: "GpuMemoryNearlyFull",
      // Engines take 90 to 95% at their start on purpose; only what is above that is news.
      expr: "uuid:gpu_memory_used:ratio > 0.98",
      for: "10m",
      severity: "warning",
      runbook: "kv-cache",
      summary: `${where}: {{ $value | humanizePercentage }} of the memory is taken`,
      description:
        "More than the share given to the engine: something else runs on the GPU, or the engine's overhead was underestimated.",
    },
    {
      ...base,
      alert: "GpuTelemetryMissing",
      expr: 'count by (node, instance_id, fleet) (up{job="node",segment="serving"} == 1) unless on (node) up{job="dcgm"} == 1',
      for: "10m",
      severity: "warning",
      runbook: "gpu-health",
      summary: "{{ $labels.node }}: a GPU host without GPU metrics",
      description:
        "The host answers, its GPU exporter does not: the driver, the GPU manager or the exporter has failed, and no GPU alert can fire for it.",
    },
  ];
}
