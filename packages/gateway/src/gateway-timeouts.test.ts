import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gatewayTimeouts, longestLongestResponse, shortestLongestResponse } from "./gateway-timeouts";

describe("the times derived from the longest response", () => {
  it.each([
    [
      120,
      {
        queue: 6,
        server: 125,
        streamGap: 60,
        client: 130,
        balancerIdle: 350,
        drain: 135,
        stop: 150,
        deregistration: 180,
        hostDrain: 180,
      },
    ],
    [
      300,
      {
        queue: 15,
        server: 305,
        streamGap: 60,
        client: 310,
        balancerIdle: 350,
        drain: 315,
        stop: 330,
        deregistration: 360,
        hostDrain: 360,
      },
    ],
    [
      600,
      {
        queue: 30,
        server: 605,
        streamGap: 120,
        client: 610,
        balancerIdle: 620,
        drain: 615,
        stop: 630,
        deregistration: 660,
        hostDrain: 660,
      },
    ],
  ])("are these for %i s", (longest, expected) => {
    expect(gatewayTimeouts(longest)).toMatchObject({ connect: 4, request: 10, keepAlive: 60, ...expected });
  });

  it("keep their order and the cloud's bounds for every length allowed", () => {
    fc.assert(
      fc.property(fc.integer({ min: shortestLongestResponse, max: longestLongestResponse }), (longest) => {
        const times = gatewayTimeouts(longest);
        expect(times.server).toBeGreaterThan(longest);
        expect(times.client).toBeGreaterThan(times.server);
        expect(times.balancerIdle).toBeGreaterThan(times.client);
        expect(times.balancerIdle).toBeGreaterThan(times.keepAlive);
        expect(times.streamGap).toBeLessThanOrEqual(times.server);
        expect(times.queue).toBeGreaterThanOrEqual(5);
        expect(times.queue).toBeLessThanOrEqual(30);
        // A drain lasts at least as long as the longest answer, and nobody up the chain is less patient.
        expect(times.drain).toBeGreaterThanOrEqual(longest + 15);
        expect(times.stop).toBeGreaterThan(times.drain);
        expect(times.deregistration).toBeGreaterThanOrEqual(times.stop);
        expect(times.hostDrain).toBeGreaterThan(times.stop);
        expect(times.balancerIdle).toBeLessThanOrEqual(6000);
        expect(times.deregistration).toBeLessThanOrEqual(3600);
        expect(times.hostDrain).toBeLessThanOrEqual(7200);
      }),
    );
  });
});
