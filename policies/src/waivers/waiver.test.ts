import { describe, expect, it } from "vitest";
import type { Finding } from "../rule/finding";
import { applyWaivers } from "./apply-waivers";
import { parseWaivers, WaiverFileError, type Waiver } from "./waiver";

const waiver: Waiver = {
  rule: "LLM-NET-009",
  urn: "urn:pulumi:prod::shop::aws:lb/loadBalancer:LoadBalancer::edge",
  reason: "approved edge",
  owner: "platform",
  ticket: "SEC-1",
  created: "2026-01-01",
  expires: "2026-12-31",
};
const finding: Finding = {
  rule: "LLM-NET-009",
  level: "mandatory",
  verdict: "fail",
  urn: waiver.urn,
  property: "internal",
  message: "faces the internet",
  remedy: "close it",
  controls: [],
};
const known = ["LLM-NET-009", "LLM-NET-001"];

describe("applyWaivers", () => {
  it("marks what a waiver in force covers, on its last day too", () => {
    const { findings, use } = applyWaivers([finding], [waiver], "2026-12-31");
    expect(findings).toEqual([
      { ...finding, waiver: { reason: "approved edge", owner: "platform", ticket: "SEC-1", expires: "2026-12-31" } },
    ]);
    expect(use).toEqual({ active: [waiver], expired: [], unused: [] });
  });

  it("is a violation again on the day after, and says whose waiver ended", () => {
    const { findings, use } = applyWaivers([finding], [waiver], "2027-01-01");
    expect(findings[0]?.waiver).toBeUndefined();
    expect(findings[0]?.message).toBe("faces the internet (the waiver of platform, SEC-1, expired on 2026-12-31)");
    expect(use).toEqual({ active: [], expired: [waiver], unused: [] });
  });

  it("takes one in force where another has expired", () => {
    const { findings } = applyWaivers([finding], [{ ...waiver, expires: "2026-02-01" }, waiver], "2026-06-01");
    expect(findings[0]?.waiver?.expires).toBe("2026-12-31");
  });

  it.each([
    ["another rule", { rule: "LLM-NET-001" }],
    ["another resource", { urn: `${waiver.urn}2` }],
    ["a part of the URN without a star", { urn: "edge" }],
    ["another property", { property: "name" }],
    ["a dot that stands for itself", { urn: waiver.urn.replace("::edge", ".:edge") }],
  ])("covers nothing for %s", (_, change) => {
    const { findings, use } = applyWaivers([finding], [{ ...waiver, ...change }], "2026-06-01");
    expect(findings).toEqual([finding]);
    expect(use.unused).toHaveLength(1);
  });

  it("takes a star for any text", () => {
    expect(
      applyWaivers([finding], [{ ...waiver, urn: "*LoadBalancer::edge", property: "int*" }], "2026-06-01").use.active,
    ).toHaveLength(1);
  });

  it("waives violations only: an open question stays open", () => {
    const open: Finding = { ...finding, verdict: "undetermined" };
    expect(applyWaivers([open], [waiver], "2026-06-01").findings).toEqual([open]);
  });
});

describe("parseWaivers", () => {
  it("reads a document", () => {
    expect(parseWaivers({ waivers: [waiver] }, "waivers.yaml", known)).toEqual([waiver]);
  });

  it.each<[string, unknown, string]>([
    ["no reason", { ...waiver, reason: undefined }, "waivers[0].reason: missing; expected a text"],
    ["an empty owner", { ...waiver, owner: " " }, "waivers[0].owner: is empty; say who answers for it"],
    ["no end", { ...waiver, expires: undefined }, "waivers[0].expires: missing"],
    [
      "an end that is no day",
      { ...waiver, expires: "2026-02-30" },
      'waivers[0].expires: is not a day of the calendar, got "2026-02-30"',
    ],
    ["an end in words", { ...waiver, expires: "next year" }, "waivers[0].expires: must be a day"],
    [
      "an end before the beginning",
      { ...waiver, expires: "2025-12-31" },
      "waivers[0].expires: lies before the day it was created",
    ],
    ["every resource", { ...waiver, urn: "**" }, "waivers[0].urn: matches every resource"],
    ["a rule that is none", { ...waiver, rule: "NET-9" }, "waivers[0].rule: must be the id of a rule"],
    ["a rule that nobody knows", { ...waiver, rule: "LLM-NET-999" }, 'waivers[0].rule: no rule "LLM-NET-999"'],
    ["a misspelt key", { ...waiver, expiry: "2026-12-31" }, 'waivers[0].expiry: unknown key "expiry"'],
  ])("refuses %s", (_, entry, message) => {
    expect(() => parseWaivers({ waivers: [entry] }, "waivers.yaml", known)).toThrow(message);
    expect(() => parseWaivers({ waivers: [entry] }, "waivers.yaml", known)).toThrow(WaiverFileError);
  });

  it("names every problem at once, and the file", () => {
    expect(() =>
      parseWaivers({ waivers: [{ ...waiver, reason: "", ticket: undefined }, 7] }, "waivers.yaml", known),
    ).toThrow(/^waivers\.yaml: 3 problems/);
  });
});
