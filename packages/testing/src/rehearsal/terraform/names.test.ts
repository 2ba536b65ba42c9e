import { describe, expect, it } from "vitest";
import { camelCase, terraformName } from "./names";

describe("Terraform's name for a property of Pulumi's", () => {
  it.each([
    ["vpcId", ["vpc_id"], "vpc_id"],
    ["policies", ["policy"], "policy"],
    ["rules", ["rule"], "rule"],
    ["routes", ["route"], "route"],
    ["tags", ["tags", "tag"], "tags"],
    ["cidrIpv4", ["cidr_ipv4"], "cidr_ipv4"],
    ["topic", ["topic_arn"], "topic_arn"],
    ["enableDnsARecord", ["enable_dns_a_record"], "enable_dns_a_record"],
    ["noSuchThing", ["name"], undefined],
  ])("%s among %j is %s", (property, names, expected) => {
    expect(terraformName(property, new Set(names))).toBe(expected);
  });

  it("and back", () => {
    expect(camelCase("availability_zone_id")).toBe("availabilityZoneId");
  });
});
