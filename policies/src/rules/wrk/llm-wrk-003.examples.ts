import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { containerPath, pod } from "../pod-examples";

export const llmWrk003Examples: RuleExamples = {
  rule: "LLM-WRK-003",
  pass: [{ name: "false", resources: [pod()], expect: [] }],
  fail: [
    {
      name: "by omission",
      resources: [pod({ securityContext: {} })],
      expect: [`fail engine ${containerPath}.securityContext.allowPrivilegeEscalation`],
    },
  ],
  undetermined: [
    {
      name: "an unknown choice",
      resources: [pod({ securityContext: { allowPrivilegeEscalation: unknownValue } })],
      expect: [`undetermined engine ${containerPath}.securityContext.allowPrivilegeEscalation`],
    },
  ],
};
