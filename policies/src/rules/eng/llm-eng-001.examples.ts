import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { container, deployment, fleet, host } from "../engine-examples";

export const llmEng001Examples: RuleExamples = {
  rule: "LLM-ENG-001",
  pass: [
    { name: "our own fleet", resources: [fleet(["serve", "/models/llama", "--no-trust-remote-code"])], expect: [] },
    {
      name: "switched off in words",
      resources: [container(["--model", "/models/llama", "--trust-remote-code=false"])],
      expect: [],
    },
  ],
  fail: [
    {
      name: "a fleet",
      resources: [fleet(["serve", "/models/llama", "--trust-remote-code"])],
      expect: ["fail chat engine.args[2]"],
    },
    {
      name: "a container, with underscores",
      resources: [container(["--model=x", "--trust_remote_code"])],
      expect: ["fail engine command[1]"],
    },
    {
      name: "a pod behind sh -c",
      resources: [deployment(["sh", "-c", "exec vllm serve x --trust-remote-code --port 8000"])],
      expect: ["fail engine spec.template.spec.containers[0].args[2]"],
    },
    {
      name: "user data in Base64",
      resources: [
        host("docker run --gpus all -p 8000:8000 \\\n  vllm/vllm-openai:v0.32.0 \\\n  --model x --trust-remote-code"),
      ],
      expect: ["fail pool userData"],
    },
    {
      name: "TGI by environment",
      resources: [
        deployment(
          [],
          [{ name: "TRUST_REMOTE_CODE", value: "true" }],
          "ghcr.io/huggingface/text-generation-inference:3.3.7",
        ),
      ],
      expect: ["fail engine spec.template.spec.containers[0].env[0].value"],
    },
  ],
  undetermined: [
    {
      name: "an unknown argument",
      resources: [container(["--model", "x", unknownValue])],
      expect: ["undetermined engine"],
    },
    {
      name: "an unknown variable",
      resources: [deployment(["--model", "x"], [{ name: "TRUST_REMOTE_CODE", value: unknownValue }])],
      expect: ["undetermined engine spec.template.spec.containers[0].env[0].value"],
    },
  ],
};
