import { intersect, subtract, union, type Intervals } from "../addresses/intervals";

/** What a rule lets through: ports for TCP and UDP, protocol numbers for everything else. */
export interface Traffic {
  readonly tcp: Intervals<number>;
  readonly udp: Intervals<number>;
  readonly other: Intervals<number>;
}

const ports: Intervals<number> = [[0, 65_536]];
const protocols: Intervals<number> = [[0, 256]];

export const noTraffic: Traffic = { tcp: [], udp: [], other: [] };
export const allTraffic: Traffic = { tcp: ports, udp: ports, other: protocols };

/** IANA protocol numbers of the names that AWS accepts. */
const numbers: Readonly<Record<string, number>> = { icmp: 1, icmpv6: 58, gre: 47, esp: 50, ah: 51, sctp: 132 };

/**
 * The traffic of one rule. A protocol that is not understood counts as every protocol, a port that is not known as every
 * port: a rule never admits less here than in the cloud.
 */
export function traffic(protocol: string | undefined, fromPort?: number, toPort?: number): Traffic {
  const name = (protocol ?? "-1").toLowerCase();
  if (name === "tcp" || name === "6") return { ...noTraffic, tcp: range(fromPort, toPort) };
  if (name === "udp" || name === "17") return { ...noTraffic, udp: range(fromPort, toPort) };
  const number = numbers[name] ?? (/^\d+$/.test(name) ? Number(name) : undefined);
  return number === undefined || number > 255 ? allTraffic : { ...noTraffic, other: [[number, number + 1]] };
}

function range(fromPort: number | undefined, toPort: number | undefined): Intervals<number> {
  if (fromPort === undefined || fromPort < 0) return ports;
  const last = toPort ?? fromPort;
  return [[fromPort, last + 1]];
}

export function uniteTraffic(...sets: readonly Traffic[]): Traffic {
  return {
    tcp: union(...sets.map((set) => set.tcp)),
    udp: union(...sets.map((set) => set.udp)),
    other: union(...sets.map((set) => set.other)),
  };
}

export function commonTraffic(a: Traffic, b: Traffic): Traffic {
  return { tcp: intersect(a.tcp, b.tcp), udp: intersect(a.udp, b.udp), other: intersect(a.other, b.other) };
}

export function trafficWithout(a: Traffic, b: Traffic): Traffic {
  return { tcp: subtract(a.tcp, b.tcp), udp: subtract(a.udp, b.udp), other: subtract(a.other, b.other) };
}

export function isNoTraffic(set: Traffic): boolean {
  return set.tcp.length === 0 && set.udp.length === 0 && set.other.length === 0;
}

/** For example `tcp/443, udp/8000-8100`. */
export function formatTraffic(set: Traffic): string {
  if (isNoTraffic(trafficWithout(allTraffic, set))) return "every protocol and port";
  const parts = [
    ...set.tcp.map(([start, end]) => `tcp/${span(start, end, 65_536)}`),
    ...set.udp.map(([start, end]) => `udp/${span(start, end, 65_536)}`),
    ...set.other.map(([start, end]) => `protocol ${span(start, end, 256)}`),
  ];
  return parts.length > 6 ? `${parts.slice(0, 6).join(", ")} and ${parts.length - 6} more` : parts.join(", ");
}

function span(start: number, end: number, limit: number): string {
  if (start === 0 && end === limit) return "any";
  return end - start === 1 ? String(start) : `${start}-${end - 1}`;
}
