import { describe, expect, it } from "vitest";
import { engineEra, hostOverhead, onHostOf } from "./host-overhead";
import { hostOverheads } from "./time-constants";
import { gpu } from "./toy-machine.fixture";

describe("the age of an engine", () => {
  it.each([
    ["0.2.7", "first"],
    ["v0.2.7", "first"],
    ["0.3.0", "early"],
    ["0.7.3", "early"],
    ["0.8.0", "v1"],
    ["0.11.2", "v1"],
    ["0.12.0", "current"],
    ["0.19.0", "current"],
    ["2023 (not stated)", "first"],
    ["2024", "early"],
    ["2025", "v1"],
    ["2026-01", "v1"],
    ["b9999", "current"],
    [undefined, "current"],
  ] as const)("%s: %s", (version, era) => {
    expect(engineEra(version)).toBe(era);
  });
});

describe("what the host costs", () => {
  const costs = { step: 0.004, gpu: 0.002, sequence: 0.001, olderHost: 3 };

  it("the processors beside Ampere and older take longer, those beside Ada, Hopper and AMD do not", () => {
    const slow = { step: 0.012, gpu: 0.006, sequence: 0.003 };
    const fast = { step: 0.004, gpu: 0.002, sequence: 0.001 };
    for (const [id, expected] of [
      ["t4", slow],
      ["a100-80", slow],
      ["a10g", slow],
      ["l4", fast],
      ["l40s", fast],
      ["h100-sxm", fast],
      ["b200-sxm", fast],
    ] as const) {
      const { step, gpu: each, sequence } = onHostOf(gpu(id), costs);
      expect([step, each, sequence]).toEqual([
        expect.closeTo(expected.step, 12),
        expect.closeTo(expected.gpu, 12),
        expect.closeTo(expected.sequence, 12),
      ]);
    }
  });

  it("is that of the version's age", () => {
    const { step, gpu: each, sequence } = hostOverheads.early;
    expect(hostOverhead("0.6.3", gpu("h100-sxm"))).toEqual({ step, gpu: each, sequence });
  });
});
