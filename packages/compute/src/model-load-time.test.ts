import { findInstance, hostNetworkMbps, instances } from "@holdfast/catalog";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { modelLoadTime } from "./model-load-time";

const time = (type: string, modelBytes: number, rootVolumeMiBps = 600) => {
  const instance = findInstance(type);
  if (!instance) throw new Error(`no ${type} in the catalogue`);
  return modelLoadTime({ modelBytes, instance, rootVolumeMiBps });
};

describe("modelLoadTime", () => {
  it("takes the slower of network and disk", () => {
    // 2.5 Gb/s are 312.5 MB/s; 250 GB of local disk write 250 MB/s.
    expect(time("g5.xlarge", 16e9)).toMatchObject({ bytesPerSecond: 250e6, limitedBy: "disk" });
    // 40 Gb/s are 5 GB/s; 3,800 GB write 3.8 GB/s.
    expect(time("g5.12xlarge", 140e9)).toMatchObject({ bytesPerSecond: 3.8e9, limitedBy: "disk" });
    expect(time("g5.4xlarge", 16e9)).toMatchObject({ bytesPerSecond: 600e6, limitedBy: "disk" });
    expect(time("g6.8xlarge", 16e9).limitedBy).toBe("disk");
    // The host's address is on one of 32 cards: 100 Gb/s are 12.5 GB/s, and 30.72 TB write 30.72 GB/s.
    expect(time("p5.48xlarge", 700e9)).toMatchObject({ bytesPerSecond: 12.5e9, limitedBy: "network" });
  });

  it("shows its arithmetic", () => {
    expect(time("g5.xlarge", 16e9).why).toEqual([
      "fetch: 16.0 GB at 250 MB/s (network 313 MB/s, instance store 250 MB/s) = 64 s",
      "check: SHA-256 on 2 cores at 250 MB/s = 64 s",
      "load: from disk into the GPUs at 250 MB/s = 64 s",
      "boot 240 s, engine start 300 s",
      "sum 732 s x 1.5 margin = 1098 s",
    ]);
    expect(time("g5.xlarge", 16e9).seconds).toBe(1098);
  });

  it("counts the root volume where there is no instance store", () => {
    const instance = { type: "x.large", vcpus: 8, networkMbps: 10_000, ebsMbps: 4750, localNvmeGb: 0 };
    expect(modelLoadTime({ modelBytes: 10e9, instance, rootVolumeMiBps: 125 }).bytesPerSecond).toBe(125 * 1_048_576);
    expect(modelLoadTime({ modelBytes: 10e9, instance, rootVolumeMiBps: 1000 }).bytesPerSecond).toBe(593.75e6);
  });

  it("gives a larger model no less time on any type, and never less than the wire needs", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...instances),
        fc.double({ min: 1e9, max: 8e11, noNaN: true }),
        fc.double({ min: 0, max: 1e11, noNaN: true }),
        (instance, bytes, more) => {
          const [small, large] = [bytes, bytes + more].map(
            (modelBytes) => modelLoadTime({ modelBytes, instance, rootVolumeMiBps: 600 }).seconds,
          );
          expect(large).toBeGreaterThanOrEqual(small ?? Infinity);
          expect(small).toBeGreaterThan((bytes * 8) / (hostNetworkMbps(instance) * 1e6));
        },
      ),
    );
  });
});
