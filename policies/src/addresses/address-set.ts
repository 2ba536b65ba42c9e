import ipaddr from "ipaddr.js";

interface Interval {
  readonly first: bigint;
  readonly last: bigint;
}

type Block = Interval & { readonly family: 4 | 6 };

/** The same few blocks come again and again in a plan. */
const blocks = new Map<string, Block | undefined>();

/**
 * A set of IPv4 and IPv6 addresses as sorted, disjoint intervals. Rules compare sets, not spellings: `0.0.0.0/1` together with
 * `128.0.0.0/1` is the whole internet, and so is `0::/0`.
 */
export class AddressSet {
  static readonly empty = new AddressSet([], []);

  private constructor(
    readonly v4: readonly Interval[],
    readonly v6: readonly Interval[],
  ) {}

  /** The union of CIDR blocks and single addresses. Texts that are neither are ignored: see `isCidr`. */
  static of(...cidrs: readonly string[]): AddressSet {
    const parsed = cidrs.flatMap((cidr) => parse(cidr) ?? []);
    if (parsed.length === 0) return AddressSet.empty;
    return new AddressSet(
      merge(parsed.filter(({ family }) => family === 4)),
      merge(parsed.filter(({ family }) => family === 6)),
    );
  }

  union(other: AddressSet): AddressSet {
    return new AddressSet(merge([...this.v4, ...other.v4]), merge([...this.v6, ...other.v6]));
  }

  minus(other: AddressSet): AddressSet {
    return new AddressSet(subtract(this.v4, other.v4), subtract(this.v6, other.v6));
  }

  /** Whether every address of the other set is in this one. */
  contains(other: AddressSet): boolean {
    return other.minus(this).isEmpty;
  }

  get isEmpty(): boolean {
    return this.v4.length === 0 && this.v6.length === 0;
  }

  /** The part that is reachable from anywhere: without private, local and otherwise special ranges. */
  get routable(): AddressSet {
    return new AddressSet(subtract(this.v4, special.v4), intersect(this.v6, globalUnicast));
  }

  /** Whether all public IPv4 or all public IPv6 addresses are in the set. */
  get coversInternet(): boolean {
    return (
      subtract(subtract(everything4, special.v4), this.v4).length === 0 || subtract(globalUnicast, this.v6).length === 0
    );
  }

  get sizeV4(): bigint {
    return size(this.v4);
  }

  get sizeV6(): bigint {
    return size(this.v6);
  }
}

/** Whether a text is an address or a CIDR block. */
export function isCidr(text: string): boolean {
  return parse(text) !== undefined;
}

const everything4: readonly Interval[] = [{ first: 0n, last: (1n << 32n) - 1n }];

/** 2000::/3: all that IANA has given out for use on the internet. */
const globalUnicast: readonly Interval[] = [{ first: 1n << 125n, last: (1n << 126n) - 1n }];

/** IANA special-purpose registry, IPv4: not reachable from the internet. */
const special = AddressSet.of(
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
);

function parse(text: string): Block | undefined {
  if (!blocks.has(text)) {
    if (blocks.size > 10_000) blocks.clear();
    blocks.set(text, parseBlock(text));
  }
  return blocks.get(text);
}

function parseBlock(text: string): Block | undefined {
  const [address = "", prefix, ...more] = text.trim().split("/");
  if (
    more.length > 0 ||
    !ipaddr.isValid(address) ||
    (ipaddr.IPv4.isValid(address) && !ipaddr.IPv4.isValidFourPartDecimal(address))
  )
    return undefined;
  if (prefix !== undefined && !/^\d{1,3}$/.test(prefix)) return undefined;
  const ip = ipaddr.parse(address);
  const bits = ip.kind() === "ipv4" ? 32 : 128;
  const length = prefix === undefined ? bits : Number(prefix);
  if (length > bits) return undefined;
  const value = ip.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const span = 1n << BigInt(bits - length);
  const first = (value / span) * span;
  return { first, last: first + span - 1n, family: bits === 32 ? 4 : 6 };
}

function merge(intervals: readonly Interval[]): readonly Interval[] {
  const sorted = [...intervals].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const merged: { first: bigint; last: bigint }[] = [];
  for (const { first, last } of sorted) {
    const previous = merged.at(-1);
    if (previous !== undefined && first <= previous.last + 1n)
      previous.last = last > previous.last ? last : previous.last;
    else merged.push({ first, last });
  }
  return merged;
}

function subtract(from: readonly Interval[], remove: readonly Interval[]): readonly Interval[] {
  return from.flatMap((interval) => {
    let rest: readonly Interval[] = [interval];
    for (const { first, last } of remove) {
      rest = rest.flatMap((part) => {
        if (last < part.first || first > part.last) return [part];
        return [
          ...(part.first < first ? [{ first: part.first, last: first - 1n }] : []),
          ...(part.last > last ? [{ first: last + 1n, last: part.last }] : []),
        ];
      });
    }
    return rest;
  });
}

function intersect(a: readonly Interval[], b: readonly Interval[]): readonly Interval[] {
  return a.flatMap((x) =>
    b.flatMap((y) => {
      const first = x.first > y.first ? x.first : y.first;
      const last = x.last < y.last ? x.last : y.last;
      return first <= last ? [{ first, last }] : [];
    }),
  );
}

function size(intervals: readonly Interval[]): bigint {
  return intervals.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
}
