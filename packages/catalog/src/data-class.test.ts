import { describe, expect, it } from "vitest";
import { assessDataClass, dataClassNames, dataClassRules, findModel, models, suitabilities } from "./index";
import type { DataClassQuestion } from "./index";

function assess(id: string, question: DataClassQuestion) {
  const model = findModel(id);
  if (model === undefined) throw new Error(id);
  return assessDataClass(model, question);
}
const rulesOf = (id: string, question: DataClassQuestion) => assess(id, question).findings.map(({ rule }) => rule);

describe("data classes", () => {
  it("every rule has an example in the catalogue", () => {
    const seen = new Set(
      models.flatMap((model) => assessDataClass(model, { dataClass: "restricted" }).findings.map(({ rule }) => rule)),
    );
    expect([...seen].sort()).toEqual([...dataClassRules].sort());
  });

  it("a stricter class is never judged more mildly", () => {
    for (const model of models) {
      const verdicts = dataClassNames.map((dataClass) =>
        suitabilities.indexOf(assessDataClass(model, { dataClass }).verdict),
      );
      expect(verdicts, model.id).toEqual([...verdicts].sort((a, b) => a - b));
    }
  });

  it("every finding has a reason and a source", () => {
    for (const model of models) {
      for (const { reason, source } of assessDataClass(model, { dataClass: "restricted" }).findings) {
        expect(reason.length).toBeGreaterThan(20);
        expect(source.length).toBeGreaterThan(5);
      }
    }
  });

  it("nothing stands against Apache weights of a sourced licence", () => {
    expect(assess("gpt-oss-120b", { dataClass: "restricted" })).toEqual({ verdict: "suitable", findings: [] });
    expect(assess("qwen3-32b", { dataClass: "restricted" }).verdict).toBe("suitable");
  });

  it("MiniMax M2.7 is refused in commerce, whatever the data, and not outside it", () => {
    expect(assess("minimax-m2.7", { dataClass: "public" })).toMatchObject({
      verdict: "refused",
      findings: [{ rule: "commercial-use" }],
    });
    expect(assess("minimax-m2.7", { dataClass: "public", commercial: false }).verdict).toBe("suitable");
  });

  it("Nemotron-H is for research: refused in commerce, whatever the data", () => {
    for (const dataClass of dataClassNames)
      expect(assess("nemotron-h-56b-base-8k", { dataClass }).verdict, dataClass).toBe("refused");
  });

  it("Llama 4 is refused in the European Union, a condition where that is not stated, nothing elsewhere", () => {
    expect(assess("llama-4-scout", { dataClass: "public", inEu: true }).verdict).toBe("refused");
    expect(assess("llama-4-scout", { dataClass: "public" }).verdict).toBe("conditions");
    expect(assess("llama-4-scout", { dataClass: "public", inEu: false }).verdict).toBe("suitable");
    expect(assess("llama-3.1-8b-instruct", { dataClass: "public", inEu: true }).verdict).toBe("suitable");
  });

  it("use limits: personal data from confidential on, decisions and professions for restricted", () => {
    expect(rulesOf("gemma-3-27b-it", { dataClass: "internal" })).toEqual([]);
    const confidential = assess("gemma-3-27b-it", { dataClass: "confidential" }).findings;
    expect(confidential.filter(({ rule }) => rule === "use-limits")).toHaveLength(1);
    expect(confidential.map(({ rule }) => rule)).toContain("revocable");
    const restricted = assess("gemma-3-27b-it", { dataClass: "restricted" }).findings;
    expect(restricted.filter(({ rule }) => rule === "use-limits")).toHaveLength(3);
  });

  it("code out of the repository is a condition where prompts are sensitive", () => {
    expect(rulesOf("step-3.7-flash", { dataClass: "confidential" })).toContain("code-from-the-repository");
    expect(rulesOf("step-3.7-flash", { dataClass: "internal" })).toEqual([]);
  });

  it("a text that nobody read is unknown for every class", () => {
    for (const dataClass of dataClassNames) expect(assess("kimi-k3", { dataClass }).verdict).toBe("unknown");
  });

  it("an unsourced licence is a condition; a sourced one is not", () => {
    expect(rulesOf("qwen3-vl-2b-instruct", { dataClass: "restricted" })).toContain("licence-unsourced");
    expect(rulesOf("qwen2.5-coder-32b-instruct", { dataClass: "restricted" })).not.toContain("licence-unsourced");
  });
});
