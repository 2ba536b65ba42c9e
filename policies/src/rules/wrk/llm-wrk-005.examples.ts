import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { pod } from "../pod-examples";

export const llmWrk005Examples: RuleExamples = {
  rule: "LLM-WRK-005",
  pass: [
    {
      name: "an empty directory",
      resources: [pod({}, { volumes: [{ name: "shm", emptyDir: { medium: "Memory", sizeLimit: "2Gi" } }] })],
      expect: [],
    },
    {
      name: "an allowed cache",
      resources: [pod({}, { volumes: [{ name: "cache", hostPath: { path: "/mnt/nvme/models" } }] })],
      config: { allowedFolders: ["/mnt/nvme"] },
      expect: [],
    },
  ],
  fail: [
    {
      name: "a folder",
      resources: [pod({}, { volumes: [{ name: "cache", hostPath: { path: "/mnt" } }] })],
      expect: ["fail engine spec.template.spec.volumes[0].hostPath.path"],
    },
    {
      name: "the socket, although its folder is allowed",
      resources: [pod({}, { volumes: [{ name: "s", hostPath: { path: "/var/run/docker.sock" } }] })],
      config: { allowedFolders: ["/var/run"] },
      expect: ["fail engine spec.template.spec.volumes[0].hostPath.path"],
    },
  ],
  undetermined: [
    {
      name: "an unknown folder",
      resources: [pod({}, { volumes: [{ name: "cache", hostPath: { path: unknownValue } }] })],
      expect: ["undetermined engine spec.template.spec.volumes[0].hostPath.path"],
    },
  ],
};
