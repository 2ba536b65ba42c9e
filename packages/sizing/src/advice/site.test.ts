import { describe, expect, it } from "vitest";
import type { FleetNeed, FleetSizing } from "../fleet";
import { sizeFleet } from "../size-fleet";
import { neighbours } from "./neighbours";
import { ownedServerCost, ownServers, profileForGpus } from "./own-hardware";
import { plannedGpuWatts } from "./power";
import { sitePlan, type SiteQuestion } from "./site-plan";

function sizingOf(need: FleetNeed): FleetSizing {
  const outcome = sizeFleet(need);
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.sizing;
}

const chat = { promptTokens: 1000, outputTokens: 300, requestsPerSecond: 1, ttftSeconds: 2, tpotMs: 60 };

describe("servers of one's own", () => {
  it("one GPU is planned as the small profile, up to four as the medium, eight as the large", () => {
    expect([1, 2, 4, 8].map((count) => profileForGpus(count).name)).toEqual(["small", "medium", "medium", "large"]);
    expect(ownServers({ gpuClass: "rtx-4090" }).map((one) => [one.gpus, one.memoryGb])).toEqual([
      [1, 128],
      [2, 512],
      [4, 512],
      [8, 1000],
    ]);
  });

  it("without a GPU only cards with a known price are tried; a card without one says what is missing from the sum", () => {
    const all = ownServers({});
    expect(new Set(all.map((one) => one.gpu))).toContain("h100-sxm");
    expect(all.every((one) => !one.priceSource.includes("no purchase price"))).toBe(true);
    expect(ownServers({ gpuClass: "l40s" })[0]?.priceSource).toContain("no purchase price is known for l40s");
    expect(ownServers({ gpuClass: "l40s", costs: { serverUsd: 12_000 } })[0]?.priceSource).toBe("own price");
  });

  it("where some cards have a price, those without are not tried: they would look cheaper than they are", () => {
    expect(new Set(ownServers({ gpuClass: "h100" }).map((one) => one.gpu))).toEqual(new Set(["h100-sxm"]));
    expect(
      new Set(ownServers({ gpuClass: "h100", costs: { serverUsd: 1 } }).map((one) => one.gpu)).size,
    ).toBeGreaterThan(1);
  });

  it("a profile has its own GPUs and counts; the stated host's figures come first", () => {
    expect(ownServers({ profile: "medium" }).map((one) => one.name)).toEqual([
      "server with 2 x a100-40",
      "server with 3 x a100-40",
      "server with 4 x a100-40",
      "server with 2 x a100-80",
    ]);
    const [one] = ownServers({ gpuClass: "rtx-4090", host: { gpus: 3, memoryGb: 64, networkGbps: 1 } });
    expect(one).toMatchObject({ gpus: 3, memoryGb: 64, networkGbps: 1, cores: 64 });
  });

  it("the hourly price is what owning costs over the life, without the people", () => {
    const [server] = ownServers({ gpuClass: "rtx-4090", host: { gpus: 1 } });
    const { cost, kilowatts } = ownedServerCost("rtx-4090", 1, 1, {});
    expect(kilowatts).toBeCloseTo(1.1176, 4);
    expect(server?.usdPerHour).toBeCloseTo((cost.monthlyUsd - cost.peopleUsd) / 730, 3);
  });

  it("a card that the requirements' formula does not name is planned with its own watts", () => {
    expect(plannedGpuWatts("rtx-4090")).toBe(450);
    expect(plannedGpuWatts("l4")).toBe(72);
    expect(plannedGpuWatts("b200-sxm")).toBe(1000);
    expect(plannedGpuWatts("unheard")).toBe(400);
  });
});

describe("the plan of a site", () => {
  const own = (
    gpus: number,
    more: Partial<SiteQuestion> = {},
    gpuClass = "rtx-4090",
    model = "llama-3.1-8b-instruct",
  ) => {
    const [server] = ownServers({ gpuClass, host: { gpus, ...more.host } });
    if (server === undefined) throw new Error(gpuClass);
    const sizing = sizingOf({ fleet: "f", model, region: "-", servers: [server], workload: chat });
    return sitePlan({ sizing, server, requestsPerSecond: 1, ...more });
  };
  const finding = (plan: ReturnType<typeof own>, what: string) => plan.checks.filter((one) => one.what === what);

  it("GPU-R09: the small profile's supply and cooling are findings, and one supply is no redundancy", () => {
    const plan = own(1, { profile: "small" });
    expect(plan.power.drawnWatts).toBeCloseTo(1117.6, 1);
    expect(finding(plan, "power")).toEqual([
      {
        what: "power",
        ok: false,
        finding: "1 x rtx-4090 draw 1117.6 W; a supply of 1341.2 W is recommended, there is one of 1000 W",
      },
    ]);
    expect(finding(plan, "cooling")[0]?.finding).toContain("for 350 W of GPU heat");
    expect(finding(plan, "profile")).toEqual([{ what: "profile", ok: true, finding: "meets the small profile" }]);
  });

  it("without stated supplies it says which to buy; with one large enough it says what it lacks", () => {
    expect(finding(own(1), "power")[0]).toMatchObject({
      ok: true,
      finding: "1,118 W drawn: buy two supplies of 1,341 W each, so that one alone carries the server",
    });
    expect(finding(own(1, { host: { supplies: [1600] } }), "power")[0]?.finding).toContain("no second one");
    expect(finding(own(1, { host: { supplies: [1600, 1600] } }), "power")[0]).toMatchObject({ ok: true });
  });

  it("GPU-R10: of two 2000 W supplies one alone does not carry 4 x A100", () => {
    const plan = own(4, { profile: "medium" }, "a100-40");
    expect(finding(plan, "power")[0]).toMatchObject({ ok: false });
    expect(finding(plan, "power")[0]?.finding).toContain("one supply of 2000 W alone does not carry that");
  });

  it("SIZ-R14: energy, heat and tons of all servers, with PUE and the price of power", () => {
    const plan = own(1, { costs: { pue: 1.5, usdPerKwh: 0.2, utilisation: 1 } });
    expect(plan.energy.kwhPerMonth).toBeCloseTo(1.1176 * 1.5 * 730, 0);
    expect(plan.energy.usdPerMonth).toBeCloseTo(plan.energy.kwhPerMonth * 0.2, 6);
    expect(plan.power.btuPerHour).toBeCloseTo(3241.4, 1);
    expect(plan.power.tons).toBeCloseTo(0.27, 2);
    expect(plan.airflowCfm).toBeCloseTo((950 * 3.16) / 27, 6);
    expect(plan.racks).toBe(1);
  });

  it("GPU-R12: host memory below the floor or the loader's need is a finding with the number missing", () => {
    expect(finding(own(1, { host: { memoryGb: 24 } }), "memory")[0]).toEqual({
      what: "memory",
      ok: false,
      finding:
        "24 GB of host memory, 33 needed (16 GB of weights pass through it, and 16 for the system): 9 GB missing",
    });
    expect(finding(own(1, { batch: true }), "memory")[0]?.finding).toContain("64 needed (batch work");
    const large = own(8, { host: { memoryGb: 128 } }, "h100-sxm", "llama-3.1-70b-instruct");
    expect(finding(large, "memory")[0]).toMatchObject({ ok: false });
  });

  it("GPU-R13: slow or small disks and a slow network are findings with the time", () => {
    const slow = own(1, { host: { diskMBps: 125, storageGb: 10, networkGbps: 0.1 } });
    expect(finding(slow, "disk").map((one) => one.ok)).toEqual([false, false]);
    expect(finding(slow, "disk")[1]?.finding).toContain("125 MB/s loads 16 GB in 128 s");
    expect(finding(slow, "network")[0]).toMatchObject({ ok: false });
    expect(finding(slow, "network")[0]?.finding).toContain("in 1285 s, more than 600");
    expect(finding(own(1), "disk")[0]).toMatchObject({ ok: true });
  });

  it("a load above the profile's, and one server alone, are findings", () => {
    const plan = own(1, { profile: "small", requestsPerSecond: 20 });
    expect(finding(plan, "profile").at(-1)?.finding).toContain("above the small profile's 10: the medium profile");
    expect(finding(plan, "redundancy")[0]).toMatchObject({ ok: false });
    expect(finding(own(1, { requestsPerSecond: 70 }), "profile")[0]?.finding).toContain("sized, not guessed");
  });

  it("GPU-R11: servers that share a replica need the fabric of the large profile", () => {
    const [server] = ownServers({ gpuClass: "h100-sxm", host: { gpus: 8, networkGbps: 25 } });
    if (server === undefined) throw new Error("h100-sxm");
    const need = { fleet: "f", model: "llama-3.1-8b-instruct", region: "-", servers: [server], workload: chat };
    const sizing = { ...sizingOf(need), hostsPerReplica: 2 };
    const network = (one: typeof server) =>
      sitePlan({ sizing, server: one, requestsPerSecond: 1 }).checks.filter(({ what }) => what === "network");
    expect(network(server)[1]).toMatchObject({ ok: false });
    expect(network(server)[1]?.finding).toContain("a replica spans 2 servers: 25 Gb/s between them");
    expect(network(server)[1]?.finding).toContain(": 175 missing");
    expect(network({ ...server, networkGbps: 200 })[1]).toMatchObject({ ok: true });
  });

  it("GPU-R11: eight H100 draw 7.2 kW; three servers share an air-cooled rack", () => {
    const plan = own(8, {}, "h100-sxm", "llama-3.1-70b-instruct");
    expect(finding(plan, "rack")[0]?.finding).toContain("1 x 7.2 kW; an air-cooled rack of 25 kW takes 3 of them");
  });
});

describe("neighbours of a configuration", () => {
  const need: FleetNeed = {
    fleet: "f",
    model: "llama-3.1-8b-instruct",
    region: "us-east-1",
    gpuClass: "l4",
    format: "bf16",
    kvCacheDtype: "auto",
    maxModelLen: 8192,
    workload: { promptTokens: 1000, outputTokens: 300, requestsPerSecond: 0.5 },
  };

  it("SIZ-R07: Llama 3.1 8B on 24 GB in 16 bit: what each neighbour gains and gives up", () => {
    const found = neighbours(need, sizingOf(need));
    expect(found.map((one) => one.name)).toEqual([
      "chosen",
      "fp8 KV cache",
      "longer context",
      "fewer slots",
      "fp8 weights",
      "4-bit weights",
    ]);
    const by = Object.fromEntries(found.map((one) => [one.name, one]));
    const chosen = by.chosen;
    if (chosen === undefined) throw new Error("chosen");
    expect(chosen.weightsGiB).toBeCloseTo(14.96, 2);
    expect(by["fp8 KV cache"]?.fullContexts).toBeGreaterThanOrEqual(2 * chosen.fullContexts);
    expect(by["fp8 KV cache"]?.givesUp).toContain("test it");
    expect(by["longer context"]?.contextTokens).toBe(16_384);
    expect(by["longer context"]?.fullContexts).toBe(Math.floor(chosen.kvGiB / 2));
    expect(by["fewer slots"]?.tpotMs).toBeLessThan(chosen.tpotMs);
    expect(by["fewer slots"]?.tokensPerSecond).toBeLessThan(chosen.tokensPerSecond);
    expect(by["fp8 weights"]?.kvGiB).toBeGreaterThan(chosen.kvGiB + 6);
    expect(by["4-bit weights"]?.tpotMs).toBeLessThan(by["fp8 weights"]?.tpotMs ?? 0);
    for (const one of found.slice(1)) {
      expect(one.gains, one.name).not.toBe("");
      expect(one.givesUp, one.name).not.toBe("");
    }
  });

  it("a GPU without FP8 arithmetic says what that costs; an encoder has no neighbours", () => {
    const old: FleetNeed = { ...need, gpuClass: "a10g" };
    const found = neighbours(old, sizingOf(old));
    expect(found.find((one) => one.name === "fp8 KV cache")?.givesUp).toContain("no FP8 arithmetic");
    const encoder: FleetNeed = {
      fleet: "f",
      model: "bge-m3",
      region: "us-east-1",
      workload: { promptTokens: 512, outputTokens: 0, requestsPerSecond: 5 },
    };
    expect(neighbours(encoder, sizingOf(encoder))).toEqual([]);
  });

  it("what is already narrow is not narrowed again, and the model's context is the end", () => {
    const narrow: FleetNeed = { ...need, format: "awq", maxModelLen: 131_072 };
    expect(neighbours(narrow, sizingOf({ ...narrow, gpuClass: "h100" })).map((one) => one.name)).toEqual([
      "chosen",
      "fp8 KV cache",
      "fewer slots",
    ]);
  });
});
