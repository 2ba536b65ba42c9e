import Ajv from "ajv/dist/2020";
import { describe, expect, it } from "vitest";
import { allExamples } from "../rules/all-examples";
import { allRules } from "../rules/all-rules";
import { areaOf, areas } from "./rule";
import { settingsJsonSchema } from "./policy-config";

describe("the pack looks after itself", () => {
  it("has at least 35 rules, in order, each once", () => {
    expect(allRules.length).toBeGreaterThanOrEqual(35);
    const key = (id: string) => `${areas.findIndex((area) => id.startsWith(`LLM-${area}-`))} ${id}`;
    expect(allRules.map(({ id }) => id)).toEqual(
      [...new Set(allRules.map(({ id }) => id))].sort((a, b) => (key(a) < key(b) ? -1 : 1)),
    );
  });

  it.each(allRules.map((rule) => [rule.id, rule] as const))("%s is complete", (id, rule) => {
    expect(id).toMatch(/^LLM-[A-Z]+-\d{3}$/);
    expect(areas).toContain(areaOf(rule));
    expect(["MUST", "SHOULD", "MAY"]).toContain(rule.word);
    expect(rule.source.length).toBeGreaterThan(0);
    for (const source of rule.source) expect(source).toMatch(/^[A-Z]+-R\d{2}$/);
    expect(rule.types.size).toBeGreaterThan(0);
    for (const text of [rule.title, rule.looksAt, rule.remedy, rule.doc]) expect(text.length).toBeGreaterThan(15);
    // Sentences are put together from these: the title starts them, the others stand after a colon.
    expect(rule.title).toMatch(/^[A-Za-z].*[^.]$/);
    expect(rule.remedy).toMatch(/[^.]$/);
    expect(rule.doc).toMatch(/\.$/);
    for (const entry of rule.owasp ?? []) expect(entry).toMatch(/^LLM(0[1-9]|10)$/);
  });

  it.each(allRules.map((rule) => [rule.id, rule] as const))(
    "%s offers a configuration schema that a validator accepts, all of it optional",
    (_, rule) => {
      const validate = new Ajv({ strict: false }).compile({ type: "object", properties: settingsJsonSchema(rule) });
      expect(validate({})).toBe(true);
      expect(validate({ onUnknown: "fail" })).toBe(true);
      expect(validate({ onUnknown: "perhaps" })).toBe(false);
      // Pulumi keeps this name for itself.
      expect(Object.keys(settingsJsonSchema(rule))).not.toContain("enforcementLevel");
    },
  );

  it("has examples of every rule, and of no other", () => {
    expect(allExamples.map(({ rule }) => rule).sort()).toEqual(allRules.map(({ id }) => id as string).sort());
  });
});
