import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AddressSet, isCidr } from "./address-set";

const octet = fc.integer({ min: 0, max: 255 });
const cidr4 = fc
  .tuple(octet, octet, octet, octet, fc.integer({ min: 0, max: 32 }))
  .map(([a, b, c, d, length]) => `${a}.${b}.${c}.${d}/${length}`);

/** Whether an address is in a block, bit by bit: slow and plain. */
function inBlock(address: number, cidr: string): boolean {
  const [text = "", length = "32"] = cidr.split("/");
  const bits = (value: number) => value.toString(2).padStart(32, "0").slice(0, Number(length));
  const base = text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return bits(address) === bits(base);
}
const dotted = (address: number) => [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");

describe("AddressSet", () => {
  it("agrees with a bit-by-bit membership test, for unions and differences", () => {
    const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    fc.assert(
      fc.property(
        fc.array(cidr4, { maxLength: 6 }),
        fc.array(cidr4, { maxLength: 4 }),
        address,
        (blocks, removed, one) => {
          const single = AddressSet.of(dotted(one));
          const wanted = blocks.some((block) => inBlock(one, block));
          expect(AddressSet.of(...blocks).contains(single)).toBe(wanted);
          const less = AddressSet.of(...blocks).minus(AddressSet.of(...removed));
          expect(less.contains(single)).toBe(wanted && !removed.some((block) => inBlock(one, block)));
        },
      ),
    );
  });

  it("does not depend on the order or the cutting of blocks", () => {
    fc.assert(
      fc.property(fc.array(cidr4, { maxLength: 8 }), (blocks) => {
        const halves = blocks.flatMap((block) => {
          const [base = "", length = ""] = block.split("/");
          if (Number(length) >= 32) return [block];
          const start =
            Math.floor(
              base.split(".").reduce((sum, part) => sum * 256 + Number(part), 0) / 2 ** (32 - Number(length)),
            ) *
            2 ** (32 - Number(length));
          return [
            `${dotted(start)}/${Number(length) + 1}`,
            `${dotted(start + 2 ** (31 - Number(length)))}/${Number(length) + 1}`,
          ];
        });
        expect(AddressSet.of(...halves.reverse())).toEqual(AddressSet.of(...blocks));
      }),
    );
  });

  it.each([
    [["0.0.0.0/0"], true],
    [["0.0.0.0/1", "128.0.0.0/1"], true],
    [["1.0.0.0/8", "2.0.0.0/7", "4.0.0.0/6", "8.0.0.0/7"], false],
    [["::/0"], true],
    [["0::0/0"], true],
    [["2000::/3"], true],
    [["2000::/4"], false],
    [["8000::/1"], false],
    [["10.0.0.0/8", "fd00::/8"], false],
    [[], false],
  ])("%j covers the internet: %s", (blocks, covers) => {
    expect(AddressSet.of(...blocks).coversInternet).toBe(covers);
  });

  it.each([
    ["10.0.0.0/8", true],
    ["10.0.0.1", true],
    ["::1/128", true],
    ["10.0.0.0/33", false],
    ["10.0/8", false],
    ["pl-12345", false],
    ["10.0.0.0/8/8", false],
    ["", false],
    ["0x0.0.0.0/0", false],
  ])("%s is an address or block: %s", (text, valid) => {
    expect(isCidr(text)).toBe(valid);
  });

  it("knows what is not reachable from anywhere", () => {
    expect(
      AddressSet.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.169.254", "fe80::/10")
        .routable.isEmpty,
    ).toBe(true);
    expect(AddressSet.of("9.255.255.255/32", "10.0.0.0/8").routable.sizeV4).toBe(1n);
  });
});
