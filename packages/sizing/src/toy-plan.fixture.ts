import type { InstanceRecord } from "@holdfast/catalog";
import type { FleetNeed } from "./fleet";
import { planReplica, type ReplicaPlan } from "./replica-plan";
import { requirementOf, type Requirement } from "./requirement";
import { even, gpu } from "./toy-machine.fixture";

/** 12 requests a second of 1,000 and 100 tokens; one replica is enough, no host is spare. */
export const toyNeed: FleetNeed = {
  fleet: "chat",
  model: "llama-3.1-8b-instruct",
  format: "bf16",
  region: "us-east-1",
  minimumReplicas: 1,
  spareHosts: 0,
  workload: { promptTokens: 1000, outputTokens: 100, requestsPerSecond: 12 },
};

/** The need with other parts, and with another load than its workload means. */
export function toyRequirement(more: Partial<FleetNeed> = {}, load: Partial<Requirement["load"]> = {}): Requirement {
  const found = requirementOf({ ...toyNeed, ...more });
  if (typeof found === "string") throw new Error(found);
  return { ...found, load: { ...found.load, ...load } };
}

/** A plan whose steps take 10 ms and whose prompts of 1,000 tokens 40 ms; 64 at once, 5 requests a second. */
export function toyPlan(more: Partial<ReplicaPlan> = {}): ReplicaPlan {
  const real = planReplica(toyRequirement(), gpu("h100-sxm"), "bf16", { tensor: 1, stages: 1, hosts: 1 }, 100_000);
  if (!real.ok) throw new Error(real.reason);
  return {
    ...real.plan,
    model: { machine: even(), stepTokens: 8192, crossing: () => 0 },
    groupLimit: 64,
    groups: 1,
    cacheTokens: 1e6,
    rate: 5,
    ...more,
  };
}

/** A host of 10 $ an hour with so many GPUs. */
export const toyInstance = (gpus: number, type = "toy"): InstanceRecord => ({
  type,
  gpu: "h100-sxm",
  gpus,
  gpuMiB: 81_559,
  vcpus: 48,
  memoryMiB: 256 * 1024,
  networkMbps: 100_000,
  ebsMbps: 10_000,
  localNvmeGb: 1000,
  efaInterfaces: 0,
  networkCards: 1,
  source: "a test",
  asOf: "2026-11-21",
});
export const toyPrice = {
  usd: 10,
  region: "us-east-1",
  basis: "listed",
  caveat: "",
  source: "a test",
  asOf: "2026-11-21",
} as const;
