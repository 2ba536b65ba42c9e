import type { Problem } from "@holdfast/core";
import { isPrivate, overlaps, part, readRange } from "./address-range";
import { placedSegments, type ClientNetwork, type PlacedSegment } from "./placement";

export interface PlannedSubnet {
  readonly segment: PlacedSegment;
  /** Zone id. */
  readonly zone: string;
  readonly cidr: string;
}

/** Eight zone slots: no region has a zone id above az6 today. */
const zoneBits = 3;
/** Eight segment slots per zone: five in use, the sixth kept for firewall endpoints, two free. */
const segmentBits = 3;
/** AWS takes no subnet smaller than /28 and no VPC range wider than /16. */
const smallestSubnet = 28;
const widestVpc = 16;

/** The AWS form of an availability zone id; local zones and outposts have other forms and are not meant here. */
const zoneForm = /^[a-z]+[0-9]-az([1-8])$/;

/**
 * The subnets of a network. Each one's range depends on its zone id and its segment alone, never on which other zones there are, so
 * adding or removing a zone moves nothing.
 */
export function addressPlan(cidr: string, zones: readonly string[]): PlannedSubnet[] {
  const read = readRange(cidr);
  if (!read.ok) throw new RangeError(read.reason);
  return zones.flatMap((zone) => {
    const block = part(read.range, zoneBits, zoneSlot(zone));
    return placedSegments.map((segment, slot) => ({ segment, zone, cidr: part(block, segmentBits, slot).cidr }));
  });
}

function zoneSlot(zone: string): number {
  const match = zoneForm.exec(zone);
  if (!match) throw new RangeError(`not a zone id: "${zone}"`);
  return Number(match[1]) - 1;
}

export interface AddressInput {
  readonly cidr: string;
  readonly zones: readonly string[];
  readonly region: string;
  readonly clients: readonly ClientNetwork[];
}

/** Everything that is wrong with a network's addresses and zones. `regionZones` are the zone ids the region is known to have. */
export function addressProblems(input: AddressInput, regionZones: readonly string[] | undefined): Problem[] {
  return [...vpcProblems(input.cidr), ...zoneProblems(input, regionZones), ...clientProblems(input)];
}

function vpcProblems(cidr: string): Problem[] {
  const read = readRange(cidr);
  if (!read.ok) return [{ path: "cidr", reason: read.reason }];
  const problems: Problem[] = [];
  const { range } = read;
  if (!isPrivate(range)) {
    problems.push({
      path: "cidr",
      reason: `must be private, got "${cidr}"; use a part of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10`,
    });
  }
  const longest = smallestSubnet - zoneBits - segmentBits;
  if (range.prefix < widestVpc || range.prefix > longest) {
    problems.push({
      path: "cidr",
      reason: `must be between /${widestVpc} and /${longest}, got "${cidr}"; it is cut into 8 zones of 8 segments, and AWS takes no subnet below /${smallestSubnet}`,
    });
  }
  return problems;
}

function zoneProblems({ zones, region }: AddressInput, regionZones: readonly string[] | undefined): Problem[] {
  const problems: Problem[] = [];
  if (zones.length === 0)
    problems.push({
      path: "zones",
      reason: "must have at least 1 entry, got a list of 0; two or more keep the service up when a zone fails",
    });
  zones.forEach((zone, index) => {
    const path = `zones[${index}]`;
    if (zones.indexOf(zone) !== index) {
      problems.push({ path, reason: `"${zone}" is there twice; name each zone once` });
    } else if (!zoneForm.test(zone)) {
      problems.push({
        path,
        reason: `must be a zone id such as euc1-az1, got "${zone}"; zone names differ from account to account, ids do not`,
      });
    } else if (regionZones && !regionZones.includes(zone)) {
      problems.push({ path, reason: `is not a zone of ${region}, got "${zone}"; allowed: ${regionZones.join(", ")}` });
    }
  });
  return problems;
}

function clientProblems({ cidr, clients }: AddressInput): Problem[] {
  const problems: Problem[] = [];
  const vpc = readRange(cidr);
  clients.forEach((client, index) => {
    const at = `clients[${index}]`;
    if (clients.findIndex((other) => other.name === client.name) !== index) {
      problems.push({ path: `${at}.name`, reason: `"${client.name}" is there twice; names must be unique` });
    }
    const read = readRange(client.cidr);
    if (!read.ok) {
      problems.push({ path: `${at}.cidr`, reason: read.reason });
      return;
    }
    if (!isPrivate(read.range)) {
      problems.push({
        path: `${at}.cidr`,
        reason: `must be a private range, got "${client.cidr}"; a client network is reached over a private connection, never over the internet`,
      });
    }
    if (vpc.ok && overlaps(vpc.range, read.range)) {
      problems.push({
        path: `${at}.cidr`,
        reason: `"${client.cidr}" overlaps the network's own range ${cidr}; hosts could not answer its clients`,
      });
    }
    clients.slice(0, index).forEach((other) => {
      const earlier = readRange(other.cidr);
      if (earlier.ok && overlaps(earlier.range, read.range)) {
        problems.push({
          path: `${at}.cidr`,
          reason: `"${client.cidr}" overlaps client network "${other.name}" (${other.cidr}); give each client network its own range`,
        });
      }
    });
  });
  return problems;
}
