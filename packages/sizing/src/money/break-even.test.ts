import { describe, expect, it } from "vitest";
import { breakEven } from "./break-even";
import type { HostedPrice } from "./hosted-prices";

/** A dollar per million prompt tokens, three per million output tokens. */
const hosted: HostedPrice = {
  id: "offer",
  model: "m",
  inputUsd: 1,
  outputUsd: 3,
  source: "an offer",
  asOf: "2026-11-01",
};
/** 730 hours of 1 $ are 24 $ a day; an output with its three prompt tokens costs 6 $ a million: 4 million of them, 16 million in all. */
const question = { monthlyUsd: 730, tokensPerSecond: 1000, promptPerOutput: 3, hosted, today: "2026-11-20" };

describe("where a fleet becomes cheaper than a hosted model", () => {
  it("is in proportion to the fleet's price and to the offer's", () => {
    expect(breakEven(question).tokensPerDay).toBeCloseTo(16e6, 3);
    expect(breakEven({ ...question, monthlyUsd: 1460 }).tokensPerDay).toBeCloseTo(32e6, 3);
    const dear = { ...hosted, inputUsd: 10, outputUsd: 30 };
    expect(breakEven({ ...question, hosted: dear }).tokensPerDay).toBeCloseTo(1.6e6, 3);
    // Without prompts: 3 $ a million, 8 million a day.
    expect(breakEven({ ...question, promptPerOutput: 0 }).tokensPerDay).toBeCloseTo(8e6, 3);
  });

  it("its share is of the outputs that the fleet passes in a day of 86,400 s", () => {
    expect(breakEven(question).ofCapacity).toBeCloseTo(4e6 / 86.4e6, 12);
    expect(breakEven({ ...question, tokensPerSecond: 50 }).ofCapacity).toBeCloseTo(4e6 / 4.32e6, 12);
  });

  it("the sentence has the figures that it is worked out from", () => {
    const [sum = "", capacity = ""] = breakEven(question).sentences;
    for (const part of [
      "$730 a month",
      "/ 30.42 days",
      "$6.00 per million output tokens",
      "with 3 prompt",
      "= 16,000,000",
    ])
      expect(sum).toContain(part);
    expect(capacity).toContain("4.6 %");
    // 4 million against 25 tokens/s x 86,400: it passes 54 % of that.
    expect(breakEven({ ...question, tokensPerSecond: 25 }).sentences[1]).toContain("passes 54 % of that");
  });

  it("is held against the sources' bounds: 100,000 and 1,000,000 tokens a day", () => {
    const sum = (monthlyUsd: number) => breakEven({ ...question, monthlyUsd }).sentences[0] ?? "";
    // 16 million for 730 $: 100,000 for 4.56 $, a million for 45.6 $.
    expect(sum(4)).toMatch(/below the sources' bound of 100,000$/);
    expect(sum(5)).toMatch(/between the sources' bounds of 100,000 and 1,000,000$/);
    expect(sum(45)).toMatch(/between the sources' bounds of 100,000 and 1,000,000$/);
    expect(sum(46)).toMatch(/above the sources' bound of 1,000,000$/);
  });

  it("an unverified price says so, an old one too", () => {
    const last = (one: HostedPrice) => breakEven({ ...question, hosted: one }).sentences[2];
    expect(last(hosted)).toBe("hosted price: an offer, 2026-11-01");
    expect(last({ ...hosted, unverified: "heard of" })).toBe("hosted price: an offer, 2026-11-01; heard of");
    expect(last({ ...hosted, asOf: "2026-08-01" })).toContain("STALE");
  });
});
