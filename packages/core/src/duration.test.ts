import { describe, expect, it } from "vitest";
import { durationSeconds, isDuration } from "./duration";

describe("durations", () => {
  it.each([
    ["90 seconds", 90],
    ["1 minute", 60],
    ["1.5 hours", 5400],
    ["2 days", 172_800],
  ] as const)("%s is %d seconds", (text, seconds) => {
    expect(durationSeconds(text)).toBe(seconds);
  });

  it.each(["", "10", "10m", "10  minutes", "-1 minutes", "ten minutes", "1 week", "1 minute "])(
    "%j is none",
    (text) => {
      expect(isDuration(text)).toBe(false);
      expect(() => durationSeconds(text as "1 minute")).toThrow(/not a duration: ".*"; write for example/);
    },
  );
});
