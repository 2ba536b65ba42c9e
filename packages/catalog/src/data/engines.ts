import type { EngineRecord } from "../engine";

const vllm = "vllm config/cache.py and releases; sizing research 2.4, serving research 1.1, 1.6";
const codeExecution14 = "CVE-2026-22807: code execution through a model's auto_map (0.10.1 to below 0.14.0)";
const codeExecution18 = "CVE-2026-27893: code execution, the same class (0.10.1 to below 0.18.0)";
const belowFloor = "below the floor of 0.22";
const asOf = "2026-11-20";

export const engineRecords: readonly EngineRecord[] = [
  {
    kind: "vllm",
    version: "0.11.2",
    memoryUtilisation: 0.9,
    graphsProfiled: false,
    minimumCapability: 8,
    advisories: [codeExecution14, codeExecution18, belowFloor],
    source: vllm,
    asOf,
  },
  {
    kind: "vllm",
    version: "0.14.1",
    memoryUtilisation: 0.9,
    graphsProfiled: false,
    minimumCapability: 8,
    advisories: [codeExecution18, belowFloor],
    source: vllm,
    asOf,
  },
  {
    kind: "vllm",
    version: "0.20.2",
    memoryUtilisation: 0.9,
    graphsProfiled: false,
    minimumCapability: 8,
    advisories: [belowFloor],
    unverified: "utilisation: the default moved to 0.92 around 0.22",
    source: vllm,
    asOf,
  },
  {
    kind: "vllm",
    version: "0.24.0",
    memoryUtilisation: 0.92,
    graphsProfiled: true,
    minimumCapability: 8,
    advisories: [],
    source: vllm,
    asOf,
  },
  {
    kind: "vllm",
    version: "0.28.0",
    memoryUtilisation: 0.92,
    graphsProfiled: true,
    minimumCapability: 8,
    advisories: [],
    source: vllm,
    asOf,
  },
  {
    kind: "vllm",
    version: "0.32.0",
    memoryUtilisation: 0.92,
    graphsProfiled: true,
    minimumCapability: 8,
    advisories: [],
    source: vllm,
    asOf,
  },
  {
    kind: "vllm",
    version: "0.33.0",
    memoryUtilisation: 0.92,
    graphsProfiled: true,
    minimumCapability: 8,
    advisories: [],
    source: vllm,
    asOf,
  },
  {
    kind: "ollama",
    version: "0.32",
    advisories: ["no authentication, no TLS, no metrics of its own"],
    source: "serving research 1.2",
    asOf,
  },
  {
    kind: "llamacpp",
    version: "b7000",
    advisories: [],
    source: "serving research 1.2",
    asOf,
    unverified: "the build number stands for builds of autumn 2026",
  },
  {
    kind: "tgi",
    version: "3.3.7",
    advisories: ["in maintenance since 2025-12-11: legacy"],
    source: "serving research 1.1",
    asOf,
  },
];
