import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { containerPath, pod } from "../pod-examples";

export const llmWrk009Examples: RuleExamples = {
  rule: "LLM-WRK-009",
  pass: [
    { name: "all three", resources: [pod()], expect: [] },
    {
      name: "limits count as requests",
      resources: [pod({ resources: { limits: { cpu: "4", memory: "8Gi" } } })],
      expect: [],
    },
  ],
  fail: [
    { name: "nothing", resources: [pod({ resources: {} })], expect: [`fail engine ${containerPath}.resources`] },
    {
      name: "no limit of memory",
      resources: [pod({ resources: { requests: { cpu: "1", memory: "1Gi" } } })],
      expect: [`fail engine ${containerPath}.resources`],
    },
  ],
  undetermined: [
    {
      name: "unknown needs",
      resources: [pod({ resources: unknownValue })],
      expect: [`undetermined engine ${containerPath}.resources`],
    },
  ],
};
