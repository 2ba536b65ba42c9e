import { extendCatalogue } from "@holdfast/catalog";
import { sizeFleet, type FleetNeed } from "@holdfast/sizing";
import { expect, it } from "vitest";
import { sizedFleet } from "./sized-fleet";

const need: FleetNeed = {
  fleet: "chat",
  model: "llama-3.1-8b-instruct",
  region: "eu-central-1",
  instanceType: "g5.xlarge",
  workload: { promptTokens: 500, outputTokens: 100, requestsPerSecond: 0.5 },
};

it("works a fleet out once, and anew for another need", () => {
  const first = sizedFleet(need);
  expect(first).toEqual(sizeFleet(need));
  expect(sizedFleet({ ...need })).toBe(first);
  expect(sizedFleet({ ...need, fleet: "code" })).toMatchObject({ ok: true, sizing: { fleet: "code" } });
});

it("forgets when the catalogue changes, and when it changes back", () => {
  const usdPerHour = () => {
    const outcome = sizedFleet(need);
    return outcome.ok ? outcome.sizing.usdPerHour / outcome.sizing.instances : Number.NaN;
  };
  const before = usdPerHour();
  const undo = extendCatalogue({
    prices: [{ region: "eu-central-1", usdPerHour: { "g5.xlarge": 77 }, source: "an offer", asOf: "2026-11-01" }],
  });
  try {
    expect(usdPerHour()).toBe(77);
  } finally {
    undo();
  }
  expect(usdPerHour()).toBe(before);
});
