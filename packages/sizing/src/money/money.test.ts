import { findModel, instancePrice, purchasePrices } from "@holdfast/catalog";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ownServers } from "../advice/own-hardware";
import type { FleetNeed, FleetSizing } from "../fleet";
import { sizeFleet } from "../size-fleet";
import { breakEven } from "./break-even";
import { hardwarePrice, serverPrice } from "./hardware-prices";
import { hostedOffersFor, hostedPrices, hostedUsd } from "./hosted-prices";
import { moneyReport, type MoneyQuestion, type OwnFigures } from "./money-report";
import { monthlyCost, notOffered, ownedCost, purchaseNames, purchaseOption, purchaseOptions } from "./purchase";
import { usdPerMillionTokens } from "./token-prices";

const option = (name: string) => {
  const found = purchaseOptions.find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
};

describe("cost per token", () => {
  it("handbook: 8B on an L40S at 1,207 tokens/s and $1.861 an hour is $0.43 per million at full load, $1.07 at 40 %", () => {
    expect(usdPerMillionTokens(1.861, 1207, 1)).toBeCloseTo(0.43, 2);
    expect(usdPerMillionTokens(1.861, 1207, 0.4)).toBeCloseTo(1.07, 2);
  });

  it("handbook: H100 at $6.88 and 5,104 tokens/s is $0.37 and $0.94", () => {
    expect(usdPerMillionTokens(6.88, 5104, 1)).toBeCloseTo(0.37, 2);
    expect(usdPerMillionTokens(6.88, 5104, 0.4)).toBeCloseTo(0.94, 2);
  });

  it("hosted prices carry source and date", () => {
    for (const one of hostedPrices) {
      expect(one.asOf).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(one.source.length).toBeGreaterThan(10);
    }
    expect(hostedUsd({ inputUsd: 1, outputUsd: 4 }, 2e6, 5e5)).toBe(4);
  });
});

describe("ways to buy", () => {
  it("on demand is paid by the hour, a reservation for every hour", () => {
    expect(monthlyCost(10, 2, option("on-demand"))).toBe(14_600);
    expect(monthlyCost(10, 2, option("on-demand"), 100)).toBe(2000);
    expect(monthlyCost(10, 2, option("reserved-1y"), 100)).toBeCloseTo(0.7 * 14_600, 6);
    expect(monthlyCost(10, 1, option("spot"), 100)).toBeCloseTo(370, 6);
  });

  it("every share but on demand says what it rests on", () => {
    for (const one of purchaseOptions.slice(1)) expect(one.caveat).toContain("rule of thumb");
  });

  it("a type that the catalogue has a price of is paid at that price, any other by the rule of thumb", () => {
    expect(purchaseOptions.map(({ name }) => name)).toEqual([...purchaseNames]);
    for (const name of purchaseNames) {
      expect(purchaseOption(name, "p6e-gb200.36xlarge", "us-east-1")).toBe(option(name));
      expect(purchaseOption(name, "g6e.xlarge", "us-east-1").commitment).toBe(option(name).commitment);
    }
    expect(purchaseOption("on-demand", "g6e.xlarge", "us-east-1")).toBe(option("on-demand"));
    const reserved = purchaseOption("reserved-1y", "g6e.xlarge", "us-east-1");
    expect(reserved).toMatchObject({ caveat: "", asOf: "2026-08-26" });
    expect(monthlyCost(1.861, 1, reserved, 100)).toBeCloseTo(1.17243 * 730, 6);
    expect(() => purchaseOption("lease" as "spot", "g6e.xlarge", "us-east-1")).toThrow("known: on-demand, reserved-1y");
    // From October 2026 a block of eight B200 costs what they cost on demand.
    expect(purchaseOption("capacity-block", "p6-b200.48xlarge", "us-east-1").share).toBeCloseTo(0.998, 3);
    expect(notOffered("capacity-block", "g6e.xlarge")).toContain("p4, p5 and p6 only");
  });

  it("the rules of thumb for spot and blocks are the medians of what the catalogue lists", () => {
    const shares = (kind: string) =>
      purchasePrices()
        .filter((list) => list.kind === kind)
        .flatMap(({ region, usdPerHour }) =>
          Object.entries(usdPerHour).map(
            ([type, usd]) => usd / (instancePrice(type, region === "*" ? "us-east-1" : region)?.usd ?? Number.NaN),
          ),
        )
        .filter((share) => !Number.isNaN(share))
        .sort((a, b) => a - b);
    for (const [kind, count] of [
      ["spot", 45],
      ["capacity-block", 7],
    ] as const) {
      const all = shares(kind);
      expect(all).toHaveLength(count);
      expect(option(kind).share).toBeCloseTo(all[(count - 1) / 2] ?? 0, 2);
      const [from, to] = [all[0] ?? 0, all.at(-1) ?? 0].map((share) => Number(share.toFixed(2)));
      expect(option(kind).caveat).toContain(`ask for ${from} to ${to}`);
    }
  });

  it("owned: a $300,000 server over four years", () => {
    const cost = ownedCost({ purchaseUsd: 300_000, servers: 1, kilowatts: 10.2 });
    expect(cost.depreciationUsd).toBeCloseTo(5625, 6);
    expect(cost.powerUsd).toBeCloseTo(875.65, 2);
    expect(cost.hostingUsd).toBe(500);
    expect(cost.maintenanceUsd).toBe(1250);
    expect(cost.peopleUsd).toBe(6250);
    expect(cost.monthlyUsd).toBeCloseTo(14_500.65, 1);
  });

  it("owned: two servers double everything but the people", () => {
    const one = ownedCost({ purchaseUsd: 1e5, servers: 1, kilowatts: 5 });
    const two = ownedCost({ purchaseUsd: 1e5, servers: 2, kilowatts: 5 });
    expect(two.monthlyUsd - two.peopleUsd).toBeCloseTo(2 * (one.monthlyUsd - one.peopleUsd), 6);
  });
});

describe("break-even", () => {
  const hosted = { id: "offer", model: "m", inputUsd: 1, outputUsd: 3, source: "an offer", asOf: "2026-11-01" };
  const question = { monthlyUsd: 3650, tokensPerSecond: 1000, promptPerOutput: 3, hosted, today: "2026-11-20" };

  it("is where a day of tokens costs what a day of the fleet does", () => {
    const { tokensPerDay, ofCapacity, sentences } = breakEven(question);
    // 3650 / 30.4167 = 120 $ a day; 3 x 1 + 3 = 6 $ per million output tokens: 20 million of them, 80 million in all.
    expect(tokensPerDay).toBeCloseTo(80e6, 0);
    expect(ofCapacity).toBeCloseTo(20e6 / 86.4e6, 9);
    expect(sentences[0]).toContain("= 80,000,000 tokens a day, above the sources' bound of 1,000,000");
    expect(sentences[1]).toBe("that is 23.1 % of what the fleet passes");
    expect(sentences[2]).toBe("hosted price: an offer, 2026-11-01");
  });

  it("says when it never pays, and when the price is stale", () => {
    const never = breakEven({ ...question, tokensPerSecond: 100, today: "2027-03-01" });
    expect(never.ofCapacity).toBeGreaterThan(1);
    expect(never.sentences[1]).toContain("it is never cheaper than offer");
    expect(never.sentences[2]).toContain("STALE, older than 90 days");
  });

  it("grows with the fleet's price", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e6 }), (a, b) => {
        const at = (monthlyUsd: number) => breakEven({ ...question, monthlyUsd }).tokensPerDay;
        expect(Math.sign(at(a) - at(b))).toBe(Math.sign(a - b));
      }),
    );
  });
});

describe("buying hardware", () => {
  it("a card's price is the catalogue's or a dated street price; the rest of the server comes on top", () => {
    expect(hardwarePrice("rtx-4090")).toMatchObject({ from: 1500, to: 2000 });
    expect(hardwarePrice("h100-sxm")).toMatchObject({ from: 25_000, to: 30_000 });
    expect(hardwarePrice("a10g")).toBeUndefined();
    expect(serverPrice("rtx-4090", 1)?.usd).toBe(6750);
    expect(serverPrice("h100-sxm", 8)?.usd).toBeCloseTo((8 * 27_500) / 0.65, 6);
    expect(serverPrice("l40s", 1)).toBeUndefined();
  });

  it("every price carries a source and a day", () => {
    for (const gpu of ["rtx-4090", "rtx-5090", "a100-80", "h100-sxm", "b200-sxm", "mi300x"]) {
      const price = hardwarePrice(gpu);
      expect(price?.source.length, gpu).toBeGreaterThan(10);
      expect(price?.asOf, gpu).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(price?.from, gpu).toBeLessThanOrEqual(price?.to ?? 0);
    }
    for (const option of purchaseOptions) {
      expect(option.source.length).toBeGreaterThan(5);
      expect(option.asOf).toMatch(/^20\d\d-\d\d-\d\d$/);
    }
  });
});

describe("hosted offers", () => {
  it("every offer is of a model in the catalogue or marked as closed, and no offer is there twice", () => {
    for (const offer of hostedPrices)
      expect(findModel(offer.model) !== undefined, offer.id).toBe(offer.closed !== true);
    expect(new Set(hostedPrices.map((offer) => offer.id)).size).toBe(hostedPrices.length);
  });

  it("the same model first, the cheapest for the mix first, closed models last", () => {
    const offers = hostedOffersFor("gpt-oss-120b", 3);
    expect(offers[0]?.id).toBe("novita/gpt-oss-120b");
    expect(offers.slice(-2).map((offer) => offer.closed)).toEqual([true, true]);
    expect(offers.slice(0, -2).every((offer) => offer.model === "gpt-oss-120b")).toBe(true);
    expect(hostedOffersFor("phi-4", 3)).toHaveLength(2);
  });
});

describe("the whole bill", () => {
  const need: FleetNeed = {
    fleet: "chat",
    model: "llama-3.1-8b-instruct",
    region: "us-east-1",
    gpuClass: "h100",
    minimumReplicas: 1,
    workload: { promptTokens: 1000, outputTokens: 250, requestsPerSecond: 2, tpotMs: 50 },
  };
  const sizingOf = (one: FleetNeed): FleetSizing => {
    const outcome = sizeFleet(one);
    if (!outcome.ok) throw new Error(outcome.reason);
    return outcome.sizing;
  };
  const sizing = sizingOf(need);
  const report = (more: Partial<MoneyQuestion> = {}) => moneyReport({ need, sizing, today: "2026-11-20", ...more });
  const way = (name: string, more: Partial<MoneyQuestion> = {}) => {
    const found = report(more).ways.find((one) => one.name === name);
    if (!found) throw new Error(name);
    return found;
  };

  it("has every way of having the fleet, each per month and per million tokens", () => {
    expect(report().ways.map((one) => one.name)).toEqual([
      "on-demand",
      "reserved-1y",
      "reserved-3y",
      "spot",
      "capacity-block",
      "owned",
    ]);
    const tokens = report().tokensPerMonth.output / 1e6;
    for (const one of report().ways) expect(one.usdPerMillion * tokens).toBeCloseTo(one.monthlyUsd, 4);
    expect(way("on-demand").monthlyUsd).toBeCloseTo(sizing.monthlyUsd, 1);
  });

  it("without a stated utilisation the month is 40 % of the busiest minute; a batch runs at full load", () => {
    expect(report().utilisationAssumed).toBe(true);
    expect(report().tokensPerMonth.output).toBeCloseTo(2 * 250 * 0.4 * 730 * 3600, 0);
    expect(report().tokensPerMonth.prompt).toBeCloseTo(2 * 1000 * 0.4 * 730 * 3600, 0);
    expect(report({ need: { ...need, batch: true } }).tokensPerMonth.output).toBeCloseTo(2 * 250 * 730 * 3600, 0);
  });

  it("with known lengths a month is made of mean requests; a peak factor says how the mean stands to the busiest minute", () => {
    const measured: FleetNeed = {
      ...need,
      workload: {
        ...need.workload,
        arrivals: { peakFactor: 5 },
        promptLengths: { bins: [{ upTo: 1000, count: 1 }] },
        outputLengths: { bins: [{ upTo: 200, count: 1 }] },
      },
    };
    const bill = moneyReport({ need: measured, sizing: sizingOf(measured), today: "2026-11-20" });
    expect(bill.utilisationAssumed).toBe(false);
    expect(bill.tokensPerMonth.prompt / (2 * 500 * 730 * 3600)).toBeCloseTo(1, 2);
    expect(bill.tokensPerMonth.output / (2 * 100 * 730 * 3600)).toBeCloseTo(1, 2);
  });

  it("a stated utilisation decides the tokens, and the price per token is in proportion to it", () => {
    expect(report({ utilisation: 0.5 }).tokensPerMonth.output).toBeCloseTo(
      sizing.predicted.tokensPerSecond * 0.5 * 730 * 3600,
      0,
    );
    expect(way("on-demand", { utilisation: 0.25 }).usdPerMillion).toBeCloseTo(
      2 * way("on-demand", { utilisation: 0.5 }).usdPerMillion,
      9,
    );
  });

  it("a day is a month's tokens over 30.4 days, prompts and outputs; the arithmetic stands in the sentences", () => {
    const bill = report();
    expect(bill.tokensPerDay).toBeCloseTo(2 * 1250 * 0.4 * 86_400, 0);
    const hour = (way("on-demand").monthlyUsd / 730).toFixed(2);
    expect(bill.why[0]).toContain(`on-demand at 100 % of what it sustains: $${hour} an hour x 1e6 / (`);
    expect(bill.why[1]).toContain(
      `x ${Number(bill.utilisation.toFixed(4))}) = $${way("on-demand").usdPerMillion.toFixed(2)} per million output tokens`,
    );
    expect(bill.why[2]).toContain("2 requests/s x 250 = 500 of");
    const [first] = bill.hosted;
    if (first === undefined) throw new Error("hosted");
    const { tokensPerDay } = breakEven({
      monthlyUsd: way("on-demand").monthlyUsd,
      tokensPerSecond: sizing.predicted.tokensPerSecond,
      promptPerOutput: 4,
      hosted: first.offer,
      today: "2026-11-20",
    });
    expect(first.breakEven[0]?.tokensPerDay).toBeCloseTo(tokensPerDay, 6);
  });

  it("what is stated is not assumed, and its own figures stand in the sentences", () => {
    expect(report({ utilisation: 0.5 }).utilisationAssumed).toBe(false);
    expect(report({ need: { ...need, batch: true } }).utilisationAssumed).toBe(false);
    const site = { lifeYears: 5, hostingUsdPerMonth: 700, maintenanceShare: 0.1, people: 2, usdPerPersonYear: 60_000 };
    const bill = report({ own: { site } });
    const told = bill.why.filter((line) => line.startsWith("owned, ")).join("\n");
    expect(told).toContain("/ 60 months");
    expect(told).toContain("$700 a server");
    expect(told).toContain("10 % of the price a year");
    expect(told).toContain("2 x $60,000 a year / 12 = $10,000");
    expect(bill.ways.find((one) => one.name === "owned")?.terms).toContain("5 years");
    const plain = report()
      .why.filter((line) => line.startsWith("owned, "))
      .join("\n");
    for (const part of ["/ 48 months", "$500 a server", "5 % of the price a year", "0.5 x $150,000"])
      expect(plain).toContain(part);
  });

  it("a price is stale 90 days after its own day, and only then", () => {
    const stale = (today: string) =>
      report({ today })
        .ways.filter((one) => one.stale)
        .map((one) => one.name);
    expect(stale("2026-07-21")).not.toContain("on-demand");
    expect(stale("2027-06-01")).toContain("owned");
    expect(report({ today: "2026-11-10" }).doubts.some((line) => line.includes("hosted prices, the oldest"))).toBe(
      false,
    );
  });

  it("owning is told part by part and adds up", () => {
    const { owned, why } = report();
    if (owned === undefined) throw new Error("owned");
    expect(owned.serverUsd).toBeCloseTo(27_500 / 0.65, 6);
    expect(owned.kilowatts).toBeCloseTo(1200 / 0.85 / 1000, 9);
    expect(way("owned").monthlyUsd).toBeCloseTo(owned.cost.monthlyUsd, 9);
    expect(why.filter((line) => line.startsWith("owned, "))).toHaveLength(4);
    expect(why.join("\n")).toContain("x PUE 1.4 x $0.12 = ");
  });

  it("one's own figures take the place of the assumptions and are never stale", () => {
    const own: OwnFigures = {
      shares: { spot: 0.3 },
      site: { serverUsd: 60_000, people: 0, usdPerKwh: 0.3, pue: 1.2 },
      hosted: [
        { id: "ours", model: need.model, inputUsd: 0.01, outputUsd: 0.02, source: "our offer", asOf: "2026-11-19" },
      ],
    };
    expect(way("spot", { own })).toMatchObject({ caveat: "own figure: 0.3 of on-demand", stale: false });
    expect(way("spot", { own }).monthlyUsd).toBeCloseTo(0.3 * sizing.monthlyUsd, 1);
    expect(way("owned", { own })).toMatchObject({ source: "own price", stale: false });
    expect(report({ own }).owned?.cost.peopleUsd).toBe(0);
    expect(report({ own }).hosted[0]?.offer.id).toBe("ours");
  });

  it("break-even against the list price and against the cheapest steady way", () => {
    const [first] = report().hosted;
    expect(first?.breakEven.map((one) => one.way)).toEqual(["on-demand", report().steady.name]);
    const [dear, cheap] = first?.breakEven ?? [];
    expect(dear?.tokensPerDay ?? 0).toBeGreaterThan(cheap?.tokensPerDay ?? 0);
    expect(report().steady.name).not.toMatch(/spot|block/);
  });

  it("old prices are named as stale, each with its day", () => {
    const old = report({ today: "2027-06-01" });
    expect(old.ways.filter((one) => one.name !== "owned").every((one) => one.stale)).toBe(true);
    expect(old.doubts.some((line) => line.startsWith("STALE, older than 90 days: on-demand of 2026-"))).toBe(true);
    expect(
      old.doubts.some((line) => /^STALE, older than 90 days: \d+ hosted prices, the oldest of 2026-11-09/.test(line)),
    ).toBe(true);
    expect(report({ today: "2026-11-10" }).hosted.some((one) => one.stale)).toBe(false);
  });

  it("what is not sold that way is not priced that way", () => {
    const small: FleetNeed = { ...need, gpuClass: "a10g" };
    const bill = moneyReport({ need: small, sizing: sizingOf(small), today: "2026-11-20" });
    expect(bill.ways.map((one) => one.name)).toEqual(["on-demand", "reserved-1y", "reserved-3y", "spot"]);
    expect(bill.notOffered.join("\n")).toContain("capacity blocks are sold for p4, p5 and p6 only");
    expect(bill.notOffered.join("\n")).toContain("no purchase price is known for a10g");
  });

  it("an encoder is priced per million input tokens, and no hosted chat is held against it", () => {
    const encoder: FleetNeed = {
      ...need,
      model: "bge-m3",
      workload: { promptTokens: 512, outputTokens: 0, requestsPerSecond: 20 },
    };
    const bill = moneyReport({ need: encoder, sizing: sizingOf(encoder), today: "2026-11-20" });
    expect(bill.hosted).toEqual([]);
    expect(bill.tokensPerMonth.output).toBe(0);
    expect(bill.ways[0]?.usdPerMillion).toBeGreaterThan(0);
  });

  it("on one's own servers there is one way, and its cost holds the people", () => {
    const servers = ownServers({ gpuClass: "rtx-4090" });
    const own: FleetNeed = {
      fleet: "f",
      model: need.model,
      region: "-",
      servers,
      minimumReplicas: 1,
      workload: need.workload,
    };
    const one = sizingOf(own);
    const bill = moneyReport({ need: own, sizing: one, today: "2026-11-20" });
    expect(bill.ways.map((item) => item.name)).toEqual(["owned"]);
    expect(bill.ways[0]?.monthlyUsd).toBeCloseTo(one.monthlyUsd + 6250, -1);
    expect(bill.hosted[0]?.breakEven.map((item) => item.way)).toEqual(["owned"]);
  });
});
