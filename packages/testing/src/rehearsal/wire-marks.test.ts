import * as policies from "@holdfast/policies";
import { expect, it } from "vitest";
import { signatureKey, unknownValue } from "./wire-marks";

it("are those of the policies", () => {
  expect([unknownValue, signatureKey]).toEqual([policies.unknownValue, policies.signatureKey]);
});
