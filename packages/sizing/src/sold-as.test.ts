import { findInstance, instancePrice, type InstanceRecord } from "@holdfast/catalog";
import { describe, expect, it } from "vitest";
import { soldAs } from "./sold-as";

const types = (...names: string[]): InstanceRecord[] =>
  names.map((name) => {
    const found = findInstance(name);
    if (found === undefined) throw new Error(`no type ${name}`);
    return found;
  });
const each = (type: string, gpus: number) => ((instancePrice(type, "us-east-1")?.usd ?? 0) / gpus).toFixed(3);

describe("in what numbers a class is sold", () => {
  it("each number once, the fewest first; the three cheapest by the GPU and hour", () => {
    const all = types("g5.48xlarge", "g5.12xlarge", "g5.24xlarge", "g5.2xlarge", "g5.xlarge");
    const cheapest = ["g5.xlarge with 1", "g5.2xlarge with 1", "g5.12xlarge with 4"];
    const prices = [each("g5.xlarge", 1), each("g5.2xlarge", 1), each("g5.12xlarge", 4)];
    expect(soldAs(all, "a10g", "us-east-1")).toBe(
      `A10G comes in us-east-1 by 1 or 4 or 8 only: ${cheapest.map((one, at) => `${one} at $${prices[at] ?? ""} a GPU and hour`).join(", ")}`,
    );
    // By the GPU, not by the host: of the large ones the one with four costs least.
    expect(Number(each("g5.12xlarge", 4))).toBeLessThan(Number(each("g5.48xlarge", 8)));
  });

  it("what has no price is not listed", () => {
    const listed = soldAs(types("p5e.48xlarge", "p5en.48xlarge"), "h200", "us-east-1");
    expect(listed).toContain(`p5en.48xlarge with 8 at $${each("p5en.48xlarge", 8)} a GPU and hour`);
    expect(listed).not.toContain("p5e.48xlarge");
  });

  it("slices, where the card has them, however the class was written; without a class it is a host's", () => {
    const slices = "; one card can be divided by MIG between small models, but not bought alone";
    const a100 = types("p4d.24xlarge");
    expect(soldAs(a100, "a100", "us-east-1")).toMatch(/^A100 comes in us-east-1 by 8 only: /);
    for (const name of ["a100", "A100 class", "a100-40"])
      expect(soldAs(a100, name, "us-east-1"), name).toContain(slices);
    expect(soldAs(types("g5.12xlarge"), "a10g", "us-east-1")).not.toContain("MIG");
    expect(soldAs(a100, undefined, "us-east-1")).toMatch(/^a host comes in us-east-1 by 8 only: .* a GPU and hour$/);
  });

  it("a class that nobody knows keeps its name", () => {
    expect(soldAs(types("g5.xlarge"), "b77", "us-east-1")).toMatch(/^B77 comes in /);
  });
});
