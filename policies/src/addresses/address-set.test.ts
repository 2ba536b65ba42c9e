import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  allAddresses,
  cidrs,
  common,
  countAddresses,
  formatAddresses,
  isNone,
  meet,
  noAddresses,
  parseCidr,
  unite,
  validCidrs,
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

function size(addresses: AddressSet): bigint {
  const count = countAddresses(addresses);
  return count.v4 + count.v6;
}

/** Whether an address is in a block, bit by bit: slow and plain. */
function inBlock(address: number, cidr: string): boolean {
  const [text = "", length = "32"] = cidr.split("/");
  const bits = (value: number) => value.toString(2).padStart(32, "0").slice(0, Number(length));
  return bits(address) === bits(text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0));
}
const dotted = (address: number) => [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");

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
    "10.0.0.1/",
    "0x0.0.0.0/0",
    "010.0.0.0/8",
    "fe80::1%eth0/64",
    "pl-12345",
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

  it("agrees with a bit-by-bit membership test, for unions and differences", () => {
    const address = fc.nat({ max: 0xffff_ffff });
    const blocks = fc.array(v4, { maxLength: 6 });
    fc.assert(
      fc.property(blocks, blocks, address, (some, removed, one) => {
        const single = cidrs(dotted(one));
        const wanted = some.some((block) => inBlock(one, block));
        expect(meet(cidrs(...some), single)).toBe(wanted);
        const less = without(cidrs(...some), cidrs(...removed));
        expect(meet(less, single)).toBe(wanted && !removed.some((block) => inBlock(one, block)));
      }),
    );
  });

  it("takes what is valid of a list, or refuses the list", () => {
    expect(validCidrs(["10.0.0.0/8", "pl-1", " 11.0.0.0/8 "])).toEqual(cidrs("10.0.0.0/7"));
    expect(() => cidrs("10.0.0.0/8", "pl-1")).toThrow(/not a CIDR block: "pl-1"/);
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
