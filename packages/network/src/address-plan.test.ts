import { findRegion, regions } from "@holdfast/catalog";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressPlan, addressProblems, type AddressInput } from "./address-plan";
import { overlaps, readRange, type AddressRange } from "./address-range";
import { placedSegments } from "./placement";

const input: AddressInput = {
  cidr: "10.40.0.0/16",
  zones: ["euc1-az1", "euc1-az2"],
  region: "eu-central-1",
  clients: [],
};
const frankfurt = findRegion("eu-central-1")?.zones;
const reasons = (change: Partial<AddressInput>) =>
  addressProblems({ ...input, ...change }, frankfurt).map(({ path, reason }) => `${path}: ${reason}`);

const range = (cidr: string): AddressRange => {
  const read = readRange(cidr);
  if (!read.ok) throw new Error(read.reason);
  return read.range;
};
const byPlace = (zones: readonly string[], cidr: string) =>
  new Map(addressPlan(cidr, zones).map((subnet) => [`${subnet.segment} ${subnet.zone}`, subnet.cidr]));

const zoneIds = fc.uniqueArray(
  fc.integer({ min: 1, max: 8 }).map((number) => `euc1-az${number}`),
  { minLength: 1, maxLength: 8 },
);
const vpcCidrs = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 16, max: 22 }))
  .map(([second, prefix]) => `10.${second}.0.0/${prefix}`);

describe("addressPlan", () => {
  it("gives each segment its place in each zone's block", () => {
    expect(addressPlan("10.40.0.0/16", ["euc1-az1", "euc1-az3"])).toEqual([
      { segment: "gateway", zone: "euc1-az1", cidr: "10.40.0.0/22" },
      { segment: "serving", zone: "euc1-az1", cidr: "10.40.4.0/22" },
      { segment: "storage", zone: "euc1-az1", cidr: "10.40.8.0/22" },
      { segment: "observability", zone: "euc1-az1", cidr: "10.40.12.0/22" },
      { segment: "management", zone: "euc1-az1", cidr: "10.40.16.0/22" },
      { segment: "gateway", zone: "euc1-az3", cidr: "10.40.64.0/22" },
      { segment: "serving", zone: "euc1-az3", cidr: "10.40.68.0/22" },
      { segment: "storage", zone: "euc1-az3", cidr: "10.40.72.0/22" },
      { segment: "observability", zone: "euc1-az3", cidr: "10.40.76.0/22" },
      { segment: "management", zone: "euc1-az3", cidr: "10.40.80.0/22" },
    ]);
  });

  it("moves no subnet when zones come, go or change places", () => {
    fc.assert(
      fc.property(vpcCidrs, zoneIds, zoneIds, (cidr, zones, others) => {
        const before = byPlace(zones, cidr);
        const after = byPlace(others, cidr);
        for (const [place, subnet] of before) if (after.has(place)) expect(after.get(place)).toBe(subnet);
      }),
    );
  });

  it("keeps subnets apart and inside the network", () => {
    fc.assert(
      fc.property(vpcCidrs, zoneIds, (cidr, zones) => {
        const vpc = range(cidr);
        const subnets = addressPlan(cidr, zones).map((subnet) => range(subnet.cidr));
        expect(subnets.length).toBe(zones.length * placedSegments.length);
        subnets.forEach((subnet, index) => {
          expect(subnet.first >= vpc.first && subnet.last <= vpc.last).toBe(true);
          expect(subnets.slice(0, index).some((other) => overlaps(other, subnet))).toBe(false);
          expect(subnet.prefix).toBeLessThanOrEqual(28);
        });
      }),
    );
  });

  it("has a slot for every zone of every region of the catalogue", () => {
    for (const { id, zones } of regions) {
      expect(addressProblems({ ...input, region: id, zones }, zones)).toEqual([]);
      expect(new Set(addressPlan("10.0.0.0/16", zones).map((subnet) => subnet.cidr)).size).toBe(
        zones.length * placedSegments.length,
      );
    }
  });
});

describe("addressProblems", () => {
  it("accepts a network with its clients", () => {
    expect(
      reasons({
        clients: [
          { name: "office", cidr: "10.10.0.0/16" },
          { name: "apps", cidr: "100.64.0.0/16" },
        ],
      }),
    ).toEqual([]);
  });

  it.each([
    ["10.40.0.0", 'cidr: not an IPv4 range, got "10.40.0.0"; write it like 10.40.0.0/16'],
    ["10.40.1.0/16", 'cidr: has bits set beyond its prefix, got "10.40.1.0/16"; the range is 10.40.0.0/16'],
    ["011.0.0.0/16", 'cidr: not an IPv4 range, got "011.0.0.0/16"; write it like 10.40.0.0/16'],
    [
      "8.8.0.0/16",
      'cidr: must be private, got "8.8.0.0/16"; use a part of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10',
    ],
    [
      "10.0.0.0/24",
      'cidr: must be between /16 and /22, got "10.0.0.0/24"; it is cut into 8 zones of 8 segments, and AWS takes no subnet below /28',
    ],
    [
      "10.0.0.0/8",
      'cidr: must be between /16 and /22, got "10.0.0.0/8"; it is cut into 8 zones of 8 segments, and AWS takes no subnet below /28',
    ],
  ])("rejects the range %s", (cidr, reason) => {
    expect(reasons({ cidr })).toEqual([reason]);
  });

  it("rejects zones of another region, zone names, repeated zones and no zones, all at once", () => {
    expect(reasons({ zones: ["euc1-az1", "euw1-az1", "eu-central-1a", "euc1-az1"] })).toEqual([
      'zones[1]: is not a zone of eu-central-1, got "euw1-az1"; allowed: euc1-az1, euc1-az2, euc1-az3',
      'zones[2]: must be a zone id such as euc1-az1, got "eu-central-1a"; zone names differ from account to account, ids do not',
      'zones[3]: "euc1-az1" is there twice; name each zone once',
    ]);
    expect(reasons({ zones: [] })).toEqual([
      "zones: must have at least 1 entry, got a list of 0; two or more keep the service up when a zone fails",
    ]);
  });

  it.each([
    ["0.0.0.0/0", "must be a private range"],
    ["0.0.0.0/1", "must be a private range"],
    ["128.0.0.0/1", "must be a private range"],
    ["10.0.0.0/7", "must be a private range"],
    ["52.0.0.0/8", "must be a private range"],
    ["172.0.0.0/8", "must be a private range"],
    ["10.40.128.0/17", "overlaps the network's own range"],
    ["10.0.0.0/8", "overlaps the network's own range"],
    ["::/0", "not an IPv4 range"],
  ])("rejects the client network %s", (cidr, reason) => {
    const found = reasons({ clients: [{ name: "office", cidr }] });
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((one) => one.startsWith("clients[0].cidr: "))).toBe(true);
    expect(found.join()).toContain(reason);
  });

  it("rejects two client networks that share a name or addresses", () => {
    expect(
      reasons({
        clients: [
          { name: "office", cidr: "10.10.0.0/16" },
          { name: "office", cidr: "10.10.8.0/24" },
        ],
      }),
    ).toEqual([
      'clients[1].name: "office" is there twice; names must be unique',
      'clients[1].cidr: "10.10.8.0/24" overlaps client network "office" (10.10.0.0/16); give each client network its own range',
    ]);
  });
});
