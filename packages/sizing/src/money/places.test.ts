import { describe, expect, it } from "vitest";
import { ownServers } from "../advice/own-hardware";
import type { FleetNeed } from "../fleet";
import { comparePlaces, isPlace, type PlacesQuestion } from "./places";

const need: FleetNeed = {
  fleet: "x",
  model: "llama-3.1-8b-instruct",
  region: "us-east-1",
  minimumReplicas: 2,
  workload: { promptTokens: 1000, outputTokens: 300, requestsPerSecond: 4, ttftSeconds: 2, tpotMs: 60 },
};
const question: PlacesQuestion = { need, servers: ownServers({}), today: "2026-11-20" };
const both = (changes: Partial<PlacesQuestion> = {}) => {
  const comparison = comparePlaces({ ...question, ...changes });
  const [cloud, own] = comparison.places;
  if (cloud === undefined || own === undefined || !isPlace(cloud) || !isPlace(own))
    throw new Error(comparison.why.join("; "));
  return { ...comparison, cloud, own };
};

describe("the cloud and servers of one's own, side by side", () => {
  it("each place gets the configuration that is best there, and its money", () => {
    const { cloud, own, cheaper, differenceUsd } = both({ doublings: 0 });
    expect(cloud.sizing.instanceType).toMatch(/^g\d/);
    expect(own.sizing.instanceType).toMatch(/^server with/);
    expect(cloud.monthlyUsd).toBe(cloud.money.ways.find((way) => way.name === "on-demand")?.monthlyUsd);
    expect(own.monthlyUsd).toBe(own.money.ways.find((way) => way.name === "owned")?.monthlyUsd);
    expect(cheaper).toBe(cloud.monthlyUsd <= own.monthlyUsd ? "cloud" : "own servers");
    expect(differenceUsd).toBeCloseTo(Math.abs(cloud.monthlyUsd - own.monthlyUsd), 9);
  });

  it("a small load does not pay for half a person; a larger one does, from the doubling that is named", () => {
    const small = both();
    expect(small.cheaper).toBe("cloud");
    const factor = small.turnsAt?.factor ?? 0;
    expect(factor).toBeGreaterThanOrEqual(2);
    const at = (times: number) =>
      both({ need: { ...need, workload: { ...need.workload, requestsPerSecond: 4 * times } }, doublings: 0 }).cheaper;
    expect(at(factor)).toBe("own servers");
    expect(at(factor / 2)).toBe("cloud");
    expect(small.turnsAt?.requestsPerSecond).toBe(4 * factor);
    expect(both({ doublings: 0 }).why).toHaveLength(1);
    expect(both({ doublings: 1 }).why[1]).toContain(
      "own servers would not be cheaper at up to 2 times the load either",
    );
    expect(small.why[1]).toContain(`from about ${factor} times the load on`);
  });

  it("own costs count: without people the own servers are the cheaper ones", () => {
    const { cheaper, own } = both({ own: { site: { people: 0 } }, doublings: 0 });
    expect(cheaper).toBe("own servers");
    expect(own.money.owned?.cost.peopleUsd).toBe(0);
  });

  it("a place that cannot says why, and nothing is compared", () => {
    const { places, cheaper, why } = comparePlaces({ ...question, need: { ...need, gpuClass: "rtx-4090" } });
    expect(places.map(isPlace)).toEqual([false, true]);
    expect(cheaper).toBeUndefined();
    expect(why).toEqual([expect.stringMatching(/^cloud: .*no such instance type is offered in us-east-1/)]);
  });

  it("servers in the need itself do not turn the cloud's part into another own one", () => {
    expect(both({ need: { ...need, servers: question.servers }, doublings: 0 }).cloud.sizing.instanceType).toMatch(
      /^g\d/,
    );
  });
});
