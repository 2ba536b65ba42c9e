import { secretValue, unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { container, deployment, fleet, host } from "../engine-examples";

export const llmSec002Examples: RuleExamples = {
  rule: "LLM-SEC-002",
  pass: [
    {
      name: "our own fleet",
      resources: [fleet(["serve", "/models/x", "--max-num-batched-tokens", "8192"])],
      expect: [],
    },
    {
      name: "a key by file",
      resources: [container(["-m", "/x.gguf", "--api-key-file", "/run/secrets/key"])],
      expect: [],
    },
  ],
  fail: [
    {
      name: "--api-key abc",
      resources: [container(["--model", "/x", "--api-key", "abc"])],
      expect: ["fail engine command[2]"],
    },
    {
      name: "attached",
      resources: [deployment(["--model=/x", "--hf-token=abcdef"])],
      expect: ["fail engine spec.template.spec.containers[0].args[1]"],
    },
    {
      name: "a shell variable on a host",
      resources: [host('vllm serve /x --api-key "$KEY"')],
      expect: ["fail pool userData"],
    },
    { name: "a Pulumi secret", resources: [container(["--api-key", secretValue])], expect: ["fail engine command[1]"] },
    {
      name: "a credential anywhere",
      resources: [fleet(["serve", "/x", "--served-model-name", `sk-${"a".repeat(24)}`])],
      expect: ["fail chat engine.args[3]"],
    },
  ],
  undetermined: [
    {
      name: "an unknown key",
      resources: [container(["--api-key", unknownValue])],
      expect: ["undetermined engine command[1]"],
    },
  ],
};
