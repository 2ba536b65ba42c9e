import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cidrs } from "../addresses/address-set";
import { firstAdmission, type AclRule } from "./network-acls";
import { traffic } from "./traffic";

const blocks = ["0.0.0.0/0", "0.0.0.0/1", "8.0.0.0/8", "8.8.8.8/32", "10.0.0.0/8"];
const ranges = [
  [0, 65_535],
  [443, 443],
  [400, 500],
] as const;
const rule: fc.Arbitrary<AclRule & { readonly block: string; readonly range: readonly [number, number] }> = fc
  .record({
    number: fc.nat({ max: 30 }),
    allow: fc.boolean(),
    block: fc.constantFrom(...blocks),
    range: fc.constantFrom(...ranges),
  })
  .map((one) => ({
    ...one,
    addresses: cidrs(one.block),
    traffic: traffic("tcp", one.range[0], one.range[1]),
    words: "",
  }));

/** Representative packets: every block and range boundary lies between two of them. */
const packets = ["8.8.8.8", "8.1.1.1", "9.9.9.9", "10.0.0.1", "200.0.0.1"].flatMap((source) =>
  [80, 443, 450].map((port) => ({ source, port })),
);

function holds(block: string, source: string): boolean {
  const number = (text: string): number => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const [start = "", length = "32"] = block.split("/");
  const width = 2 ** (32 - Number(length));
  return Math.floor(number(source) / width) === Math.floor(number(start) / width);
}

describe("firstAdmission", () => {
  it("lets in exactly what trying packet after packet lets in", () => {
    let admitted = 0;
    fc.assert(
      fc.property(fc.uniqueArray(rule, { maxLength: 6, selector: ({ number }) => number }), (rules) => {
        const ordered = [...rules].sort((a, b) => a.number - b.number);
        const open = packets.some(
          ({ source, port }) =>
            ordered.find(({ block, range }) => holds(block, source) && range[0] <= port && port <= range[1])?.allow ??
            false,
        );
        if (open) admitted++;
        expect(firstAdmission(rules, cidrs("0.0.0.0/0"), traffic("tcp", 0, 65_535)) !== undefined).toBe(open);
      }),
      { numRuns: 1000, seed: 3 },
    );
    expect(admitted).toBeGreaterThan(100);
  });

  it("sees through a denial that covers only a part", () => {
    const deny: AclRule = {
      number: 10,
      allow: false,
      addresses: cidrs("0.0.0.0/1"),
      traffic: traffic("-1"),
      words: "deny",
    };
    const allow: AclRule = {
      number: 20,
      allow: true,
      addresses: cidrs("0.0.0.0/0"),
      traffic: traffic("tcp", 443),
      words: "allow",
    };
    expect(firstAdmission([allow, deny], cidrs("0.0.0.0/0"))?.words).toBe("allow");
    expect(firstAdmission([allow, deny], cidrs("8.0.0.0/8"))).toBeUndefined();
  });
});
