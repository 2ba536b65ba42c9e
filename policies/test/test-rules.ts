import { describe, expect, it } from "vitest";
import { allRules } from "../src/rules/all-rules";
import { exampleGraph, exampleName } from "../src/rule/example-graph";
import { proveExposure } from "../src/exposure";
import { evaluatePolicies } from "../src/rule/evaluate-policies";
import { areaOf, type Area } from "../src/rule/rule";
import type { RuleExample, RuleExamples } from "../src/rule/rule-example";

/** Runs the examples of an area as tests, each with exactly the expected set, and demands examples of every rule in the area. */
export function testRules(area: Area, examples: readonly RuleExamples[]): void {
  const rules = allRules.filter((rule) => areaOf(rule) === area);
  it(`covers every ${area} rule with a passing and a failing example`, () => {
    const bare = rules.filter(
      ({ id }) => !examples.some(({ rule, pass, fail }) => rule === id && pass.length > 0 && fail.length > 0),
    );
    expect(bare.map(({ id }) => id)).toEqual([]);
    expect(examples.map(({ rule }) => rule).filter((id) => !rules.some((rule) => rule.id === id))).toEqual([]);
  });
  for (const { rule: id, pass, fail, undetermined = [] } of examples) {
    const rule = rules.find((candidate) => candidate.id === id);
    if (rule === undefined) continue;
    describe(id, () => {
      const judged = (example: RuleExample) => {
        const config = example.config === undefined ? {} : { [id]: example.config };
        const graph = exampleGraph(example.resources);
        const exposure = id === "LLM-NET-024" ? { exposure: proveExposure(graph) } : {};
        const { findings, rules: summaries } = evaluatePolicies(graph, { rules: [rule], config, ...exposure });
        return {
          lines: findings
            .map(({ verdict, urn, property }) => `${verdict} ${exampleName(urn)} ${property}`.trim())
            .sort(),
          summary: summaries[0],
        };
      };
      it.each(pass.map((example) => [example.name, example] as const))("passes: %s", (_, example) => {
        expect(example.expect).toEqual([]);
        const { lines, summary } = judged(example);
        expect(lines).toEqual([]);
        expect(summary?.resources).toBeGreaterThan(0);
      });
      it.each(fail.map((example) => [example.name, example] as const))("fails: %s", (_, example) => {
        expect(example.expect.some((line) => line.startsWith("fail "))).toBe(true);
        expect(judged(example).lines).toEqual([...example.expect].sort());
      });
      it.each(undetermined.map((example) => [example.name, example] as const))("is open: %s", (_, example) => {
        expect(example.expect.length).toBeGreaterThan(0);
        expect(example.expect.every((line) => line.startsWith("undetermined "))).toBe(true);
        expect(judged(example).lines).toEqual([...example.expect].sort());
      });
    });
  }
}
