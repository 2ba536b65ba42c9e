import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { breakEven } from "./break-even";
import { monthlyCost, ownedCost, purchaseOptions } from "./purchase";
import { hostedPrices, hostedUsdPerDay, usdPerMillionTokens } from "./token-prices";

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
    expect(hostedUsdPerDay({ inputUsd: 1, outputUsd: 4 }, 2e6, 5e5)).toBe(4);
  });
});

describe("ways to buy", () => {
  it("on demand is paid by the hour, a reservation for every hour", () => {
    expect(monthlyCost(10, 2, option("on-demand"))).toBe(14_600);
    expect(monthlyCost(10, 2, option("on-demand"), 100)).toBe(2000);
    expect(monthlyCost(10, 2, option("reserved-1y"), 100)).toBeCloseTo(0.7 * 14_600, 6);
    expect(monthlyCost(10, 1, option("spot"), 100)).toBeCloseTo(420, 6);
  });

  it("every share but on demand says what it rests on", () => {
    for (const one of purchaseOptions.slice(1)) expect(one.caveat).toContain("rule of thumb");
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
    expect(sentences[0]).toContain("= 80000000 tokens a day, above the sources' bound of 1,000,000");
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
