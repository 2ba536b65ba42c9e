import { expect, it } from "vitest";
import { cloudAccount } from "./cloud-account";
import type { Evidence } from "./evidence";

const bucket = (n: number, operation: Evidence["operation"], more: Partial<Evidence> = {}): Evidence => ({
  operation,
  urn: `urn:bucket-${n}`,
  type: "aws:s3/bucket:Bucket",
  by: "provider",
  ...more,
});

it("counts each resource once, whatever was done to it how often", () => {
  const account = cloudAccount([
    bucket(1, "validate", { unmapped: [] }),
    bucket(1, "validate", { unmapped: [] }),
    bucket(2, "validate", { unmapped: ["rules[0].newer"] }),
    bucket(1, "plan"),
    bucket(2, "plan"),
    bucket(1, "create", { forgotten: ["tags"] }),
    bucket(2, "create", { by: "structural", reason: "moto has none" }),
    bucket(3, "create"),
    bucket(1, "update", { forgotten: ["tags"] }),
    bucket(1, "delete"),
    bucket(2, "delete", { by: "structural", reason: "moto has none" }),
  ]);
  expect(account).toEqual({
    resources: 3,
    validated: 2,
    mapped: 1,
    planned: 2,
    created: 2,
    updated: 1,
    destroyed: 1,
    madeUp: [{ type: "aws:s3/bucket:Bucket", count: 1, reason: "moto has none" }],
    unmapped: { "rules.newer": 1 },
    forgotten: { "aws:s3/bucket:Bucket tags": 1 },
  });
});
