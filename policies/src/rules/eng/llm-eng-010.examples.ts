import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { container, fleet } from "../engine-examples";

export const llmEng010Examples: RuleExamples = {
  rule: "LLM-ENG-010",
  pass: [
    { name: "0.92", resources: [fleet(["serve", "/x", "--gpu-memory-utilization", "0.92"])], expect: [] },
    { name: "the engine's own share", resources: [container(["--model", "/x"])], expect: [] },
  ],
  fail: [
    {
      name: "0.99",
      resources: [container(["--model", "/x", "--gpu-memory-utilization", "0.99"])],
      expect: ["fail engine command[2]"],
    },
    {
      name: "percent instead of a share",
      resources: [container(["--model", "/x", "--gpu-memory-utilization=90"])],
      expect: ["fail engine command[2]"],
    },
    {
      name: "both ways",
      resources: [fleet(["serve", "/x", "--gpu-memory-utilization", "0.9", "--kv-cache-memory-bytes", "1000"])],
      expect: ["fail chat engine.args[2]"],
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
