import pico from "picocolors";
import { h } from "preact";
import { render } from "preact-render-to-string";
import { describe, expect, it } from "vitest";
import { Cost } from "./html/cost";
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

const line = (what: string, asOf: string, source: string) => ({
  what,
  quantity: 1,
  unitUsd: 10,
  monthlyUsd: 10,
  source,
  asOf,
});
const cost = {
  monthlyUsd: 20,
  currency: "USD" as const,
  lines: [line("old", "2026-07-20", "a list"), line("young", "2026-11-01", "a list (derived: 1 in us-east-1 x 1.25)")],
  notPriced: [],
};

describe("the cost table of plan.html", () => {
  it("names each stale price and each that is not the region's own, and sums them up", () => {
    const html = render(h(Cost, { cost, today: "2026-11-20" }));
    expect(html).toContain('2026-07-20<span class="warn"> STALE</span>');
    expect(html).not.toContain('2026-11-01<span class="warn"> STALE</span>');
    expect(html).toContain('<td class="warn">a list (derived: 1 in us-east-1 x 1.25)</td>');
    expect(html).toContain(
      "Prices: 1 price older than 90 days, the oldest of 2026-07-20; 1 price estimated for the region from others.",
    );
  });

  it("says nothing while all prices are young and the region's own", () => {
    const good = { ...cost, lines: [line("young", "2026-11-01", "a list")] };
    expect(render(h(Cost, { cost: good, today: "2026-11-20" }))).not.toMatch(/STALE|Prices:|class="warn"/);
  });
});
