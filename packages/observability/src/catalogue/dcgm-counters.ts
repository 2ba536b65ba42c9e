import type { MetricType } from "./metric-catalogue";

/** One line of the DCGM exporter's counters file. */
export interface DcgmCounter {
  readonly field: string;
  readonly type: MetricType;
  readonly help: string;
  /** Labels besides those that every DCGM metric carries. */
  readonly labels?: readonly string[];
  /** Not every GPU reports it (no HBM, no NVLink): panels only, since an alert on it could not tell silence from health. */
  readonly optional?: true;
}

/**
 * What the GPU exporter measures. The exporter's own default file leaves out throttling, ECC, XID counts and health
 * (NVIDIA/dcgm-exporter 4.5.3-4.8.2, `etc/default-counters.csv`), so the alerts on them could never fire: this list replaces it.
 */
export const dcgmCounters: readonly DcgmCounter[] = [
  { field: "DCGM_FI_DEV_SM_CLOCK", type: "gauge", help: "SM clock frequency in MHz." },
  { field: "DCGM_FI_DEV_GPU_TEMP", type: "gauge", help: "GPU temperature in degrees Celsius." },
  { field: "DCGM_FI_DEV_MEMORY_TEMP", type: "gauge", help: "Memory temperature in degrees Celsius.", optional: true },
  { field: "DCGM_FI_DEV_POWER_USAGE", type: "gauge", help: "Power draw in watts." },
  { field: "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", type: "counter", help: "Energy since the driver was loaded in mJ." },
  { field: "DCGM_FI_DEV_PCIE_REPLAY_COUNTER", type: "counter", help: "PCIe retries." },
  { field: "DCGM_FI_DEV_GPU_UTIL", type: "gauge", help: "Share of time in which anything ran (percent)." },
  { field: "DCGM_FI_DEV_FB_FREE", type: "gauge", help: "Free frame buffer memory in MiB." },
  { field: "DCGM_FI_DEV_FB_USED", type: "gauge", help: "Used frame buffer memory in MiB." },
  { field: "DCGM_FI_DEV_FB_RESERVED", type: "gauge", help: "Reserved frame buffer memory in MiB." },
  {
    field: "DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS",
    type: "counter",
    help: "Rows remapped for uncorrectable errors.",
  },
  { field: "DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS", type: "counter", help: "Rows remapped for correctable errors." },
  { field: "DCGM_FI_DEV_ROW_REMAP_FAILURE", type: "gauge", help: "Whether remapping of rows has failed." },
  { field: "DCGM_FI_DEV_ECC_SBE_VOL_TOTAL", type: "counter", help: "Single-bit ECC errors since the last reset." },
  { field: "DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", type: "counter", help: "Double-bit ECC errors since the last reset." },
  { field: "DCGM_FI_DEV_POWER_VIOLATION", type: "counter", help: "Throttling time because of power." },
  { field: "DCGM_FI_DEV_THERMAL_VIOLATION", type: "counter", help: "Throttling time because of heat." },
  {
    field: "DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL",
    type: "counter",
    help: "NVLink traffic over all lanes.",
    optional: true,
  },
  {
    field: "DCGM_FI_DEV_NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL",
    type: "counter",
    help: "NVLink flow-control CRC errors.",
    optional: true,
  },
  {
    field: "DCGM_FI_PROF_GR_ENGINE_ACTIVE",
    type: "gauge",
    help: "Share of time the graphics engine was active (0 to 1).",
  },
  { field: "DCGM_FI_PROF_SM_ACTIVE", type: "gauge", help: "Share of time with a warp on a multiprocessor (0 to 1)." },
  {
    field: "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE",
    type: "gauge",
    help: "Share of cycles the tensor pipe was active (0 to 1).",
  },
  {
    field: "DCGM_FI_PROF_DRAM_ACTIVE",
    type: "gauge",
    help: "Share of cycles the memory interface was active (0 to 1).",
  },
  { field: "DCGM_FI_PROF_PCIE_TX_BYTES", type: "counter", help: "Bytes sent over PCIe." },
  { field: "DCGM_FI_PROF_PCIE_RX_BYTES", type: "counter", help: "Bytes received over PCIe." },
  {
    field: "DCGM_EXP_XID_ERRORS_COUNT",
    type: "gauge",
    help: "XID errors by code in the last five minutes.",
    labels: ["xid", "window_size_in_ms"],
  },
  {
    field: "DCGM_EXP_CLOCK_EVENTS_COUNT",
    type: "gauge",
    help: "Clock events by reason in the last five minutes.",
    labels: ["clock_event", "window_size_in_ms"],
  },
  {
    field: "DCGM_EXP_GPU_HEALTH_STATUS",
    type: "gauge",
    help: "Health watches (0 is pass).",
    labels: ["health_watch", "health_error_code"],
  },
];

/** Labels of every DCGM metric. `Hostname` becomes `hostname` in the next release: both are dropped, `node` says where it is. */
export const dcgmLabels = ["gpu", "UUID", "pci_bus_id", "device", "modelName", "DCGM_FI_DRIVER_VERSION"] as const;

/** The counters file for the exporter's `--collectors`. It refuses a line that has not exactly three columns. */
export function dcgmCountersCsv(): string {
  const lines = dcgmCounters.map(({ field, type, help }) => `${field}, ${type}, ${help}`);
  return `# Field, Prometheus type, help\n${lines.join("\n")}\n`;
}
