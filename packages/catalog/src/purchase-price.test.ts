import { afterEach, describe, expect, it } from "vitest";
import { checkCatalogue } from "./check-catalogue";
import { purchasePriceLists } from "./data/purchase-prices";
import { instancePrice } from "./price";
import { purchasePrice, type PurchaseKind, type PurchasePriceList } from "./purchase-price";

/** The lists with this one at their end, until the test is over. */
function also(list: Partial<PurchasePriceList>): void {
  const whole = { kind: "spot", region: "us-east-1", usdPerHour: {}, source: "a page", asOf: "2026-11-01", ...list };
  (purchasePriceLists as PurchasePriceList[]).push(whole as PurchasePriceList);
}
const built = purchasePriceLists.length;
afterEach(() => {
  (purchasePriceLists as PurchasePriceList[]).splice(built);
});

describe("prices of reservations, spot and blocks", () => {
  it("a listed price is the share of the region's own on-demand price", () => {
    expect(purchasePrice("reserved-1y", "g6e.xlarge", "eu-central-1")).toMatchObject({
      basis: "listed",
      caveat: "",
      asOf: "2026-08-26",
    });
    const usd = (kind: PurchaseKind, type: string, region: string) =>
      (purchasePrice(kind, type, region)?.share ?? 0) * (instancePrice(type, region)?.usd ?? 0);
    expect(usd("reserved-1y", "g6e.xlarge", "eu-central-1")).toBeCloseTo(1.46601, 9);
    expect(usd("spot", "p5en.48xlarge", "us-east-2")).toBeCloseTo(26.574, 9);
    // One price in all regions, where on demand differs.
    expect(usd("capacity-block", "p5.48xlarge", "us-east-1")).toBeCloseTo(47.757, 9);
    expect(usd("capacity-block", "p5.48xlarge", "eu-north-1")).toBeCloseTo(47.757, 9);
    expect(purchasePrice("capacity-block", "p5.48xlarge", "eu-north-1")).toMatchObject({ basis: "listed", caveat: "" });
  });

  it("a size that is not listed is reserved at the share of another size, here before elsewhere", () => {
    const derived = purchasePrice("reserved-1y", "g4dn.12xlarge", "eu-central-1");
    expect(derived).toMatchObject({ basis: "derived", caveat: "the share of on-demand of g4dn.xlarge" });
    expect(derived?.share).toBeCloseTo(0.683, 3);
    // us-east-1 lists this very size, at 63 %.
    expect(purchasePrice("reserved-1y", "g4dn.metal", "eu-central-1")?.share).toBeCloseTo(0.683, 3);
    expect(purchasePrice("reserved-1y", "p4d.24xlarge", "eu-north-1")).toMatchObject({
      basis: "elsewhere",
      caveat: "the share of on-demand in us-east-1",
    });
    expect(purchasePrice("reserved-3y", "g5.xlarge", "eu-central-1")).toMatchObject({
      basis: "elsewhere",
      caveat: "the share of on-demand of g5.48xlarge in us-west-2",
    });
    expect(purchasePrice("reserved-3y", "g5.xlarge", "eu-central-1")?.share).toBeCloseTo(0.432, 3);
  });

  it("spot has no such rule: every size has its own market, and another region's share says so", () => {
    expect(purchasePrice("spot", "g7.4xlarge", "us-east-2")).toBeUndefined();
    expect(purchasePrice("spot", "g6e.xlarge", "eu-central-1")).toMatchObject({
      basis: "elsewhere",
      caveat: "moves by the day and the zone; the share of on-demand in us-east-2",
    });
    expect(purchasePrice("spot", "g6e.xlarge", "us-east-2")).toMatchObject({
      basis: "listed",
      caveat: "moves by the day and the zone",
    });
    also({ region: "eu-central-1", usdPerHour: { "g6e.xlarge": 0.8 } });
    expect(purchasePrice("spot", "g6e.xlarge", "eu-central-1")).toMatchObject({ basis: "listed", asOf: "2026-11-01" });
  });

  it("nothing is made up: no list, no price on demand, no price", () => {
    expect(purchasePrice("reserved-1y", "g7e.2xlarge", "us-east-1")).toBeUndefined();
    expect(purchasePrice("capacity-block", "g6e.xlarge", "us-east-1")).toBeUndefined();
    // Its block is listed, its on-demand price is not.
    expect(purchasePrice("capacity-block", "p5e.48xlarge", "us-east-1")).toBeUndefined();
  });

  it("sizes of a family that were read are reserved at one share, to half a percent", () => {
    const shares = new Map<string, number[]>();
    for (const { kind, region, usdPerHour } of purchasePriceLists.filter((list) => list.kind.startsWith("reserved"))) {
      for (const [type, usd] of Object.entries(usdPerHour)) {
        const key = `${kind} ${region} ${type.split(".")[0] ?? ""}`;
        shares.set(key, [...(shares.get(key) ?? []), usd / (instancePrice(type, region)?.usd ?? Number.NaN)]);
      }
    }
    expect([...shares.values()].filter((all) => all.length > 1).length).toBeGreaterThan(4);
    for (const [key, all] of shares) expect(Math.max(...all) / Math.min(...all), key).toBeLessThan(1.005);
  });

  it("three years cost less than one, and both less than on demand", () => {
    for (const type of ["g5.xlarge", "g6.xlarge", "g6e.xlarge", "p4d.24xlarge", "p5.48xlarge"]) {
      const [one, three] = (["reserved-1y", "reserved-3y"] as const).map((kind) =>
        purchasePrice(kind, type, "us-east-1"),
      );
      expect(three?.share, type).toBeLessThan(one?.share ?? 0);
      expect(one?.share, type).toBeLessThan(0.8);
    }
  });
});

describe("the check of the catalogue", () => {
  const findings = (today = "2026-11-22") =>
    checkCatalogue(today).findings.filter(({ record }) => record.includes(" prices of "));

  it("has nothing against the lists but their age", () => {
    expect(findings().filter(({ severity }) => severity === "error")).toEqual([]);
    expect(findings("2026-10-08").map(({ record }) => record)).not.toContain("capacity-block prices of *");
    const old = findings("2027-01-06").find(({ record }) => record === "capacity-block prices of *");
    expect(old?.reason).toContain("of 2026-10-07 is 91 days old, more than 90: read it again");
  });

  it("refuses a list without a source, a type that nobody knows, a price per GPU and one above on demand", () => {
    const refusal = (list: Partial<PurchasePriceList>) => {
      also(list);
      const found = findings().filter(({ severity }) => severity === "error");
      (purchasePriceLists as PurchasePriceList[]).splice(built);
      return found.map(({ record, reason }) => `${record}: ${reason}`).join("; ");
    };
    expect(refusal({ source: "" })).toContain("spot prices of us-east-1: source");
    expect(refusal({ asOf: "yesterday" })).toContain("spot prices of us-east-1: asOf");
    expect(refusal({ kind: "lease" as "spot" })).toContain("kind");
    expect(refusal({ usdPerHour: { "g9.xlarge": 1 } })).toContain('unknown instance type "g9.xlarge"');
    expect(refusal({ kind: "capacity-block", region: "*", usdPerHour: { "p5.48xlarge": 5.97 } })).toContain(
      "p5.48xlarge at 5.97 is 11 % of its on-demand price",
    );
    expect(refusal({ usdPerHour: { "p5.48xlarge": 60 } })).toContain("is 109 % of its on-demand price");
  });
});
