import { fail, notInPlan } from "../../rule/outcome";
import { podRule } from "../pod-rule";

export const llmWrk009 = podRule({
  id: "LLM-WRK-009",
  title: "Containers say how much they need, and memory has a limit",
  word: "MUST",
  source: ["POL-R18"],
  looksAt: "requests of CPU and memory and the limit of memory of every container",
  remedy:
    "set resources.requests.cpu, resources.requests.memory and resources.limits.memory; a CPU limit is not asked for, because it hurts latency",
  anchors: ["CKV_K8S_10", "CKV_K8S_11", "CKV_K8S_12", "CKV_K8S_13", "KSV-0011"],
  doc: "A container without requests is the first to be thrown out, and one without a memory limit throws others out.",
  *judge(_pod, containers) {
    for (const container of containers) {
      const resources = container.at("resources");
      if (resources.unknown) yield notInPlan(resources, "what it needs");
      else {
        const missing = [
          ["requests", "cpu"],
          ["requests", "memory"],
          ["limits", "memory"],
        ].filter(
          (keys) =>
            resources.in(...keys).absent && !(keys[0] === "requests" && !resources.in("limits", keys[1] ?? "").absent),
        );
        if (missing.length > 0)
          yield fail(resources, `does not say ${missing.map((keys) => keys.join(".")).join(", ")}`);
      }
    }
  },
});
