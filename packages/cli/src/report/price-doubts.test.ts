import pico from "picocolors";
import { describe, expect, it } from "vitest";
import { doubtfulPrices, isoDate } from "./price-doubts";

const plain = pico.createColors(false);

describe("prices in doubt", () => {
  it("are silent when all are young and the region's own", () => {
    expect(doubtfulPrices([{ asOf: "2026-11-01", source: "a list" }], plain, "2026-11-20")).toBe("");
  });

  it("names how many are old and how old, and how many are estimated", () => {
    const lines = [
      { asOf: "2026-07-20", source: "a list" },
      { asOf: "2026-08-01", source: "a list (derived: 1 in us-east-1 x 1.25)" },
      { asOf: "2026-11-01", source: "a list (estimated: 1 in us-east-1 x 1.2)" },
      { asOf: "2026-11-01", source: "a list (no price known for x: the us-east-1 price stands in)" },
    ];
    expect(doubtfulPrices(lines, plain, "2026-11-20")).toBe(
      "\nprices: 2 prices older than 90 days, the oldest of 2026-07-20; 3 prices estimated for the region from others; the report names each",
    );
  });

  it("a day is ten characters", () => {
    expect(isoDate(new Date("2026-11-20T23:59:59Z"))).toBe("2026-11-20");
  });
});
