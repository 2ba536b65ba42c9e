import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { missingReference } from "./aws/refusals";
import { PretendCloud } from "./pretend-cloud";

const folder = mkdtempSync(join(tmpdir(), "holdfast-cloud-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const own = "vpc-00000000000000001";
const group = "sg-00000000000000001";
const foreign = "vpc-0fffffffffffffff0";

it("what was made here and is gone is missing; what was never here belongs to somebody else", () => {
  const place = join(folder, "cloud");
  const vpc = {
    ...{ type: "aws:ec2/vpc:Vpc", id: own, scope: "eu-central-1", urn: "urn:vpc" },
    ...{ inputs: { cidrBlock: "10.0.0.0/16" }, outputs: { cidrBlock: "10.0.0.0/16", defaultSecurityGroupId: group } },
  };
  const cloud = new PretendCloud(place);
  cloud.put(vpc);
  expect(missingReference(cloud, { vpcId: own, groups: [group] })).toBeUndefined();
  expect(missingReference(cloud, { vpcId: foreign })).toBeUndefined();
  // Another process, as every command of the engine has one.
  new PretendCloud(place).remove(vpc);
  const later = new PretendCloud(place);
  expect(later.resources).toEqual([]);
  expect(missingReference(later, { vpcId: own })).toBe(`NotFound: ${own} does not exist`);
  expect(missingReference(later, { groups: [group] })).toBe(`NotFound: ${group} does not exist`);
  expect(missingReference(later, { vpcId: foreign })).toBeUndefined();
});
