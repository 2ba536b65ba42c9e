import { dashboardUids } from "../rules/rule";
import { fleetVariable, nodeVariable, type DashboardSpec, type PanelSpec } from "./dashboard";

/** The dashboard of the GPUs: what they do, how hot they are, what is broken. */
export function gpuDashboard(): DashboardSpec {
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
