import { describe, expect, it } from "vitest";
import { ownedServerCost } from "../advice/own-hardware";
import type { FleetNeed } from "../fleet";
import type { OwnServer } from "../own-server";
import { comparePlaces, isPlace, type PlacesQuestion } from "./places";

/** One type in the cloud and one server with the same card, so that only money decides. */
const need: FleetNeed = {
  fleet: "chat",
  model: "llama-3.1-8b-instruct",
  format: "bf16",
  region: "us-east-1",
  instanceType: "p5.4xlarge",
  gpusPerHost: 1,
  workload: { promptTokens: 1000, outputTokens: 100, requestsPerSecond: 1 },
};
const server: OwnServer = {
  name: "mine",
  gpu: "h100-sxm",
  gpus: 1,
  cores: 16,
  memoryGb: 256,
  storageGb: 2000,
  networkGbps: 100,
  usdPerHour: 1,
  priceSource: "an offer",
  priceAsOf: "2026-11-01",
};
const question: PlacesQuestion = { need, servers: [server], doublings: 0, today: "2026-11-20" };
const compare = (more: Partial<PlacesQuestion> = {}) => comparePlaces({ ...question, ...more });
const both = (more: Partial<PlacesQuestion> = {}) => {
  const comparison = compare(more);
  const [cloud, own] = comparison.places;
  if (cloud === undefined || own === undefined || !isPlace(cloud) || !isPlace(own))
    throw new Error(comparison.why.join("; "));
  return { ...comparison, cloud, own };
};
/** A p5.4xlarge costs 6.88 $ an hour: 5,022.40 $ a month. */
const rented = 6.88 * 730;
const site = (peopleUsd: number) => ({ site: { people: 1, usdPerPersonYear: 12 * peopleUsd } });
const withoutPeople = ownedServerCost("h100-sxm", 1, 1, { people: 0 }).cost.monthlyUsd;

describe("one card, rented or owned", () => {
  it("costs the hours of the month there, the server and its people here", () => {
    const { cloud, own, differenceUsd, cheaper } = both();
    expect(cloud.monthlyUsd).toBeCloseTo(rented, 6);
    expect(own.monthlyUsd).toBeCloseTo(withoutPeople + 6250, 6);
    expect(differenceUsd).toBeCloseTo(withoutPeople + 6250 - rented, 6);
    expect(cheaper).toBe("cloud");
  });

  it("the people decide: half a dollar less than what is between them, and owning is the cheaper", () => {
    const even = rented - withoutPeople;
    expect(even).toBeGreaterThan(0);
    const dear = both({ own: site(even + 0.5) });
    expect([dear.cheaper, dear.own.money.owned?.cost.peopleUsd]).toEqual(["cloud", even + 0.5]);
    expect(dear.differenceUsd).toBeCloseTo(0.5, 6);
    const cheap = both({ own: site(even - 0.5) });
    expect(cheap.cheaper).toBe("own servers");
    expect(cheap.differenceUsd).toBeCloseTo(0.5, 6);
  });

  it("the sentence names the cheaper one and has both sums, people apart", () => {
    const even = rented - withoutPeople;
    const usd = (value: number) => `$${Math.round(value).toLocaleString("en-US")}`;
    const { why, own } = both({ own: site(1200) });
    expect(why[0]).toMatch(/^own servers: /);
    for (const part of [usd(rented), usd(own.monthlyUsd), "$1,200", usd(even - 1200)]) expect(why[0]).toContain(part);
    expect(both().why[0]).toMatch(/^the cloud: /);
    expect(both().why[0]).toContain("$6,250");
  });

  it("the share of the month that is used reaches both bills; the default is of the load", () => {
    const { cloud, own } = both({ utilisation: 0.5 });
    expect([cloud.money.utilisation, own.money.utilisation]).toEqual([0.5, 0.5]);
    expect(both().cloud.money.utilisation).toBeLessThan(0.5);
    expect(both().cloud.money.utilisationAssumed).toBe(true);
    expect("turnsAt" in both()).toBe(false);
  });
});

describe("with the load doubled again and again", () => {
  const at = (requestsPerSecond: number) => ({ ...need, workload: { ...need.workload, requestsPerSecond } });

  it("the first doubling from which the other place is cheaper, the last one included", () => {
    // One server each at 1 request/s; people are paid once, so more servers turn it.
    const turns = both({ doublings: 8 }).turnsAt;
    if (turns === undefined) throw new Error("never");
    expect(turns.requestsPerSecond).toBe(turns.factor);
    expect(Number.isInteger(Math.log2(turns.factor))).toBe(true);
    expect(both({ need: at(turns.factor) }).cheaper).toBe("own servers");
    expect(both({ need: at(turns.factor / 2) }).cheaper).toBe("cloud");
    const doublings = Math.log2(turns.factor);
    expect(both({ doublings }).turnsAt).toEqual(turns);
    expect(both({ doublings: doublings - 1 }).turnsAt).toBeUndefined();
    expect(both({ doublings: doublings - 1 }).why[1]).toContain(`${2 ** (doublings - 1)} times`);
    expect(both({ doublings }).why[1]).toMatch(/own servers are cheaper$/);
    // From a third of a request the sentence has three digits of the rate.
    const third = both({ need: at(1 / 3), doublings: 8 });
    expect(third.why[1]).toContain(`${Number(((third.turnsAt?.factor ?? 0) / 3).toPrecision(3))} requests/s`);
  });

  it("where own servers are cheaper already, more of them stay so", () => {
    const { cheaper, turnsAt, why } = both({ own: { site: { people: 0 } }, doublings: 1 });
    expect([cheaper, turnsAt]).toEqual(["own servers", undefined]);
    expect(why[1]).toMatch(/^the cloud would not/);
  });

  it("a server that a hundred times its price would buy is never the cheaper one", () => {
    const dear = both({ own: { site: { serverUsd: 1e8 } }, doublings: 1 });
    expect([dear.cheaper, dear.turnsAt]).toEqual(["cloud", undefined]);
    expect(dear.why[1]).toMatch(/^own servers would not/);
  });
});

describe("where only one place can", () => {
  it("nothing is compared, and the other says why", () => {
    const none = compare({ servers: [] });
    expect(none.places.map(isPlace)).toEqual([true, false]);
    expect(none).toMatchObject({ differenceUsd: 0, why: [expect.stringMatching(/^own servers: ./) as string] });
    expect("cheaper" in none).toBe(false);
    const neither = compare({ servers: [], need: { ...need, region: "nowhere" } });
    expect(neither.why.map((line) => line.split(":")[0])).toEqual(["cloud", "own servers"]);
  });
});
