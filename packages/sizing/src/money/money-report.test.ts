import { extendCatalogue, findModel, instancePrice } from "@holdfast/catalog";
import { describe, expect, it } from "vitest";
import { ownedServerCost } from "../advice/own-hardware";
import type { FleetNeed, FleetSizing } from "../fleet";
import type { OwnServer } from "../own-server";
import { sizeFleet } from "../size-fleet";
import { serverPrice } from "./hardware-prices";
import type { HostedPrice } from "./hosted-prices";
import { moneyReport, type MoneyQuestion } from "./money-report";
import { purchaseNames, purchaseOption, purchaseOptions } from "./purchase";

const need: FleetNeed = {
  fleet: "chat",
  model: "llama-3.1-8b-instruct",
  format: "bf16",
  region: "us-east-1",
  instanceType: "p5.4xlarge",
  workload: { promptTokens: 1000, outputTokens: 250, requestsPerSecond: 2 },
};
const sized = sizeFleet(need);
if (!sized.ok) throw new Error(sized.reason);
/** Two hosts of 10 $ an hour that sustain 1,000 tokens/s; the busiest minute asks for 500. */
const sizing: FleetSizing = {
  ...sized.sizing,
  usdPerHour: 20,
  instances: 2,
  gpusPerReplica: 1,
  replicasPerInstance: 1,
  predicted: { ttftMs: 100, tpotMs: 10, endToEndMs: 2600, tokensPerSecond: 1000 },
};
const today = "2026-11-20";
const report = (more: Partial<MoneyQuestion> = {}) => moneyReport({ need, sizing, today, ...more });
const on = (instanceType: string, gpu = sizing.gpu): FleetSizing => ({ ...sizing, instanceType, gpu });
const way = (name: string, more: Partial<MoneyQuestion> = {}) => {
  const found = report(more).ways.find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
};
const option = (name: string) => purchaseOptions.find((one) => one.name === name);

describe("a fleet of 20 $ an hour that sustains 1,000 tokens/s", () => {
  it("is half busy in the busiest minute, a fifth over the month", () => {
    const { busiestShare, utilisation, utilisationAssumed, tokensPerMonth, tokensPerDay, volume } = report();
    expect([busiestShare, utilisation, utilisationAssumed, volume]).toEqual([0.5, 0.2, true, "self"]);
    // 200 tokens/s for 730 hours, and four prompt tokens for each.
    expect(tokensPerMonth.output).toBeCloseTo(525.6e6, 0);
    expect(tokensPerMonth.prompt).toBeCloseTo(4 * 525.6e6, 0);
    expect(tokensPerDay).toBeCloseTo(1000 * 86_400, 3);
    expect(report({ need: { ...need, batch: true } }).utilisation).toBe(0.5);
    const peaked = { ...need.workload, arrivals: { peakFactor: 2 } };
    expect(report({ need: { ...need, workload: peaked } })).toMatchObject({ busiestShare: 1, utilisation: 0.5 });
    const overloaded = { ...need, workload: { ...need.workload, requestsPerSecond: 20 } };
    expect(report({ need: overloaded })).toMatchObject({ busiestShare: 5, utilisation: 1 });
  });

  it("costs 14,600 $ a month on demand, 27.78 $ per million output tokens; the other ways their share of it", () => {
    expect(way("on-demand").monthlyUsd).toBeCloseTo(14_600, 6);
    expect(way("on-demand").usdPerMillion).toBeCloseTo(20e6 / (1000 * 3600 * 0.2), 9);
    // A type that the catalogue has no other price of goes by the rules of thumb.
    const unlisted = (name: string) => way(name, { sizing: on("p5toy.xlarge") }).monthlyUsd;
    expect(unlisted("reserved-1y")).toBeCloseTo(0.7 * 14_600, 6);
    expect(unlisted("reserved-3y")).toBeCloseTo(7300, 6);
    expect(unlisted("spot")).toBeCloseTo(0.37 * 14_600, 6);
    expect(unlisted("capacity-block")).toBeCloseTo(0.87 * 14_600, 6);
    // p5: 46.37808 and 25.44169 of 58.8928 $ in eu-north-1, 2.6295 of 6.88 $ in us-east-2, 5.97 of 6.88 $ everywhere.
    expect(way("reserved-1y").monthlyUsd).toBeCloseTo((14_600 * 46.37808) / 58.8928, 6);
    expect(way("reserved-3y").monthlyUsd).toBeCloseTo((14_600 * 25.44169) / 58.8928, 6);
    expect(way("spot").monthlyUsd).toBeCloseTo((14_600 * 2.6295) / 6.88, 6);
    expect(way("capacity-block").monthlyUsd).toBeCloseTo((14_600 * 5.97) / 6.88, 6);
    expect(way("spot", { own: { shares: { spot: 0.25 } } }).monthlyUsd).toBeCloseTo(3650, 6);
  });

  it("the figure on demand is the type's own price, and so is every other that the catalogue lists", () => {
    const price = instancePrice("p5.4xlarge", "us-east-1");
    expect(way("on-demand")).toMatchObject({ source: price?.source, asOf: price?.asOf, caveat: "" });
    for (const name of purchaseNames.slice(1)) {
      const { source, asOf, caveat } = purchaseOption(name, "p5.4xlarge", "us-east-1");
      expect(way(name)).toMatchObject({ source, asOf, caveat });
    }
    // A type without a price of its own has the list's.
    expect(way("on-demand", { sizing: on("p5.toy") })).toMatchObject({ asOf: option("on-demand")?.asOf });
    expect(report().notOffered).toEqual([]);
    expect(report({ sizing: on("g6e.xlarge") }).notOffered).toHaveLength(1);
  });

  it("a way is stale when its rule is or the price that it is a share of, 90 days on", () => {
    const stale = (day: string, type = "p5.4xlarge") =>
      report({ today: day, sizing: on(type) })
        .ways.filter((one) => one.stale)
        .map((one) => one.name);
    // Prices of 2025-11-30 (p5 reserved), 2026-08-10 (spot), 2026-08-26 (on demand) and 2026-10-07 (blocks).
    expect(stale("2026-08-20")).toEqual(["reserved-1y", "reserved-3y"]);
    expect(stale("2026-11-20")).toEqual(["reserved-1y", "reserved-3y", "spot", "owned"]);
    expect(stale("2026-11-20", "g6e.xlarge")).toEqual(["reserved-3y", "spot", "owned"]);
    // A block is listed at a price of its own, which the age of the price on demand does not touch; a share is.
    expect(stale("2026-12-01")).toEqual(["on-demand", "reserved-1y", "reserved-3y", "spot", "owned"]);
    const old = { region: "us-east-1", usdPerHour: { "g6e.xlarge": 1.5 }, source: "our contract", asOf: "2026-01-01" };
    const undo = extendCatalogue({ prices: [old] });
    expect(stale("2026-08-30", "g6e.xlarge")).toEqual(["on-demand", "reserved-3y", "spot", "owned"]);
    undo();
    expect(stale("2026-08-30", "g6e.xlarge")).toEqual(["reserved-3y", "owned"]);
    expect(stale("2026-08-20", "p5.toy")).not.toContain("on-demand");
    expect(way("reserved-1y", { own: { shares: { "reserved-1y": 0.6 } } }).stale).toBe(false);
  });
});

describe("the same on servers of one's own", () => {
  const server = (name: string, gpus: number, gpu = "h100-sxm"): OwnServer => ({
    name,
    gpu,
    gpus,
    cores: 16,
    memoryGb: 128,
    storageGb: 2000,
    networkGbps: 10,
    usdPerHour: 1,
    priceSource: "an offer",
    priceAsOf: "2026-11-01",
  });

  it("a server has the cards of the instance type: those of its replicas", () => {
    const eight = { ...sizing, gpusPerReplica: 2, replicasPerInstance: 4 };
    expect(report({ sizing: eight }).owned).toEqual(ownedServerCost("h100-sxm", 8, 2, {}));
    expect(way("owned", { sizing: eight })).toMatchObject({ asOf: serverPrice("h100-sxm", 8)?.price.asOf });
  });

  it("or those of the server of that name", () => {
    const servers = [server("other", 2), server("mine", 4)];
    const mine = { need: { ...need, servers }, sizing: on("mine") };
    expect(report(mine).owned).toEqual(ownedServerCost("h100-sxm", 4, 2, {}));
    expect(report(mine).ways.map((one) => one.name)).toEqual(["owned"]);
    const unnamed = { need: { ...need, servers }, sizing: { ...on("third"), gpusPerReplica: 2 } };
    expect(report(unnamed).owned).toEqual(ownedServerCost("h100-sxm", 2, 2, {}));
  });

  it("cards without a price cannot be owned in comparison, unless the servers are there or are priced", () => {
    const cloud = { sizing: on("g5.xlarge", "a10g") };
    expect("owned" in report(cloud)).toBe(false);
    expect(report(cloud).notOffered).toHaveLength(2);
    const there = { need: { ...need, servers: [server("mine", 1, "a10g")] }, sizing: on("mine", "a10g") };
    const { cost } = ownedServerCost("a10g", 1, 2, {});
    expect(cost.depreciationUsd).toBe(0);
    expect(way("owned", there)).toMatchObject({ monthlyUsd: cost.monthlyUsd, source: "assumptions", asOf: today });
    const priced = { ...cloud, own: { site: { serverUsd: 9600, people: 0 } } };
    // Two of 9,600 $ over four years with a tenth left: 360 $ a month.
    expect(report(priced).owned?.cost.depreciationUsd).toBeCloseTo(360, 9);
    expect(way("owned", priced)).toMatchObject({ source: "own price", asOf: today });
  });

  it("the cheapest steady way is neither spot nor a block, though these cost less", () => {
    const cheap = { own: { shares: { spot: 0.01, "capacity-block": 0.02 }, site: { serverUsd: 1e7 } } };
    expect(report(cheap).steady.name).toBe("reserved-3y");
    expect(report({ own: { site: { serverUsd: 1, people: 0 } } }).steady.name).toBe("owned");
    expect(report({ own: { shares: { "reserved-3y": 2, "reserved-1y": 2 }, site: { serverUsd: 1e7 } } })).toMatchObject(
      {
        steady: { name: "on-demand" },
      },
    );
  });
});

describe("against hosted offers", () => {
  const offer = (id: string, inputUsd: number, outputUsd: number, asOf = "2026-11-19"): HostedPrice => ({
    id,
    model: need.model,
    inputUsd,
    outputUsd,
    source: "an offer",
    asOf,
  });

  it("the cheapest for the mix is first: four prompt tokens for each output", () => {
    // 4 x 0.001 + 0.0001 against 4 x 0.0009 + 0.001.
    const own = { hosted: [offer("outputs", 0.0009, 0.001), offer("prompts", 0.001, 0.0001)] };
    expect(
      report({ own })
        .hosted.slice(0, 2)
        .map((one) => one.offer.id),
    ).toEqual(["prompts", "outputs"]);
  });

  it("the month's tokens at the offer's price; break-even where a day there costs what a day of the fleet does", () => {
    const [first] = report({ own: { hosted: [offer("mine", 0.01, 0.06)] } }).hosted;
    // 525.6 million outputs with 4 x 0.01 + 0.06 = 0.1 $ a million.
    expect(first?.monthlyUsd).toBeCloseTo(52.56, 6);
    const [listed] = first?.breakEven ?? [];
    // 480 $ a day are 4,800 million outputs with their prompts; the fleet passes 86.4 million a day.
    expect(listed?.tokensPerDay).toBeCloseTo(24e9, 0);
    expect(listed?.ofCapacity).toBeCloseTo(4800 / 86.4, 9);
  });

  const doubts = (more: Partial<MoneyQuestion>) => report(more).doubts.map((line) => line.split(":")[0]);
  const stale = "STALE, older than 90 days";

  it("doubts: old prices, the unverified, rules of thumb, assumptions of owning, each where it applies", () => {
    // In April no rule is old; no reservation of g7e is listed, and blocks are not sold for it.
    const april = { today: "2026-04-15", sizing: on("g7e.2xlarge") };
    const [rule, owning] = ["rules of thumb, state your own with --costs", "owned"];
    expect(doubts(april)).toEqual(["hosted", rule, owning]);
    expect(report(april).doubts[1]).toBe(`${rule}: reserved-1y, reserved-3y`);
    const shares = { "reserved-1y": 0.7, "reserved-3y": 0.5, spot: 0.4 };
    expect(doubts({ ...april, own: { shares } })).toEqual(["hosted", owning]);
    expect(doubts({ today: "2026-04-15", sizing: on("g7e.2xlarge", "a10g") })).toEqual(["hosted", rule]);
    expect(doubts({ today: "2026-02-20", sizing: on("g6e.xlarge") })).not.toContain(rule);
    expect(doubts({ today: "2026-08-20" })[0]).toBe(stale);
    expect(report({ today: "2026-08-20" }).doubts[0]).not.toContain("on-demand");
    // The offers of our own table are unverified; an own one before them is not.
    const own = { hosted: [offer("mine", 0.001, 0.001)] };
    expect(report({ own }).doubts.find((line) => line.startsWith("hosted: "))?.length ?? 0).toBeGreaterThan(30);
  });

  it("a price that is not the region's own says so, where instances are rented at all", () => {
    const european = { need: { ...need, region: "eu-central-1" }, sizing: on("g5.xlarge", "a10g") };
    expect(doubts(european)).toContain("on-demand");
    expect(doubts({ ...european, need })).not.toContain("on-demand");
    const servers: OwnServer[] = [];
    expect(doubts({ ...european, need: { ...european.need, servers } })).not.toContain("on-demand");
  });

  it("old offers are counted, with the day of the oldest", () => {
    const of = (...hosted: HostedPrice[]) =>
      report({ own: { hosted } }).doubts.find((line) => line.startsWith(stale) && line.includes("hosted"));
    expect(of()).toBeUndefined();
    expect(of(offer("a", 0, 0.1, "2026-01-02"))).toMatch(/: 1 hosted price, the oldest of 2026-01-02$/);
    expect(of(offer("a", 0, 0.1, "2026-03-01"), offer("b", 0, 0.2, "2026-01-02"))).toMatch(
      /: 2 hosted prices, the oldest of 2026-01-02$/,
    );
  });
});

describe("an encoder", () => {
  it("is paid per million tokens of its prompts, and nothing is hosted like it", () => {
    const encoder = {
      need: { ...need, model: "bge-m3", workload: { promptTokens: 500, outputTokens: 0, requestsPerSecond: 1 } },
      sizing: { ...sizing, model: "bge-m3", predicted: { ...sizing.predicted, tpotMs: 0 } },
    };
    expect(findModel("bge-m3")?.task).not.toBe("generate");
    const bill = report(encoder);
    // 500 of 1,000 tokens/s.
    expect(bill).toMatchObject({ busiestShare: 0.5, utilisation: 0.2, hosted: [] });
    expect(bill.tokensPerMonth.prompt).toBeCloseTo(525.6e6, 0);
    expect(bill.tokensPerMonth.output).toBe(0);
    expect(bill.why[0]).not.toContain("output");
    expect(report().why[0]).toContain("output");
    expect(bill.doubts.some((line) => line.startsWith("hosted"))).toBe(false);
  });
});
