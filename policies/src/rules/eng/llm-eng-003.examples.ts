import type { RuleExamples } from "../../rule/rule-example";
import { container, fleet } from "../engine-examples";

export const llmEng003Examples: RuleExamples = {
  rule: "LLM-ENG-003",
  pass: [
    { name: "safetensors", resources: [fleet(["serve", "/models/x", "--load-format", "safetensors"])], expect: [] },
  ],
  fail: [
    {
      name: "pickles",
      resources: [fleet(["serve", "/models/x", "--load-format", "pt"])],
      expect: ["fail chat engine.args[2]"],
    },
    { name: "whatever the hub has", resources: [container(["--model", "x/y"])], expect: ["fail engine command[1]"] },
  ],
};
