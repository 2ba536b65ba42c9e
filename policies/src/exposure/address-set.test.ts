import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  allAddresses,
  cidrs,
  common,
  formatAddresses,
  isNone,
  meet,
  noAddresses,
  parseCidr,
  unite,
  without,
  type AddressSet,
} from "./address-set";

const v4 = fc.tuple(fc.nat({ max: 0xffff_ffff }), fc.integer({ min: 0, max: 32 })).map(([start, length]) => {
  const parts = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256);
  return `${parts.join(".")}/${length}`;
});
const v6 = fc
  .tuple(fc.array(fc.nat({ max: 0xffff }), { minLength: 8, maxLength: 8 }), fc.integer({ min: 0, max: 128 }))
  .map(([groups, length]) => `${groups.map((group) => group.toString(16)).join(":")}/${length}`);
const set = fc.array(fc.oneof(v4, v6), { maxLength: 6 }).map((blocks) => cidrs(...blocks));

function size({ v4: narrow, v6: wide }: AddressSet): bigint {
  return [...narrow, ...wide].reduce((sum, [start, end]) => sum + end - start, 0n);
}

describe("parseCidr", () => {
  it.each([
    "0.0.0.0/0",
    "::/0",
    "0::/0",
    "0000:0::0/0",
    "10.1.2.3",
    "::ffff:10.1.2.3",
    "fe80::1/64",
    "255.255.255.255/32",
  ])("reads %s", (text) => {
    expect(parseCidr(text)).toBeDefined();
  });
  it.each([
    "",
    "10.0.0.0/33",
    "10.0.0/8",
    "256.0.0.0/8",
    "::/129",
    ":::/0",
    "1::2::3",
    "10.0.0.0/8/8",
    "hello",
    "1:2:3:4:5:6:7:8:9",
    "10.0.0.0/x",
  ])("refuses %s", (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });
  it("ignores host bits", () => {
    expect(parseCidr("10.1.2.3/8")).toEqual(parseCidr("10.0.0.0/8"));
  });
});

describe("sets of addresses", () => {
  it("joins two halves to the whole", () => {
    expect(cidrs("0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1")).toEqual(allAddresses);
  });

  it("adds up: what is common and what is not make the whole, and nothing is counted twice", () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        expect(unite(common(a, b), without(a, b))).toEqual(a);
        expect(isNone(common(without(a, b), b))).toBe(true);
        expect(size(unite(a, b))).toBe(size(a) + size(b) - size(common(a, b)));
        expect(meet(a, b)).toBe(size(common(a, b)) > 0n);
      }),
    );
  });

  it("does not care for order or repetition", () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        expect(unite(a, b, a)).toEqual(unite(b, a));
        expect(without(a, a)).toEqual(noAddresses);
      }),
    );
  });

  it("writes blocks that read back as the same set", () => {
    fc.assert(
      fc.property(fc.oneof(v4, v6), (block) => {
        const parsed = cidrs(block);
        expect(cidrs(formatAddresses(parsed))).toEqual(parsed);
      }),
    );
    expect(formatAddresses(cidrs("fd00::/8"))).toBe("fd00::/8");
    expect(formatAddresses(cidrs("::1"))).toBe("::1/128");
    expect(formatAddresses(without(cidrs("10.0.0.0/8"), cidrs("10.0.0.0/16")))).toMatch(
      /^10\.1\.0\.0\/16, .* and 5 more blocks$/,
    );
  });
});
