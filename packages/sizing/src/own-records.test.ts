import { extendCatalogue, findGpu, findInstance, findModel } from "@holdfast/catalog";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sizeFleet, type FleetNeed } from "./index";

const sourced = { source: "bank/records@0123456", asOf: "2026-11-01" };
const need: FleetNeed = {
  fleet: "letters",
  model: "bank-8b",
  region: "eu-central-1",
  gpuClass: "b77",
  workload: { promptTokens: 1000, outputTokens: 200, requestsPerSecond: 1, ttftSeconds: 5, tpotMs: 100 },
};
const sized = (changed: Partial<FleetNeed> = {}) => sizeFleet({ ...need, ...changed });

describe("records of one's own in sizing", () => {
  let undo = () => undefined as unknown;
  beforeAll(() => {
    undo = extendCatalogue({
      models: [
        { ...findModel("llama-3.1-8b-instruct"), id: "bank-8b", repository: "bank/Bank-8B", aliases: [], ...sourced },
      ],
      gpus: [{ ...findGpu("a10g"), id: "b77", name: "Brand B77", gpuClass: "b77", ...sourced }],
      instances: [{ ...findInstance("g5.xlarge"), type: "b7.xlarge", gpu: "b77", ...sourced }],
      prices: [{ region: "eu-central-1", usdPerHour: { "b7.xlarge": 2.5 }, ...sourced }],
      offerings: [{ region: "eu-central-1", zones: ["euc1-az1", "euc1-az2"], types: ["b7.xlarge"] }],
    });
  });
  afterAll(() => {
    undo();
  });

  it("a fleet of one's own model on one's own GPU, type and price", () => {
    const outcome = sized();
    expect(outcome).toMatchObject({ ok: true, sizing: { model: "bank-8b", instanceType: "b7.xlarge" } });
    expect(outcome.ok && outcome.sizing.usdPerHour / outcome.sizing.instances).toBeCloseTo(2.5, 6);
  });

  it("a local zone that one's own offering names is known, another is not", () => {
    const back = extendCatalogue({
      offerings: [{ region: "eu-central-1", zones: ["euc1-ham1-az1"], types: ["b7.2xlarge"] }],
      instances: [{ ...findInstance("g5.2xlarge"), type: "b7.2xlarge", gpu: "b77", ...sourced }],
      prices: [{ region: "eu-central-1", usdPerHour: { "b7.2xlarge": 3 }, ...sourced }],
    });
    expect(sized({ zones: ["euc1-ham1-az1"] })).toMatchObject({ ok: true, sizing: { instanceType: "b7.2xlarge" } });
    back();
    expect(sized({ zones: ["euc1-ham1-az1"] })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('unknown zone "euc1-ham1-az1" in eu-central-1') as string,
    });
  });

  it("the same arithmetic as for the record that it was made from", () => {
    const [own, built] = [
      sized(),
      sized({ model: "llama-3.1-8b-instruct", gpuClass: "a10g", instanceType: "g5.xlarge" }),
    ];
    expect(own.ok && own.sizing.predicted).toEqual(built.ok && built.sizing.predicted);
  });

  it("without them nothing is known by those names", () => {
    undo();
    expect(sized()).toMatchObject({ ok: false });
  });
});
