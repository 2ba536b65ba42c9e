import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { containerPath, pod } from "../pod-examples";

const docker = (networkMode: string) => ({
  type: "docker:index/container:Container",
  name: "engine",
  inputs: { image: "x", networkMode },
});

export const llmNet021Examples: RuleExamples = {
  rule: "LLM-NET-021",
  pass: [
    { name: "a pod of its own", resources: [pod()], expect: [] },
    { name: "a Docker network", resources: [docker("inference")], expect: [] },
  ],
  fail: [
    {
      name: "the host's network",
      resources: [pod({}, { hostNetwork: true })],
      expect: ["fail engine spec.template.spec.hostNetwork"],
    },
    {
      name: "a port of the host",
      resources: [pod({ ports: [{ containerPort: 8000, hostPort: 8000 }] })],
      expect: [`fail engine ${containerPath}.ports[0].hostPort`],
    },
    { name: "Docker", resources: [docker("host")], expect: ["fail engine networkMode"] },
  ],
  undetermined: [
    {
      name: "an unknown choice",
      resources: [pod({}, { hostNetwork: unknownValue })],
      expect: ["undetermined engine spec.template.spec.hostNetwork"],
    },
  ],
};
