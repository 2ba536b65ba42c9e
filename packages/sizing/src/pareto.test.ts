import { instancePrice } from "@holdfast/catalog";
import { describe, expect, it } from "vitest";
import type { FleetNeed } from "./fleet";
import { paretoTable, type ParetoPoint } from "./pareto";

const base: FleetNeed = {
  fleet: "chat",
  model: "llama-3.1-8b-instruct",
  region: "us-east-1",
  instanceType: "g6e.12xlarge",
  workload: { promptTokens: 1000, outputTokens: 100, requestsPerSecond: 3 },
};
const table = (more: Partial<FleetNeed> = {}): readonly ParetoPoint[] => {
  const outcome = paretoTable({ ...base, ...more });
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.points;
};
const host = (type: string) => instancePrice(type, "us-east-1")?.usd ?? Number.NaN;

describe("cost against latency over formats and parallelism", () => {
  it("the cheaper first, at one price the faster", () => {
    const points = table();
    expect(points.length).toBeGreaterThan(6);
    for (const [i, one] of points.entries()) {
      const before = points[i - 1];
      if (before === undefined) continue;
      expect(before.monthlyUsd).toBeLessThanOrEqual(one.monthlyUsd);
      if (before.monthlyUsd === one.monthlyUsd) expect(before.requestMs).toBeLessThanOrEqual(one.requestMs);
    }
    expect(new Set(points.map((one) => one.monthlyUsd)).size).toBeLessThan(points.length);
  });

  it("every format that the engine reads, whatever quality it keeps", () => {
    const points = table();
    const formats = new Set(points.map((one) => one.format));
    for (const format of ["bf16", "fp8", "awq"] as const) expect(formats.has(format)).toBe(true);
    expect(new Set(points.map((one) => one.tensorParallel))).toEqual(new Set([1, 2, 4]));
  });

  it("efficient where none that is cheaper or as cheap is within half a millisecond as fast; the others say what they lose", () => {
    const { instanceType, ...any } = base;
    expect(instanceType).toBe("g6e.12xlarge");
    const outcome = paretoTable({ ...any, gpuClass: "l40s" });
    if (!outcome.ok) throw new Error(outcome.reason);
    const { points } = outcome;
    expect(points.filter((one) => one.efficient).length).toBeGreaterThan(1);
    expect(points.filter((one) => !one.efficient).length).toBeGreaterThan(1);
    let front: ParetoPoint | undefined;
    for (const one of points) {
      expect(one.efficient).toBe(front === undefined || one.requestMs < front.requestMs - 0.5);
      if (one.efficient || front === undefined) {
        expect(one.lost).toBe("");
        front = one;
        continue;
      }
      const dearer = one.monthlyUsd - front.monthlyUsd;
      expect(one.lost).toContain(`${Math.round(one.requestMs - front.requestMs)} ms slower`);
      expect(one.lost).toContain(`${front.instances} x ${front.instanceType} ${front.format}`);
      if (dearer > 0) expect(one.lost).toContain(`$${dearer} a month dearer`);
      else expect(one.lost).not.toContain("$");
    }
    expect(points.some((one) => one.lost.includes("$"))).toBe(true);
    expect(points.some((one) => one.lost !== "" && !one.lost.includes("$"))).toBe(true);
  });

  it("at the hosts' price, with as many replicas as their GPUs allow, in milliseconds with a digit", () => {
    for (const one of table()) {
      expect(one.monthlyUsd).toBe(Math.round(host("g6e.12xlarge") * 730 * one.instances));
      expect(one.replicas).toBe((one.instances * 4) / one.tensorParallel);
      for (const ms of [one.ttftMs, one.tpotMs, one.requestMs]) expect(ms * 10).toBeCloseTo(Math.round(ms * 10), 6);
      expect(Math.abs(one.requestMs - one.ttftMs - 100 * one.tpotMs)).toBeLessThan(6);
      // An L40S reads 864 GB/s: 16 GB of 16-bit weights over its GPUs take that long at least.
      if (one.format === "bf16") expect(one.tpotMs).toBeGreaterThan(16e9 / 864e9 / one.tensorParallel / 1e-3);
    }
  });
});

describe("replicas over two hosts", () => {
  it("come with both of them", () => {
    // 405 GB of 8-bit weights and hosts of 320 GB.
    const more = { model: "llama-3.1-405b-instruct", format: "fp8", instanceType: "p4d.24xlarge" };
    const points = table({ ...more, workload: { promptTokens: 1000, outputTokens: 100, requestsPerSecond: 0.1 } });
    const counts = points.map((one) => one.instances).sort((a, b) => a - b);
    // 1, 1.5 and 2 times two hosts, in whole replicas.
    expect(counts).toEqual([2, 4]);
    for (const one of points) {
      expect(one.replicas).toBe(one.instances / 2);
      expect(one.monthlyUsd).toBe(Math.round(host("p4d.24xlarge") * 730 * one.instances));
      expect([one.tensorParallel, one.pipelineParallel]).toEqual([8, 2]);
    }
  });
});
