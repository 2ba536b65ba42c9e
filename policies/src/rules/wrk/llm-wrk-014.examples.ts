import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { pod } from "../pod-examples";

export const llmWrk014Examples: RuleExamples = {
  rule: "LLM-WRK-014",
  pass: [{ name: "neither", resources: [pod()], expect: [] }],
  fail: [
    {
      name: "both",
      resources: [pod({}, { hostPID: true, hostIPC: true })],
      expect: ["fail engine spec.template.spec.hostPID", "fail engine spec.template.spec.hostIPC"],
    },
  ],
  undetermined: [
    {
      name: "an unknown choice",
      resources: [pod({}, { hostIPC: unknownValue })],
      expect: ["undetermined engine spec.template.spec.hostIPC"],
    },
  ],
};
