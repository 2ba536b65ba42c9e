import type { RuleExamples } from "../../rule/rule-example";
import { container, fleet } from "../engine-examples";

export const llmEng007Examples: RuleExamples = {
  rule: "LLM-ENG-007",
  pass: [
    {
      name: "our own fleet",
      resources: [fleet(["serve", "/models/x", "--allowed-origins", "[]", "--disable-fastapi-docs"])],
      expect: [],
    },
    {
      name: "llama.cpp",
      resources: [container(["-m", "/x.gguf", "--no-slots", "--no-webui"], [], "ghcr.io/ggml-org/llama.cpp:server")],
      expect: [],
    },
  ],
  fail: [
    {
      name: "vLLM by default",
      resources: [fleet(["serve", "/models/x"])],
      expect: ["fail chat engine.args", "fail chat engine.args"],
    },
    {
      name: "every origin",
      resources: [fleet(["serve", "/x", "--allowed-origins", '["*"]', "--disable-fastapi-docs"])],
      expect: ["fail chat engine.args[2]"],
    },
    {
      name: "Ollama",
      resources: [container([], ["OLLAMA_ORIGINS=*"], "ollama/ollama:0.32.0")],
      expect: ["fail engine envs[0]"],
    },
    {
      name: "llama.cpp by default",
      resources: [container(["-m", "/x.gguf"], [], "ghcr.io/ggml-org/llama.cpp:server")],
      expect: ["fail engine", "fail engine"],
    },
  ],
};
