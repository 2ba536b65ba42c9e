import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { containerPath, pod } from "../pod-examples";

export const llmWrk004Examples: RuleExamples = {
  rule: "LLM-WRK-004",
  pass: [
    { name: "drops all", resources: [pod()], expect: [] },
    {
      name: "RDMA, allowed",
      resources: [pod({ securityContext: { capabilities: { drop: ["ALL"], add: ["IPC_LOCK"] } } })],
      config: { allowedCapabilities: ["IPC_LOCK"] },
      expect: [],
    },
  ],
  fail: [
    {
      name: "drops nothing",
      resources: [pod({ securityContext: {} })],
      expect: [`fail engine ${containerPath}.securityContext.capabilities.drop`],
    },
    {
      name: "adds SYS_ADMIN",
      resources: [pod({ securityContext: { capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } } })],
      expect: [`fail engine ${containerPath}.securityContext.capabilities.add[0]`],
    },
  ],
  undetermined: [
    {
      name: "an unknown list",
      resources: [pod({ securityContext: { capabilities: { drop: unknownValue } } })],
      expect: [`undetermined engine ${containerPath}.securityContext.capabilities.drop`],
    },
  ],
};
