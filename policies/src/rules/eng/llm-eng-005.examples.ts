import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { container, deployment, fleet, host } from "../engine-examples";

export const llmEng005Examples: RuleExamples = {
  rule: "LLM-ENG-005",
  pass: [
    {
      name: "our own fleet",
      resources: [fleet(["serve", "/models/x", "--no-trust-request-chat-template"])],
      expect: [],
    },
    {
      name: "switched off",
      resources: [deployment(["--model", "/x"], [{ name: "VLLM_SERVER_DEV_MODE", value: "0" }])],
      expect: [],
    },
  ],
  fail: [
    {
      name: "development mode",
      resources: [deployment(["--model", "/x"], [{ name: "VLLM_SERVER_DEV_MODE", value: "1" }])],
      expect: ["fail engine spec.template.spec.containers[0].env[0].value"],
    },
    {
      name: "run-time LoRA on a host",
      resources: [host("export VLLM_ALLOW_RUNTIME_LORA_UPDATING=True\nvllm serve /x")],
      expect: ["fail pool userData"],
    },
    {
      name: "demo tools",
      resources: [container(["--model", "/x", "--tool-server", "demo"])],
      expect: ["fail engine command[2]"],
    },
    {
      name: "llama.cpp tools",
      resources: [container(["-m", "/x.gguf", "--tools", "all"], [], "ghcr.io/ggml-org/llama.cpp:server")],
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
