import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { deployment } from "../engine-examples";
import { containerPath, pod } from "../pod-examples";

export const llmWrk011Examples: RuleExamples = {
  rule: "LLM-WRK-011",
  pass: [{ name: "all three, half an hour to load", resources: [pod()], expect: [] }],
  fail: [
    {
      name: "none",
      resources: [deployment(["--model", "/x"])],
      expect: ["startupProbe", "readinessProbe", "livenessProbe"].map(
        (probe) => `fail engine ${containerPath}.${probe}`,
      ),
    },
    {
      name: "thirty seconds to load",
      resources: [pod({ startupProbe: { httpGet: { path: "/health", port: 8000 } } })],
      expect: [`fail engine ${containerPath}.startupProbe`],
    },
  ],
  undetermined: [
    {
      name: "an unknown probe",
      resources: [pod({ readinessProbe: unknownValue })],
      expect: [`undetermined engine ${containerPath}.readinessProbe`],
    },
  ],
};
