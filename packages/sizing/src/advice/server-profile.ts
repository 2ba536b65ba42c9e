import { findGpu } from "@holdfast/catalog";
import { plannedGpuWatts, serverPower } from "./power";

/** A production server as the requirements describe it. Memory and storage in decimal GB, network in Gb/s. */
export interface ServerProfile {
  readonly name: "small" | "medium" | "large";
  /** Catalogue ids and numbers of GPUs that the profile allows, per server or node. */
  readonly gpus: readonly { readonly gpu: string; readonly counts: readonly number[] }[];
  readonly cores: readonly [number, number] | undefined;
  readonly memoryGb: number;
  readonly storage: string;
  readonly storageGb: number | undefined;
  readonly networkGbps: number;
  readonly network: string;
  /** Watts of each power supply, and how many. */
  readonly supplies: { readonly watts: number; readonly count: number } | undefined;
  /** GPU heat that the stated cooling is for, W. */
  readonly coolingWatts: number | undefined;
  readonly nodes: readonly [number, number];
  readonly users: readonly [number, number | undefined];
  readonly requestsPerSecond: readonly [number, number | undefined];
}

export const serverProfiles: readonly ServerProfile[] = [
  {
    name: "small",
    gpus: [
      { gpu: "rtx-4090", counts: [1] },
      { gpu: "a5000", counts: [1] },
    ],
    cores: [16, 32],
    memoryGb: 128,
    storage: "NVMe",
    storageGb: 1000,
    networkGbps: 10,
    network: "Ethernet",
    supplies: { watts: 1000, count: 1 },
    coolingWatts: 350,
    nodes: [1, 1],
    users: [10, 50],
    requestsPerSecond: [1, 10],
  },
  {
    name: "medium",
    gpus: [
      { gpu: "a100-40", counts: [2, 3, 4] },
      { gpu: "a100-80", counts: [2] },
    ],
    cores: [64, 128],
    memoryGb: 512,
    storage: "NVMe, RAID",
    storageGb: 4000,
    networkGbps: 25,
    network: "Ethernet, redundant",
    supplies: { watts: 2000, count: 2 },
    coolingWatts: undefined,
    nodes: [1, 1],
    users: [50, 200],
    requestsPerSecond: [10, 50],
  },
  {
    name: "large",
    gpus: [
      { gpu: "a100-80", counts: [8] },
      { gpu: "h100-sxm", counts: [8] },
    ],
    cores: undefined,
    memoryGb: 1000,
    storage: "distributed (Ceph, VAST)",
    storageGb: undefined,
    networkGbps: 200,
    network: "InfiniBand HDR",
    supplies: undefined,
    coolingWatts: undefined,
    nodes: [4, 16],
    users: [1000, undefined],
    requestsPerSecond: [100, undefined],
  },
];

/** The profile that a load falls into; nothing in the gap between medium and large, which has to be sized, not guessed. */
export function profileForLoad(requestsPerSecond: number): ServerProfile["name"] | undefined {
  return [...serverProfiles].find(({ requestsPerSecond: [, to], name }) =>
    name === "large" ? requestsPerSecond > 100 : requestsPerSecond <= (to ?? 0),
  )?.name;
}

/** A real host to hold against a profile. */
export interface Host {
  readonly gpu: string;
  readonly gpus: number;
  readonly cores: number;
  readonly memoryGb: number;
  readonly storageGb: number;
  readonly networkGbps: number;
  /** Watts of each power supply. */
  readonly supplies?: readonly number[];
  /** GPU heat that the cooling takes, W. */
  readonly coolingWatts?: number;
}

/** What a host lacks for a profile, each with the number that is missing; empty when nothing. */
export function hostFindings(host: Host, profile: ServerProfile): string[] {
  const findings: string[] = [];
  const lacks = (what: string, has: number, needs: number | undefined, unit: string) => {
    if (needs !== undefined && has < needs)
      findings.push(
        `${what}: ${has} ${unit}, the ${profile.name} profile needs ${needs}: ${needs - has} ${unit} missing`,
      );
  };
  lacks("cores", host.cores, profile.cores?.[0], "cores");
  lacks("memory", host.memoryGb, profile.memoryGb, "GB");
  lacks("storage", host.storageGb, profile.storageGb, "GB");
  lacks("network", host.networkGbps, profile.networkGbps, "Gb/s");
  const gpu = findGpu(host.gpu);
  if (!profile.gpus.some((one) => one.gpu === gpu?.id && one.counts.includes(host.gpus)))
    findings.push(
      `GPUs: ${host.gpus} x ${host.gpu}; the ${profile.name} profile has ${profile.gpus.map((one) => `${one.counts.join(" or ")} x ${one.gpu}`).join(", or ")}`,
    );
  return [...findings, ...powerFindings(host)];
}

/** Whether supplies and cooling carry the GPUs: redundancy means that one supply alone does. */
export function powerFindings(host: Pick<Host, "gpu" | "gpus" | "supplies" | "coolingWatts">): string[] {
  const power = serverPower(host.gpu, host.gpus, plannedGpuWatts(host.gpu));
  const watts = (value: number) => `${(Math.round(value * 10) / 10).toString()} W`;
  const findings: string[] = [];
  const { supplies = [], coolingWatts } = host;
  const largest = Math.max(0, ...supplies);
  if (supplies.length === 1 && largest < power.supplyWatts)
    findings.push(
      `power: ${host.gpus} x ${host.gpu} draw ${watts(power.drawnWatts)}; a supply of ${watts(power.supplyWatts)} is recommended, there is one of ${watts(largest)}`,
    );
  if (supplies.length > 1 && largest < power.drawnWatts)
    findings.push(
      `power: ${host.gpus} x ${host.gpu} draw ${watts(power.drawnWatts)}; one supply of ${watts(largest)} alone does not carry that, so they are not redundant`,
    );
  const heat = plannedGpuWatts(host.gpu) * host.gpus;
  if (coolingWatts !== undefined && coolingWatts < heat)
    findings.push(`cooling: for ${watts(coolingWatts)} of GPU heat; ${host.gpus} x ${host.gpu} give ${watts(heat)}`);
  return findings;
}
