import type { RuleExamples } from "../../rule/rule-example";
import { container, fleet } from "../engine-examples";

export const llmEng014Examples: RuleExamples = {
  rule: "LLM-ENG-014",
  pass: [{ name: "vLLM", resources: [fleet(["serve", "/x"])], expect: [] }],
  fail: [
    {
      name: "TGI",
      resources: [container(["--model-id", "/x"], [], "ghcr.io/huggingface/text-generation-inference:3.3.7")],
      expect: ["fail engine image"],
    },
  ],
};
