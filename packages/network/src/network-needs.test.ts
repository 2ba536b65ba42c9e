import type { NetworkNeeds } from "@holdfast/core";
import { gatewayNetworkNeeds } from "@holdfast/gateway";
import { observabilityNetworkNeeds } from "@holdfast/observability";
import { fleetNetworkNeeds } from "@holdfast/serving";
import { describe, expect, it } from "vitest";
import { accessMatrix } from "./access-matrix";
import { defaultNetworkNeeds, hostNetworkNeeds } from "./network-needs";

const connections = (needs: readonly NetworkNeeds[]) =>
  accessMatrix(needs, { network: "llm", clients: [] }).map(
    ({ from, to, protocol, port, toPort }) => `${from} ${to} ${protocol} ${port}-${toPort}`,
  );

describe("defaultNetworkNeeds", () => {
  it("is what the parts declare, no more and no less", () => {
    const declared = [
      gatewayNetworkNeeds({ containers: true }),
      fleetNetworkNeeds(),
      observabilityNetworkNeeds({ containers: true }),
    ];
    expect(connections(defaultNetworkNeeds())).toEqual(connections(declared));
  });
});

describe("hostNetworkNeeds", () => {
  it("is files, secrets, journal, lifecycle and operator sessions, and images and volumes when asked", () => {
    const services = (needs: NetworkNeeds) => needs.flows.map((flow) => flow.to);
    const base = ["s3", "secretsmanager", "logs", "autoscaling", "ssm", "ssmmessages"].map(
      (service) => `endpoint:${service}`,
    );
    expect(services(hostNetworkNeeds("gateway"))).toEqual(base);
    expect(services(hostNetworkNeeds("serving", { containers: true }))).toEqual([
      ...base,
      "endpoint:ecr.api",
      "endpoint:ecr.dkr",
    ]);
    expect(services(hostNetworkNeeds("observability", { dataVolume: true }))).toEqual([...base, "endpoint:ec2"]);
  });
});
