import { expect, it } from "vitest";
import type { DeclaredType } from "../aws/declared-type";
import { notKnown } from "./packed-value";
import { plannedDifference } from "./planned-difference";

const attribute = (name: string, optional: boolean, computed: boolean) => ({
  name,
  type: "string",
  required: false,
  optional,
  computed,
});
const schema = {
  version: 1,
  block: {
    attributes: [
      attribute("vpc_id", true, false),
      attribute("cidr", true, true),
      attribute("arn", false, true),
      attribute("description", true, false),
    ],
    block_types: [{ type_name: "rule", block: { attributes: [], block_types: [] }, nesting: 2 }],
  },
};
const declared: DeclaredType = {
  inputs: new Map(["vpcId", "cidr", "description", "rules"].map((name) => [name, { required: false, type: "string" }])),
  outputs: new Map([["arn", { optional: false, type: "string" }]]),
};

function difference(prior: Record<string, unknown>, after: Record<string, unknown>, requiresReplace: string[] = []) {
  const planned = { state: after, requiresReplace, privateBytes: new Uint8Array(), diagnostics: [] };
  const change = { type: "t", terraformType: "aws_t", region: "r", schema, config: {}, prior, planned, unmapped: [] };
  return plannedDifference(change, declared);
}

it("is what the plan changes, in Pulumi's names, with what forces a new resource", () => {
  const prior = { vpc_id: "vpc-1", cidr: "10.0.0.0/8", arn: "arn:1", description: null, rule: [] };
  const after = { vpc_id: "vpc-2", cidr: "10.0.0.0/8", arn: notKnown, description: "new", rule: [{}] };
  expect(difference(prior, after, ["vpc_id"])).toEqual({
    changed: [
      { property: "vpcId", kind: "update" },
      { property: "description", kind: "add" },
      { property: "rules", kind: "add" },
    ],
    replacing: ["vpcId"],
  });
});

it("is nothing where only what the provider computes is open, or nothing is written in another way", () => {
  const prior = { vpc_id: "vpc-1", cidr: "10.0.0.0/8", arn: "arn:1", description: "", rule: null };
  const after = { vpc_id: "vpc-1", cidr: notKnown, arn: notKnown, description: null, rule: [] };
  expect(difference(prior, after, ["cidr"])).toEqual({ changed: [], replacing: [] });
});
