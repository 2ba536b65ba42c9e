import { describe, expect, it } from "vitest";
import { z } from "zod";
import { check, formatPath, nearest, show } from "./problems";

const schema = z.strictObject({
  name: z.string().min(3),
  hosts: z.int().min(2).max(32),
  mode: z.enum(["none", "endpoints"]),
  fleets: z.record(z.string(), z.strictObject({ model: z.string(), replicas: z.number().optional() })),
  zones: z.array(z.string()).min(1),
});
const good = { name: "prod", hosts: 2, mode: "none", fleets: { chat: { model: "m" } }, zones: ["a"] };

function reasons(value: unknown): string[] {
  const checked = check(schema, value);
  return checked.ok ? [] : checked.problems.map(({ path, reason }) => `${path}: ${reason}`);
}

describe("check", () => {
  it("returns the parsed value when nothing is wrong", () => {
    expect(check(schema, good)).toEqual({ ok: true, value: good });
  });

  it.each<[string, object, string]>([
    ["a missing field", { name: undefined }, "name: missing; expected a text"],
    ["a wrong type, with the value", { hosts: "two" }, 'hosts: expected a number, got "two"'],
    ["a bound, with the value", { hosts: 1 }, "hosts: must be at least 2, got 1"],
    ["a fraction", { hosts: 2.5 }, "hosts: expected a whole number, got 2.5"],
    [
      "a word that is nearly right",
      { mode: "endpoint" },
      'mode: got "endpoint"; allowed: none, endpoints; did you mean "endpoints"?',
    ],
    [
      "an unknown key at depth, with the known one",
      { fleets: { chat: { model: "m", replica: 2 } } },
      'fleets.chat.replica: unknown key "replica"; did you mean "replicas"?',
    ],
    ["a short text", { name: "x" }, 'name: must have at least 3 characters, got "x"'],
    ["an empty list", { zones: [] }, "zones: must have at least 1 entry, got a list of 0"],
    ["a list item", { zones: ["a", 3] }, "zones[1]: expected a text, got 3"],
  ])("describes %s", (_what, change, expected) => {
    expect(reasons({ ...good, ...change })).toEqual([expected]);
  });

  it("collects every problem", () => {
    expect(reasons({ hosts: 99, mode: "x", zones: [] })).toHaveLength(5);
  });
});

describe("nearest", () => {
  it.each([
    ["longestRespons", ["longestResponse", "region"], "longestResponse"],
    ["llama-3.1-8b", ["llama-3.1-70b-instruct", "llama-3.1-8b-instruct"], "llama-3.1-8b-instruct"],
    ["zebra", ["longestResponse", "region"], undefined],
    ["x", [], undefined],
  ])("%s among %j is %s", (word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected);
  });
});

describe("show", () => {
  it.each([
    [undefined, "nothing"],
    [null, "null"],
    [[1, 2], "a list of 2"],
    [{ a: 1 }, "an object"],
    ["a".repeat(200), `"${"a".repeat(76)}..."`],
  ])("%j is %s", (value, expected) => {
    expect(show(value)).toBe(expected);
  });
});

describe("formatPath", () => {
  it("writes paths as people do", () => {
    expect(formatPath(["fleets", "chat", "zones", 0])).toBe("fleets.chat.zones[0]");
  });
});
