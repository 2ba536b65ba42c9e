import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { containerPath, pod } from "../pod-examples";

export const llmWrk001Examples: RuleExamples = {
  rule: "LLM-WRK-001",
  pass: [{ name: "says nothing", resources: [pod()], expect: [] }],
  fail: [
    {
      name: "privileged",
      resources: [pod({ securityContext: { privileged: true } })],
      expect: [`fail engine ${containerPath}.securityContext.privileged`],
    },
  ],
  undetermined: [
    {
      name: "an unknown choice",
      resources: [pod({ securityContext: { privileged: unknownValue } })],
      expect: [`undetermined engine ${containerPath}.securityContext.privileged`],
    },
  ],
};
