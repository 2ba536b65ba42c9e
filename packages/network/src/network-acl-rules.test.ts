import { describe, expect, it } from "vitest";
import { accessMatrix } from "./access-matrix";
import { networkAclEntries } from "./network-acl-rules";
import { defaultNetworkNeeds } from "./network-needs";
import { placedSegments, type ClientNetwork } from "./placement";

const clients: ClientNetwork[] = [{ name: "office", cidr: "10.10.0.0/16" }];
const matrix = accessMatrix(defaultNetworkNeeds(), { network: "llm", clients });
const entries = (segment: (typeof placedSegments)[number]) =>
  networkAclEntries(segment, matrix, "10.40.0.0/16", clients);
const short = ({
  protocol,
  cidrBlock,
  fromPort,
  toPort,
}: {
  protocol: string;
  cidrBlock: string;
  fromPort: number;
  toPort: number;
}) => `${protocol} ${cidrBlock} ${fromPort}-${toPort}`;

describe("networkAclEntries", () => {
  it("lets the gateway talk to the network, to its clients and to Amazon S3", () => {
    expect(entries("gateway").ingress.map(short)).toEqual([
      "-1 10.40.0.0/16 0-0",
      "6 10.10.0.0/16 443-443",
      "6 0.0.0.0/0 32768-60999",
    ]);
    expect(entries("gateway").egress.map(short)).toEqual([
      "-1 10.40.0.0/16 0-0",
      "6 10.10.0.0/16 1024-65535",
      "6 0.0.0.0/0 443-443",
    ]);
  });

  it("lets segments without flows to the outside talk to the network alone", () => {
    for (const segment of ["storage", "management"] as const) {
      expect(entries(segment).ingress.map(short)).toEqual(["-1 10.40.0.0/16 0-0"]);
      expect(entries(segment).egress.map(short)).toEqual(["-1 10.40.0.0/16 0-0"]);
    }
  });

  it("opens no port that a part listens on to everybody", () => {
    const ports = matrix.flatMap(({ port, toPort }) => [port, toPort]).concat(22, 3389);
    for (const segment of placedSegments) {
      for (const { cidrBlock, fromPort, toPort } of entries(segment).ingress.filter(
        (entry) => entry.cidrBlock === "0.0.0.0/0",
      )) {
        expect(cidrBlock).toBe("0.0.0.0/0");
        for (const port of ports) expect(port >= fromPort && port <= toPort).toBe(false);
      }
    }
  });

  it("numbers entries once each", () => {
    for (const segment of placedSegments) {
      for (const list of [entries(segment).ingress, entries(segment).egress]) {
        expect(new Set(list.map((entry) => entry.ruleNo)).size).toBe(list.length);
      }
    }
  });
});
