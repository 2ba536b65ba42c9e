import { IPv4 } from "ipaddr.js";

/** An IPv4 range as numbers, so that containment and overlap are comparisons. */
export interface AddressRange {
  readonly cidr: string;
  /** First address as an unsigned 32-bit number. */
  readonly first: number;
  /** Last address as an unsigned 32-bit number. */
  readonly last: number;
  readonly prefix: number;
}

/** Reads an IPv4 range in CIDR form, or says why the text is not one. */
export function readRange(
  cidr: string,
): { readonly ok: true; readonly range: AddressRange } | { readonly ok: false; readonly reason: string } {
  if (!IPv4.isValidCIDRFourPartDecimal(cidr)) {
    return { ok: false, reason: `not an IPv4 range, got "${cidr}"; write it like 10.40.0.0/16` };
  }
  const [, prefix] = IPv4.parseCIDR(cidr);
  const first = toNumber(IPv4.networkAddressFromCIDR(cidr));
  const proper = `${fromNumber(first)}/${prefix}`;
  if (proper !== cidr)
    return { ok: false, reason: `has bits set beyond its prefix, got "${cidr}"; the range is ${proper}` };
  return { ok: true, range: { cidr, first, last: toNumber(IPv4.broadcastAddressFromCIDR(cidr)), prefix } };
}

/** Private in the sense of RFC 1918, or carrier-grade NAT space (RFC 6598), which companies use behind transit gateways. */
export function isPrivate(range: AddressRange): boolean {
  const kind = (address: number) => IPv4.parse(fromNumber(address)).range();
  const first = kind(range.first);
  // Both ends in one private block and no wider than the widest of them (10.0.0.0/8).
  return (first === "private" || first === "carrierGradeNat") && first === kind(range.last) && range.prefix >= 8;
}

export function overlaps(one: AddressRange, other: AddressRange): boolean {
  return one.first <= other.last && other.first <= one.last;
}

/** The `slot`-th of the `2 ** bits` equal parts of a range. */
export function part(range: AddressRange, bits: number, slot: number): AddressRange {
  const prefix = range.prefix + bits;
  const size = 2 ** (32 - prefix);
  const first = range.first + slot * size;
  return { cidr: `${fromNumber(first)}/${prefix}`, first, last: first + size - 1, prefix };
}

function toNumber(address: IPv4): number {
  return address.octets.reduce((value, octet) => value * 256 + octet, 0);
}

function fromNumber(value: number): string {
  return new IPv4([24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256)).toString();
}
