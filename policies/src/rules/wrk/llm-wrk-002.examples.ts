import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { containerPath, pod } from "../pod-examples";

export const llmWrk002Examples: RuleExamples = {
  rule: "LLM-WRK-002",
  pass: [
    {
      name: "said by the pod",
      resources: [pod({ securityContext: {} }, { securityContext: { runAsUser: 10_001 } })],
      expect: [],
    },
    { name: "said by the container", resources: [pod()], expect: [] },
  ],
  fail: [
    {
      name: "nothing said",
      resources: [pod({ securityContext: {} })],
      expect: [`fail engine ${containerPath}.securityContext.runAsNonRoot`],
    },
    {
      name: "root",
      resources: [pod({ securityContext: { runAsUser: 0, runAsNonRoot: true } })],
      expect: [`fail engine ${containerPath}.securityContext.runAsUser`],
    },
  ],
  undetermined: [
    {
      name: "an unknown user",
      resources: [pod({ securityContext: { runAsUser: unknownValue } })],
      expect: [`undetermined engine ${containerPath}.securityContext.runAsUser`],
    },
  ],
};
