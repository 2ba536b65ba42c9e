import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { adoptNetwork, type AdoptNetworkArgs } from "./adopt-network";

const args: AdoptNetworkArgs = {
  region: "eu-central-1",
  cidr: "10.40.0.0/16",
  zones: ["euc1-az1", "euc1-az2"],
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: { serving: ["subnet-a", "subnet-b"] },
  securityGroupIds: { serving: "sg-serving" },
  efaSecurityGroupIds: { serving: "sg-efa" },
  endpointSecurityGroupIds: { ssm: "sg-ssm" },
  namespace: {
    id: "ns-1",
    arn: "arn:aws:servicediscovery:eu-central-1:111122223333:namespace/ns-1",
    name: "llm.internal",
  },
};
const value = <T>(output: pulumi.Output<T>) => new Promise<T>((done) => output.apply(done));

describe("adoptNetwork", () => {
  it("hands out the ids it was given", async () => {
    const network = adoptNetwork(args);
    expect(await Promise.all(network.subnetIds("serving").map(value))).toEqual(["subnet-a", "subnet-b"]);
    expect(await value(network.securityGroupId("serving"))).toBe("sg-serving");
    const efa = network.efaSecurityGroupId("serving");
    expect(efa && (await value(efa))).toBe("sg-efa");
    expect(network.efaSecurityGroupId("gateway")).toBeUndefined();
    const endpoint = network.endpointSecurityGroupId("ssm");
    expect(endpoint && (await value(endpoint))).toBe("sg-ssm");
    expect(network.endpointSecurityGroupId("logs")).toBeUndefined();
    expect(network.readiness("serving")).toEqual([]);
  });

  it("says what is missing when a component asks for it", () => {
    const network = adoptNetwork(args);
    expect(() => network.subnetIds("gateway")).toThrow(
      "subnetIds.gateway: missing, and a component placed in this network needs it; add it",
    );
    expect(() => network.securityGroupId("gateway")).toThrow("securityGroupIds.gateway: missing");
    expect(() => network.zoneNames()).toThrow("zoneNames: missing");
  });

  it("rejects lists that do not match the zones, all at once", () => {
    expect(() => adoptNetwork({ ...args, subnetIds: { serving: ["subnet-a"] }, zoneNames: ["eu-central-1a"] })).toThrow(
      "adoptNetwork: 2 problems in its arguments\n  subnetIds.serving: must have one subnet per zone (2), got 1\n  zoneNames: must have one name per zone (2), got 1",
    );
  });
});
