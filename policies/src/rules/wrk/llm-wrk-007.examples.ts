import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { containerPath, pod } from "../pod-examples";

export const llmWrk007Examples: RuleExamples = {
  rule: "LLM-WRK-007",
  pass: [
    { name: "the runtime's", resources: [pod()], expect: [] },
    {
      name: "said by the pod",
      resources: [pod({ securityContext: {} }, { securityContext: { seccompProfile: { type: "RuntimeDefault" } } })],
      expect: [],
    },
  ],
  fail: [
    {
      name: "none",
      resources: [pod({ securityContext: {} })],
      expect: [`fail engine ${containerPath}.securityContext.seccompProfile.type`],
    },
    {
      name: "switched off",
      resources: [pod({ securityContext: { seccompProfile: { type: "Unconfined" } } })],
      expect: [`fail engine ${containerPath}.securityContext.seccompProfile.type`],
    },
  ],
  undetermined: [
    {
      name: "an unknown profile",
      resources: [pod({ securityContext: { seccompProfile: { type: unknownValue } } })],
      expect: [`undetermined engine ${containerPath}.securityContext.seccompProfile.type`],
    },
  ],
};
