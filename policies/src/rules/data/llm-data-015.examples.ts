import type { RuleExamples } from "../../rule/rule-example";
import { container, fleet } from "../engine-examples";

export const llmData015Examples: RuleExamples = {
  rule: "LLM-DATA-015",
  pass: [
    {
      name: "our own fleet",
      resources: [fleet(["serve", "/x"], { environmentNames: ["VLLM_NO_USAGE_STATS"] })],
      expect: [],
    },
    { name: "Ollama", resources: [container([], ["OLLAMA_NO_CLOUD=1"], "ollama/ollama:0.32.0")], expect: [] },
  ],
  fail: [
    { name: "nothing set", resources: [container(["--model", "/x"])], expect: ["fail engine"] },
    { name: "set to no", resources: [container(["--model", "/x"], ["DO_NOT_TRACK=0"])], expect: ["fail engine"] },
  ],
};
