import { describe, expect, it } from "vitest";
import { dataClassOf, hybridPlace, hybridVolume } from "./hybrid-routing";

describe("hybrid routing, as the sources decide it", () => {
  it.each([
    ["PUBLIC", "public"],
    ["marketing", "internal"],
    ["support drafts", "internal"],
    ["proprietary", "confidential"],
    ["CONFIDENTIAL", "confidential"],
    ["PII", "restricted"],
    ["PHI", "restricted"],
    ["SECRET", "restricted"],
    ["regulated", "restricted"],
    ["whatever nobody named", "restricted"],
  ] as const)("APP-R03: %s is %s", (word, dataClass) => {
    expect(dataClassOf(word)).toBe(dataClass);
  });

  it.each(["PII", "PHI", "CONFIDENTIAL", "SECRET"])("APP-R02: %s MUST stay, also in development", (data) => {
    for (const stage of ["development", "production"] as const)
      expect(hybridPlace({ data, stage, volume: 1 })).toMatchObject({ place: "self-hosted", rule: "MUST" });
  });

  it("APP-R02: more than a million in production SHOULD be one's own, exactly a million need not", () => {
    const at = (volume: number) => hybridPlace({ data: "PUBLIC", stage: "production", volume });
    expect(at(hybridVolume + 1)).toEqual({
      place: "self-hosted",
      rule: "SHOULD",
      why: "1,000,001 requests in production, more than 1,000,000",
    });
    expect(at(hybridVolume)).not.toHaveProperty("rule");
  });

  it("APP-R02: public data in development MAY go out, whatever the volume; everything else stays", () => {
    const out = { place: "cloud allowed", rule: "MAY" };
    expect(hybridPlace({ data: "public", stage: "development", volume: 5_000_000 })).toMatchObject(out);
    for (const [data, stage] of [
      ["public", "production"],
      ["internal", "development"],
      ["internal", "production"],
    ] as const)
      expect(hybridPlace({ data, stage, volume: 10 })).toEqual({
        place: "self-hosted",
        why: "no rule of the sources allows a provider",
      });
  });
});
