import ipaddr from "ipaddr.js";
import { intersect, subtract, union, type Interval, type Intervals } from "./intervals";

/**
 * A set of IPv4 and IPv6 addresses, as ranges. Whoever judges addresses compares sets, not spellings: `0.0.0.0/1` together with
 * `128.0.0.0/1` is the whole internet, and so is `0::/0`.
 */
export interface AddressSet {
  readonly v4: Intervals<bigint>;
  readonly v6: Intervals<bigint>;
}

export const noAddresses: AddressSet = { v4: [], v6: [] };
export const allAddresses: AddressSet = { v4: [[0n, 1n << 32n]], v6: [[0n, 1n << 128n]] };

/** The same few blocks come again and again in a plan. */
const parsed = new Map<string, AddressSet | undefined>();

/** The addresses of a CIDR block or of a single address; `undefined` when the text is neither. Host bits are ignored. */
export function parseCidr(text: string): AddressSet | undefined {
  if (!parsed.has(text)) {
    if (parsed.size > 10_000) parsed.clear();
    parsed.set(text, readCidr(text));
  }
  return parsed.get(text);
}

function readCidr(text: string): AddressSet | undefined {
  const [address = "", suffix, ...more] = text.trim().split("/");
  if (more.length > 0 || (suffix !== undefined && !/^\d{1,3}$/.test(suffix)) || !isAddress(address)) return undefined;
  const ip = ipaddr.parse(address);
  const bits = ip.kind() === "ipv4" ? 32 : 128;
  const length = suffix === undefined ? bits : Number(suffix);
  if (length > bits) return undefined;
  const value = ip.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const size = 1n << BigInt(bits - length);
  const start = value - (value % size);
  const range: Intervals<bigint> = [[start, start + size]];
  return bits === 32 ? { v4: range, v6: [] } : { v4: [], v6: range };
}

/** The library also reads octal, hexadecimal and shortened IPv4 addresses, and zones of IPv6: no cloud takes these. */
function isAddress(text: string): boolean {
  return text.includes(":")
    ? ipaddr.IPv6.isValid(text) && !text.includes("%")
    : ipaddr.IPv4.isValidFourPartDecimal(text);
}

/** The union of those texts that are CIDR blocks or addresses. */
export function validCidrs(texts: readonly string[]): AddressSet {
  return unite(...texts.flatMap((text) => parseCidr(text) ?? []));
}

/** The union of several CIDR blocks that are known to be valid. */
export function cidrs(...texts: readonly string[]): AddressSet {
  return unite(
    ...texts.map((text) => {
      const set = parseCidr(text);
      if (set === undefined)
        throw new RangeError(`not a CIDR block: "${text}"; write for example "10.0.0.0/16" or "fd00::/8"`);
      return set;
    }),
  );
}

export function unite(...sets: readonly AddressSet[]): AddressSet {
  return { v4: union(...sets.map((set) => set.v4)), v6: union(...sets.map((set) => set.v6)) };
}

export function common(a: AddressSet, b: AddressSet): AddressSet {
  return { v4: intersect(a.v4, b.v4), v6: intersect(a.v6, b.v6) };
}

export function without(a: AddressSet, b: AddressSet): AddressSet {
  return { v4: subtract(a.v4, b.v4), v6: subtract(a.v6, b.v6) };
}

export function isNone(set: AddressSet): boolean {
  return set.v4.length === 0 && set.v6.length === 0;
}

/** Whether any address is in both, without building their intersection. */
export function meet(a: AddressSet, b: AddressSet): boolean {
  return !isNone(common(a, b));
}

/** How many addresses of each family there are. */
export function countAddresses(set: AddressSet): { readonly v4: bigint; readonly v6: bigint } {
  const count = (ranges: Intervals<bigint>) => ranges.reduce((sum, [start, end]) => sum + end - start, 0n);
  return { v4: count(set.v4), v6: count(set.v6) };
}

/** The set as people write it: at most three blocks, then a count. */
export function formatAddresses(set: AddressSet): string {
  const blocks = [...blocksOf(set.v4, 32), ...blocksOf(set.v6, 128)];
  const shown = blocks.slice(0, 3).join(", ");
  return blocks.length > 3 ? `${shown} and ${blocks.length - 3} more blocks` : shown;
}

function blocksOf(ranges: Intervals<bigint>, bits: number): string[] {
  return ranges.flatMap((range) => split(range, bits));
}

/** The fewest CIDR blocks that make up a range. */
function split([start, end]: Interval<bigint>, bits: number): string[] {
  const blocks: string[] = [];
  let from = start;
  while (from < end) {
    let size = 1n;
    let length = bits;
    while (length > 0 && from % (size * 2n) === 0n && from + size * 2n <= end) {
      size *= 2n;
      length--;
    }
    blocks.push(`${formatAddress(from, bits)}/${length}`);
    from += size;
  }
  return blocks;
}

function formatAddress(value: bigint, bits: number): string {
  const bytes = Array.from({ length: bits / 8 }, (_, index) => Number((value >> BigInt(bits - 8 - 8 * index)) & 255n));
  const address = ipaddr.fromByteArray(bytes);
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}
