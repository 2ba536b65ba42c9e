import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { containerPath, pod } from "../pod-examples";

export const llmWrk010Examples: RuleExamples = {
  rule: "LLM-WRK-010",
  pass: [
    { name: "one", resources: [pod()], expect: [] },
    { name: "none asked for", resources: [pod({ resources: {} })], expect: [] },
  ],
  fail: [
    {
      name: "half a GPU",
      resources: [pod({ resources: { limits: { "nvidia.com/gpu": "0.5" } } })],
      expect: [`fail engine ${containerPath}.resources.limits.nvidia.com/gpu`],
    },
    {
      name: "a request alone",
      resources: [pod({ resources: { requests: { "nvidia.com/gpu": 1 } } })],
      expect: [`fail engine ${containerPath}.resources.requests.nvidia.com/gpu`],
    },
  ],
  undetermined: [
    {
      name: "an unknown number",
      resources: [pod({ resources: { limits: { "nvidia.com/gpu": unknownValue } } })],
      expect: [`undetermined engine ${containerPath}.resources.limits.nvidia.com/gpu`],
    },
  ],
};
