import type { RuleExamples } from "../../rule/rule-example";
import { container, fleet } from "../engine-examples";

export const llmEng009Examples: RuleExamples = {
  rule: "LLM-ENG-009",
  pass: [
    { name: "a current version", resources: [fleet(["serve", "/x"])], expect: [] },
    {
      name: "a lower floor",
      resources: [container(["--model", "/x"], [], "vllm/vllm-openai:v0.21.0")],
      config: { minimumVllm: "0.21.0" },
      expect: [],
    },
  ],
  fail: [
    {
      name: "0.6.0",
      resources: [container(["--model", "/x"], [], "vllm/vllm-openai:v0.6.0")],
      expect: ["fail engine image"],
    },
    {
      name: "two advisories",
      resources: [fleet(["serve", "/x"], { version: "0.11.2" })],
      expect: ["fail chat engine.image"],
    },
  ],
  undetermined: [
    {
      name: "latest",
      resources: [container(["--model", "/x"], [], "vllm/vllm-openai:latest")],
      expect: ["undetermined engine image"],
    },
  ],
};
