import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasUnknown, parsePropertyPath, read, secretValue, unknownValue, type PropertyValue } from "./property-value";

const inputs: PropertyValue = {
  known: "x",
  off: false,
  nothing: null,
  later: unknownValue,
  hidden: secretValue,
  options: { httpTokens: "required", endpoint: unknownValue },
  ingress: [{ cidrBlocks: ["10.0.0.0/8", unknownValue] }],
  tags: { "a.b/c": "dotted" },
};

describe("read", () => {
  test.each([
    ["known", { state: "known", value: "x" }],
    ["off", { state: "known", value: false }],
    ["nothing", { state: "absent" }],
    ["missing", { state: "absent" }],
    ["missing.deeper[0]", { state: "absent" }],
    ["known.deeper", { state: "absent" }],
    ["later", { state: "unknown", reason: "computed" }],
    ["later.anything[3]", { state: "unknown", reason: "computed" }],
    ["hidden.anything", { state: "unknown", reason: "secret" }],
    ["options.httpTokens", { state: "known", value: "required" }],
    ["options.endpoint", { state: "unknown", reason: "computed" }],
    ["ingress[0].cidrBlocks[1]", { state: "unknown", reason: "computed" }],
    ["ingress[1].cidrBlocks", { state: "absent" }],
    ["toString", { state: "absent" }],
  ])("%s", (path, reading) => {
    expect(read(inputs, path)).toEqual(reading);
  });

  test("keys that hold dots go in a list", () => {
    expect(read(inputs, ["tags", "a.b/c"])).toEqual({ state: "known", value: "dotted" });
    expect(read(inputs, "tags.a.b/c")).toEqual({ state: "absent" });
  });

  test("below an unknown everything is unknown, whatever the path", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.nat(9))), (path) => {
        expect(read(unknownValue, path)).toEqual({ state: "unknown", reason: "computed" });
      }),
    );
  });
});

test("parsePropertyPath", () => {
  expect(parsePropertyPath("ingress[0].cidrBlocks[12]")).toEqual(["ingress", 0, "cidrBlocks", 12]);
  expect(parsePropertyPath("a")).toEqual(["a"]);
  expect(parsePropertyPath(["a.b", 0])).toEqual(["a.b", 0]);
});

test("hasUnknown looks at every depth", () => {
  expect(hasUnknown({ a: [{ b: unknownValue }] })).toBe(true);
  expect(hasUnknown([[secretValue]])).toBe(true);
  expect(hasUnknown({ a: [1, "x", null, { b: false }] })).toBe(false);
  expect(hasUnknown(undefined)).toBe(false);
});
