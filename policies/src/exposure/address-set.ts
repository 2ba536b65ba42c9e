import { intersect, subtract, union, type Interval, type Intervals } from "./intervals";

/** A set of IPv4 and IPv6 addresses, as ranges. */
export interface AddressSet {
  readonly v4: Intervals<bigint>;
  readonly v6: Intervals<bigint>;
}

export const noAddresses: AddressSet = { v4: [], v6: [] };
export const allAddresses: AddressSet = { v4: [[0n, 1n << 32n]], v6: [[0n, 1n << 128n]] };

/** The addresses of a CIDR block or of a single address; `undefined` when the text is neither. Host bits are ignored. */
export function parseCidr(text: string): AddressSet | undefined {
  const [address = "", suffix, ...more] = text.trim().split("/");
  if (more.length > 0 || (suffix !== undefined && !/^\d{1,3}$/.test(suffix))) return undefined;
  const wide = address.includes(":");
  const value = wide ? parseV6(address) : parseV4(address);
  const bits = wide ? 128 : 32;
  const length = suffix === undefined ? bits : Number(suffix);
  if (value === undefined || length > bits) return undefined;
  const size = 1n << BigInt(bits - length);
  const start = value - (value % size);
  const range: Intervals<bigint> = [[start, start + size]];
  return wide ? { v4: [], v6: range } : { v4: range, v6: [] };
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
    blocks.push(`${bits === 32 ? formatV4(from) : formatV6(from)}/${length}`);
    from += size;
  }
  return blocks;
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256n + BigInt(part);
  }
  return value;
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head = "", tail] = halves;
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  if (left === undefined || right === undefined) return undefined;
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...left, ...Array<bigint>(missing).fill(0n), ...right].reduce((value, group) => (value << 16n) + group, 0n);
}

function groups(text: string): bigint[] | undefined {
  if (text === "") return [];
  const values: bigint[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    if (index === parts.length - 1 && part.includes(".")) {
      const v4 = parseV4(part);
      if (v4 === undefined) return undefined;
      values.push(v4 >> 16n, v4 & 0xffffn);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) values.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return values;
}

function formatV4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join(".");
}

function formatV6(value: bigint): string {
  const text = Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  ).join(":");
  // The first longest run of zero groups is written as "::".
  const runs = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length);
  const [longest] = runs;
  if (longest === undefined) return text;
  const before = text.slice(0, longest.index);
  const after = text.slice(longest.index + longest[0].length).replace(/^:/, "");
  return `${before}::${after}`;
}
