import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { container, deployment, fleet } from "../engine-examples";

export const llmData001Examples: RuleExamples = {
  rule: "LLM-DATA-001",
  pass: [
    {
      name: "our own fleet",
      resources: [fleet(["serve", "/x", "--no-enable-log-requests", "--no-enable-log-outputs"])],
      expect: [],
    },
    {
      name: "an old version that is told",
      resources: [container(["--model", "/x", "--disable-log-requests"], [], "vllm/vllm-openai:v0.9.2")],
      expect: [],
    },
    { name: "Ollama by default", resources: [container([], [], "ollama/ollama:0.32.0")], expect: [] },
  ],
  fail: [
    {
      name: "vLLM requests and outputs",
      resources: [fleet(["serve", "/x", "--enable-log-requests", "--enable-log-outputs"])],
      expect: ["fail chat engine.args[2]", "fail chat engine.args[3]"],
    },
    {
      name: "a debug level",
      resources: [deployment(["--model", "/x"], [{ name: "VLLM_LOGGING_LEVEL", value: "DEBUG" }])],
      expect: ["fail engine spec.template.spec.containers[0].env[0].value"],
    },
    {
      name: "an old version by default",
      resources: [container(["--model", "/x"], [], "vllm/vllm-openai:v0.9.2")],
      expect: ["fail engine"],
    },
    {
      name: "Ollama",
      resources: [container([], ["OLLAMA_DEBUG_LOG_REQUESTS=1"], "ollama/ollama:0.32.0")],
      expect: ["fail engine envs[0]"],
    },
    {
      name: "llama.cpp",
      resources: [container(["-m", "/x.gguf", "--log-prompts-dir", "/logs"], [], "ghcr.io/ggml-org/llama.cpp:server")],
      expect: ["fail engine command[2]"],
    },
  ],
  undetermined: [
    {
      name: "an unknown argument",
      resources: [container(["--model", "/x", unknownValue])],
      expect: ["undetermined engine"],
    },
  ],
};
