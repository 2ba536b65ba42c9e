import { describe, expect, it } from "vitest";
import { autoscaling, type AutoscalingNeed } from "./autoscaling";
import { coldStart } from "./cold-start";
import { sessionPrompts } from "./sessions";

describe("cold start", () => {
  const cold = coldStart({ weightsBytes: 16e9, networkGbps: 10 });

  it("is the sum of its components, each with its source", () => {
    expect(cold.seconds).toBeCloseTo(
      cold.components.reduce((sum, one) => sum + one.seconds, 0),
      9,
    );
    expect(cold.components.map((one) => one.what)).toEqual([
      "host",
      "engine image",
      "weights from the store",
      "weights into the GPUs",
      "engine: profile and compile",
      "first inference and registration",
    ]);
    expect(cold.components[2]?.seconds).toBe(16);
    for (const one of cold.components) expect(one.source.length).toBeGreaterThan(5);
  });

  it("handbook: today 5 to 14 minutes; with a warm pool, the image in place, streaming and a compile cache about a minute", () => {
    expect(cold.seconds).toBeGreaterThan(300);
    expect(cold.seconds).toBeLessThan(840);
    const best = coldStart({
      weightsBytes: 16e9,
      networkGbps: 10,
      imageCached: true,
      stream: true,
      compileCached: true,
      warmPool: true,
    });
    expect(best.seconds).toBeCloseTo(58, 0);
  });
});

describe("autoscaling", () => {
  const need: AutoscalingNeed = {
    sizing: { replicas: 4, maxConcurrency: 40, replicasPerInstance: 1 },
    quietRequestsPerSecond: 1,
    burstRequestsPerSecond: 20,
    plannedRequestsPerSecond: 8,
    risePerMinute: 0.4,
    coldStartSeconds: 300,
    minimumReplicas: 2,
    longestResponseSeconds: 120,
  };

  it("bounds follow from what a replica carries", () => {
    expect(autoscaling(need)).toMatchObject({ minimumReplicas: 2, maximumReplicas: 10 });
    expect(autoscaling({ ...need, quietRequestsPerSecond: 7 }).minimumReplicas).toBe(4);
    expect(autoscaling({ ...need, burstRequestsPerSecond: 0.5 }).maximumReplicas).toBe(2);
  });

  it("the trigger comes earlier the longer a start takes and the steeper the rise", () => {
    const { scaleOutConcurrency, scaleInConcurrency } = autoscaling(need);
    // 0.4 / 60 x 300 = 2 requests/s more, a quarter of 8: 1 / 1.25 = 80 %.
    expect(scaleOutConcurrency).toBe(32);
    expect(scaleInConcurrency).toBe(16);
    expect(autoscaling({ ...need, coldStartSeconds: 600 }).scaleOutConcurrency).toBe(26);
    expect(autoscaling({ ...need, risePerMinute: 100 }).scaleOutConcurrency).toBe(12);
    expect(autoscaling({ ...need, risePerMinute: 0 }).scaleOutConcurrency).toBe(32);
  });

  it("nothing is taken away before a new one could be back, nor while a response runs", () => {
    expect(autoscaling(need).scaleInSeconds).toBe(600);
    expect(autoscaling({ ...need, longestResponseSeconds: 900 }).scaleInSeconds).toBe(900);
    expect(autoscaling({ ...need, coldStartSeconds: 60 }).scaleInSeconds).toBe(300);
    expect(autoscaling(need).scaleOutWaiting).toBe(4);
  });
});

describe("sessions with shared prefixes", () => {
  it("later turns carry the earlier ones; what is cached is not computed", () => {
    const load = { sharedPrefix: 1000, newTokens: 100, outputTokens: 300, turns: 5, hitRate: 0 };
    expect(sessionPrompts(load)).toEqual({ prompt: 1900, computed: 1900 });
    expect(sessionPrompts({ ...load, hitRate: 1 })).toEqual({ prompt: 1900, computed: 100 });
    expect(sessionPrompts({ ...load, hitRate: 0.5 }).computed).toBe(1000);
    expect(sessionPrompts({ ...load, turns: 1 })).toEqual({ prompt: 1100, computed: 1100 });
  });
});
