import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { container, deployment, fleet } from "../engine-examples";

export const llmEng008Examples: RuleExamples = {
  rule: "LLM-ENG-008",
  pass: [
    {
      name: "options of the version",
      resources: [fleet(["serve", "/models/x", "--max-model-len", "8192", "--tensor-parallel-size", "2"])],
      expect: [],
    },
    { name: "a container", resources: [container(["--model", "/x", "--port", "8000"])], expect: [] },
  ],
  fail: [
    {
      name: "a misspelt option",
      resources: [fleet(["serve", "/models/x", "--max-modell-len", "8192"])],
      expect: ["fail chat engine.args[2]"],
    },
    {
      name: "an option that was removed",
      resources: [deployment(["--model", "/x", "--disable-log-requests"])],
      expect: ["fail engine spec.template.spec.containers[0].args[2]"],
    },
    {
      name: "a value that is no number",
      resources: [container(["--model", "/x", "--tensor-parallel-size", "two"])],
      expect: ["fail engine command[2]"],
    },
  ],
  undetermined: [
    {
      name: "latest",
      resources: [container(["--model", "/x"], [], "vllm/vllm-openai:latest")],
      expect: ["undetermined engine image"],
    },
    {
      name: "a version without a table",
      resources: [container(["--model", "/x"], [], "vllm/vllm-openai:v0.15.0")],
      expect: ["undetermined engine image"],
    },
    {
      name: "an unknown argument",
      resources: [container(["--model", "/x", "--port", unknownValue])],
      expect: ["undetermined engine"],
    },
  ],
};
