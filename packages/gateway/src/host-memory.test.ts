import { describe, expect, it } from "vitest";
import { hostMemoryMiB } from "./host-memory";
import { gatewayCapacity } from "./haproxy-spec";

describe("the memory of a host", () => {
  // Figures: EC2 instance type pages of AWS.
  it.each([
    ["c7i.large", 4096],
    ["c7i.xlarge", 8192],
    ["m6g.medium", 4096],
    ["m7i.2xlarge", 32_768],
    ["r6i.large", 16_384],
    ["c6in.16xlarge", 131_072],
  ])("%s has %i MiB", (type, mib) => {
    expect(hostMemoryMiB(type)).toBe(mib);
  });

  it.each(["t3.large", "g5.xlarge", "c7i", "c7i.metal-24xl", ""])("of %s is not known", (type) => {
    expect(hostMemoryMiB(type)).toBeUndefined();
  });

  it("bounds connections, and a buffer holds body, head and room to spare", () => {
    const small = gatewayCapacity(200_000, 32_768, 4096);
    expect(small.bufferBytes % 16_384).toBe(0);
    expect(small.bufferBytes).toBeGreaterThanOrEqual(200_000 + 32_768 + 1024);
    expect(small.connections * 2 * small.bufferBytes).toBeLessThan(0.6 * 4096 * 1_048_576);
    expect(gatewayCapacity(8_388_608, 32_768, 4096).connections).toBeLessThan(small.connections);
  });
});
