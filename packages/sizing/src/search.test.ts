import { findModel, instances } from "@holdfast/catalog";
import { describe, expect, it } from "vitest";
import type { Candidate } from "./candidate";
import type { FleetNeed } from "./fleet";
import type { OwnServer } from "./own-server";
import { requirementOf, type Requirement } from "./requirement";
import { byPreference, parallelSizes, searchAll, typesFor, type Filters } from "./search";

const base: FleetNeed = {
  fleet: "chat",
  model: "llama-3.1-8b-instruct",
  format: "bf16",
  region: "us-east-1",
  workload: { promptTokens: 1000, outputTokens: 100, requestsPerSecond: 0.1 },
};
const needOf = (more: Partial<FleetNeed> = {}): Requirement => {
  const found = requirementOf({ ...base, ...more });
  if (typeof found === "string") throw new Error(found);
  return found;
};
const search = (more: Partial<FleetNeed>) => searchAll(needOf(more), { ...base, ...more });
const server = (gpus: number, gpu = "rtx-4090", name = `${gpus} x ${gpu}`): OwnServer => ({
  name,
  gpu,
  gpus,
  cores: 64,
  memoryGb: 1024,
  storageGb: 8000,
  networkGbps: 100,
  usdPerHour: gpus,
  priceSource: "an offer",
  priceAsOf: "2026-11-01",
});
/** GPUs of tensor parallelism / stages / hosts of every attempt: what serves the need, then what does not. */
const attempts = (requirement: Requirement, filters: Filters) => {
  const { candidates, refusals } = searchAll(requirement, filters);
  const of = ({ tensor, stages, hosts }: Candidate["plan"]["parallelism"]) => `${tensor}/${stages}/${hosts}`;
  return [candidates.map(({ plan }) => of(plan.parallelism)), refusals.map(({ parallelism }) => of(parallelism))];
};
const tried = (more: Partial<FleetNeed>) => attempts(needOf(more), more);
const large = { model: "llama-3.1-405b-instruct" } as const;
/** A time per token that nothing keeps. */
const hopeless = { ...base.workload, tpotMs: 0.1 };

describe("how a replica is spread", () => {
  it("over 1, 2, 4, 8 GPUs that the host has and the heads divide over", () => {
    const llama = findModel("llama-3.1-8b-instruct");
    const qwen = findModel("qwen2.5-7b-instruct");
    if (llama === undefined || qwen === undefined) throw new Error("catalogue");
    expect([1, 3, 4, 7, 8, 16].map((gpus) => parallelSizes(llama, gpus).length)).toEqual([1, 2, 3, 3, 4, 4]);
    // 28 heads.
    expect(parallelSizes(qwen, 8)).toEqual([1, 2, 4]);
  });

  it("in stages only where the widest does not hold the model, as few as do", () => {
    // 16 bit needs 16 GB: a card of 24 GB holds it, so nothing is cut.
    const [serving, refused] = tried({ servers: [server(16)] });
    expect([serving?.toSorted(), refused]).toEqual([["1/1/1", "2/1/1", "4/1/1", "8/1/1"], []]);
    // 405 billion parameters of 4 bit are more than 200 GB: more than 8 x 24, less than 16 x 24.
    const over8 = ["1/1/1", "2/1/1", "4/1/1", "8/1/1"];
    expect(tried({ ...large, format: "awq", servers: [server(16)] })).toEqual([["8/2/1"], over8]);
    expect(tried({ ...large, format: "awq", servers: [server(64)] })).toEqual([["8/2/1"], over8]);
    expect(tried({ ...large, format: "awq", servers: [server(15)] })).toEqual([[], over8]);
    // 8 bit: more than 16 x 24 GB; 16 bit: more than 32 x 24.
    expect(tried({ ...large, format: "fp8", servers: [server(32)] })).toEqual([["8/4/1"], [...over8, "8/2/1"]]);
    expect(tried({ ...large, format: "bf16", servers: [server(64)] })[0]).toEqual(["8/8/1"]);
    // Own servers are not joined.
    expect(tried({ ...large, format: "fp8", servers: [server(8)] })).toEqual([[], over8]);
  });

  it("a missed target is no reason for stages, nor for more of them", () => {
    expect(tried({ servers: [server(16)], workload: hopeless })).toEqual([[], ["1/1/1", "2/1/1", "4/1/1", "8/1/1"]]);
    const cut = { ...large, format: "awq", servers: [server(64)], workload: hopeless };
    expect(tried(cut)[1]?.at(-1)).toBe("8/2/1");
  });

  it("over hosts where one of 8 does not hold it: 2, then 4, as far as the need allows", () => {
    // Hosts of 8 x 40 GB: 8 bit needs two, 16 bit four.
    const p4d = { ...large, instanceType: "p4d.24xlarge" };
    const over8 = ["1/1/1", "2/1/1", "4/1/1", "8/1/1"];
    expect(tried({ ...p4d, format: "fp8" })).toEqual([["8/2/2"], over8]);
    expect(tried({ ...p4d, format: "bf16" })).toEqual([["8/4/4"], [...over8, "8/2/2"]]);
    expect(tried({ ...p4d, format: "bf16", hostsPerReplica: 2 })).toEqual([[], [...over8, "8/2/2"]]);
    expect(tried({ ...p4d, format: "fp8", hostsPerReplica: 2 })[0]).toEqual(["8/2/2"]);
    expect(tried({ ...p4d, format: "fp8", hostsPerReplica: 1 })).toEqual([[], over8]);
    expect(tried({ ...p4d, format: "fp8", workload: hopeless })).toEqual([[], [...over8, "8/2/2"]]);
    // Hosts of four are not joined.
    expect(tried({ ...large, format: "bf16", instanceType: "g5.12xlarge" })).toEqual([[], over8.slice(0, 3)]);
  });

  it("where the heads divide over four only, a host of eight is two stages, and two of them are four", () => {
    const whole = needOf({ ...large, format: "fp8", instanceType: "p4d.24xlarge" });
    const architecture = { ...whole.model.architecture, heads: 124, kvHeads: 4 };
    const odd = { ...whole, model: { ...whole.model, architecture } };
    expect(attempts(odd, { instanceType: "p4d.24xlarge" })).toEqual([["4/4/2"], ["1/1/1", "2/1/1", "4/1/1", "4/2/1"]]);
  });

  it.each([
    ["llamacpp", "b7000"],
    ["ollama", "99.0.0"],
  ] as const)("%s cuts by layers only, within a host", (kind, version) => {
    const slotted = { engine: { kind, version }, instanceType: "p4d.24xlarge" };
    expect(tried({ ...large, ...slotted, format: "f16" })).toEqual([[], ["1/1/1", "1/2/1", "1/4/1", "1/8/1"]]);
    expect(tried({ ...slotted, format: "q8_0" })).toEqual([["1/1/1"], []]);
  });
});

describe("what is tried", () => {
  it("one plan for all types with that card; a refusal for each that cannot", () => {
    const { candidates } = search({ gpuClass: "a10g", gpusPerHost: 1, workload: base.workload });
    const types = candidates.map(({ instance }) => instance.type);
    expect(new Set(types)).toEqual(
      new Set(instances.filter(({ gpu, gpus }) => gpu === "a10g" && gpus === 1).map(({ type }) => type)),
    );
    expect(new Set(candidates.map(({ instance }) => instance.networkMbps)).size).toBeGreaterThan(1);
    expect(new Set(candidates.map(({ plan }) => plan)).size).toBe(1);
  });

  it("a host too small for production, a card that is not known, work that does not fit", () => {
    const small = search({ instanceType: "g5.xlarge", minimumReplicas: 2 });
    expect(small.candidates).toEqual([]);
    expect(small.refusals.map(({ refusal }) => refusal)).toEqual([
      { ok: false, kind: "engine", reason: expect.stringContaining("production host") as string },
    ]);
    const unknown = searchAll({ ...needOf(), servers: [server(1, "none")] }, {});
    expect(unknown.refusals[0]?.refusal).toEqual({
      ok: false,
      kind: "engine",
      reason: expect.stringContaining("none") as string,
    });
    const offline = { ...base.workload, offline: { tokensPerDay: 1e15 } };
    const much = search({ instanceType: "p5.4xlarge", workload: offline });
    expect([much.best, much.candidates]).toEqual([undefined, []]);
    expect(much.refusals[0]?.refusal).toMatchObject({ ok: false, kind: "targets" });
  });

  it("each server of one's own at its own price", () => {
    // A dollar an hour for each GPU.
    const { candidates } = search({ servers: [server(1), server(4), server(2)] });
    expect(new Set(candidates.map(({ instance }) => instance.gpus))).toEqual(new Set([1, 2, 4]));
    for (const { instance, instances: hosts, monthlyUsd } of candidates)
      expect(monthlyUsd).toBeCloseTo(730 * instance.gpus * hosts, 6);
  });

  it("formats below the quality apart, the cheapest of them first; their refusals are not told", () => {
    const { format, ...open } = base;
    expect(format).toBe("bf16");
    const requirement = requirementOf({ ...open, minimumQuality: 100 });
    if (typeof requirement === "string") throw new Error(requirement);
    const found = searchAll(requirement, { gpuClass: "l4" });
    expect(new Set(found.candidates.map(({ plan }) => plan.format))).toEqual(new Set(["bf16"]));
    const below = new Set(found.belowQuality.map(({ plan }) => plan.format));
    expect([below.has("bf16"), below.has("fp8"), below.has("awq")]).toEqual([false, true, true]);
    for (const list of [found.candidates, found.belowQuality]) {
      const prices = list.map(({ monthlyUsd }) => monthlyUsd);
      expect(prices).toEqual(prices.toSorted((a, b) => a - b));
    }
    expect(found.best).toBe(found.candidates[0]);
    expect(found.refusals.every((one) => one.format === "bf16")).toBe(true);
  });
});

describe("which is preferred", () => {
  const [one] = search({ instanceType: "p5.4xlarge" }).candidates;
  if (one === undefined) throw new Error("nothing");
  const as = (more: Partial<Candidate>): Candidate => ({ ...one, ...more });
  const format = (name: "bf16" | "fp8" | "awq" | "f16") => ({ ...one.plan, format: name });
  const tpot = (seconds: number) => ({ ...one.times, tpot: seconds });
  const named = (type: string) => ({ ...one.instance, type });

  it.each<[string, Partial<Candidate>, Partial<Candidate>]>([
    ["the cheaper, whatever else", { monthlyUsd: 99, plan: format("awq") }, { monthlyUsd: 100 }],
    ["at one price the better format", { plan: format("bf16"), replicasPerInstance: 8 }, { plan: format("fp8") }],
    ["then fewer engines a host", { replicasPerInstance: 1, times: tpot(9) }, { replicasPerInstance: 2 }],
    ["then the faster token", { times: tpot(0.01), instance: named("b") }, { times: tpot(0.02), instance: named("a") }],
    ["then the name", { instance: named("a"), plan: format("f16") }, { instance: named("b"), plan: format("bf16") }],
    ["then the format's name", { plan: format("bf16") }, { plan: format("f16") }],
  ])("%s", (_, better, worse) => {
    expect(byPreference(as(better), as(worse))).toBeLessThan(0);
    expect(byPreference(as(worse), as(better))).toBeGreaterThan(0);
  });

  it("none of two that are alike", () => {
    expect(byPreference(as({}), as({}))).toBe(0);
  });
});

describe("types to try", () => {
  const types = (filters: Filters, more: Partial<FleetNeed> = {}) =>
    typesFor(needOf(more), filters).map(({ type }) => type);

  it("own servers of the class and the size asked for", () => {
    const servers = [server(1), server(2), server(1, "h100-sxm")];
    const own = (filters: Filters) => types(filters, { servers });
    expect(own({})).toEqual(["1 x rtx-4090", "2 x rtx-4090", "1 x h100-sxm"]);
    expect(own({ gpuClass: "rtx-4090" })).toEqual(["1 x rtx-4090", "2 x rtx-4090"]);
    expect(own({ gpusPerHost: 1 })).toEqual(["1 x rtx-4090", "1 x h100-sxm"]);
    expect(own({ gpusPerHost: 2, gpuClass: "h100" })).toEqual([]);
  });

  it("in as many of the zones as there are replicas, two at most", () => {
    // The type is offered in use1-az6 only.
    const b200 = (zones: string[], minimumReplicas: number) =>
      types({ instanceType: "p6-b200.48xlarge", zones }, { minimumReplicas }).length;
    expect(b200([], 9)).toBe(1);
    expect(b200(["use1-az6"], 9)).toBe(1);
    expect(b200(["use1-az5"], 1)).toBe(0);
    expect(b200(["use1-az5", "use1-az6"], 1)).toBe(1);
    expect(b200(["use1-az5", "use1-az6"], 2)).toBe(0);
    // This one is not in use1-az3 and use1-az5.
    const l40s = (zones: string[]) => types({ instanceType: "g6e.xlarge", zones }, { minimumReplicas: 3 }).length;
    expect(l40s(["use1-az1", "use1-az3", "use1-az5"])).toBe(0);
    expect(l40s(["use1-az1", "use1-az2", "use1-az3", "use1-az5"])).toBe(1);
  });
});
