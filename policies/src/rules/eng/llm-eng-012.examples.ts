import type { RuleExamples } from "../../rule/rule-example";
import { container, fleet } from "../engine-examples";

export const llmEng012Examples: RuleExamples = {
  rule: "LLM-ENG-012",
  pass: [
    {
      name: "both bounds",
      resources: [fleet(["serve", "/x", "--max-model-len", "8192", "--max-num-seqs", "64"])],
      expect: [],
    },
    {
      name: "llama.cpp",
      resources: [container(["-m", "/x.gguf", "-c", "8192"], [], "ghcr.io/ggml-org/llama.cpp:server")],
      expect: [],
    },
  ],
  fail: [
    { name: "none", resources: [container(["--model", "/x"])], expect: ["fail engine"] },
    {
      name: "one of two",
      resources: [fleet(["serve", "/x", "--max-model-len", "8192"])],
      expect: ["fail chat engine.args"],
    },
  ],
};
