import { hoursPerMonth, instancePrice, servicePrice } from "@holdfast/catalog";
import { ResourceGraph, unknownValue, type PlannedResource, type PropertyMap } from "@holdfast/policies";
import { describe, expect, it } from "vitest";
import { priceGraph } from "./cost";

function resource(
  type: string,
  name: string,
  inputs: PropertyMap,
  extra: Partial<PlannedResource> = {},
): PlannedResource {
  return {
    urn: `urn:pulumi:s::p::${type}::${name}`,
    type,
    name,
    custom: true,
    inputs,
    dependencies: [],
    propertyDependencies: {},
    protect: false,
    ...extra,
  };
}

const template = resource("aws:ec2/launchTemplate:LaunchTemplate", "chat-template", {
  instanceType: "g5.xlarge",
  blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 100 } }],
});
const group = resource(
  "aws:autoscaling/group:Group",
  "chat-group",
  { desiredCapacity: 3, launchTemplate: { id: unknownValue } },
  { propertyDependencies: { launchTemplate: [template.urn] } },
);

function priced(...resources: PlannedResource[]) {
  return priceGraph(new ResourceGraph(resources), "eu-central-1", []);
}

describe("priceGraph", () => {
  it("prices a group by its template's instances and volumes, through an id that is not known yet", () => {
    const { lines, monthlyUsd } = priced(template, group);
    const hourly = instancePrice("g5.xlarge", "eu-central-1")?.usd ?? Number.NaN;
    const volume = servicePrice("ebs-gp3-gb", "eu-central-1").usd;
    expect(lines.map(({ what, quantity }) => [what, quantity])).toEqual([
      ["chat: g5.xlarge", 3],
      ["chat: gp3 root volumes, GiB", 300],
    ]);
    expect(monthlyUsd).toBeCloseTo(3 * hourly * hoursPerMonth + 300 * volume, 1);
    expect(lines.every(({ source, asOf }) => source.length > 0 && /^\d{4}-\d\d-\d\d/.test(asOf))).toBe(true);
  });

  it("counts an interface endpoint once per zone and a gateway endpoint not at all", () => {
    const endpoint = (name: string, type: string) =>
      resource("aws:ec2/vpcEndpoint:VpcEndpoint", name, {
        vpcEndpointType: type,
        subnetIds: [unknownValue, unknownValue, unknownValue],
      });
    const { lines } = priced(endpoint("ssm", "Interface"), endpoint("kms", "Interface"), endpoint("s3", "Gateway"));
    expect(lines.map(({ what, quantity }) => [what, quantity])).toEqual([["interface endpoint, per zone", 6]]);
  });

  it("uses the price of a resource's own region", () => {
    const volume = (region: string) => resource("aws:ebs/volume:Volume", `data-${region}`, { size: 10, region });
    const { lines } = priced(volume("eu-central-1"), volume("us-east-1"));
    expect(new Set(lines.map(({ unitUsd }) => unitUsd)).size).toBe(2);
  });

  it("names what it cannot price instead of guessing", () => {
    const odd = { ...template, inputs: { instanceType: "x99.mega" } };
    const { monthlyUsd, notPriced } = priced(odd, group, resource("aws:ec2/natGateway:NatGateway", "nat", {}));
    expect(monthlyUsd).toBe(0);
    expect(notPriced).toEqual(
      expect.arrayContaining(["NAT gateways", "chat: no price known for x99.mega in eu-central-1"]),
    );
  });
});
