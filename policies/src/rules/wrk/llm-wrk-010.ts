import { fail, notInPlan } from "../../rule/outcome";
import { podRule } from "../pod-rule";

export const llmWrk010 = podRule({
  id: "LLM-WRK-010",
  title: "GPUs are asked for in whole numbers, as limits",
  word: "MUST",
  source: ["POL-R07"],
  looksAt: "GPU resources in requests and limits of every container",
  remedy: "set limits.nvidia.com/gpu to a whole number of at least 1, and leave the request out or equal",
  anchors: [],
  doc: "Kubernetes refuses a GPU request that differs from the limit, and takes a request without a limit for none at all.",
  *judge(_pod, containers) {
    for (const container of containers) {
      const names = new Set(
        [...container.in("resources", "requests").entries(), ...container.in("resources", "limits").entries()]
          .map(([name]) => name)
          .filter((name) => /^(nvidia|amd)\.com\/(gpu|mig-.*)$/.test(name)),
      );
      for (const name of names) {
        const limit = container.in("resources", "limits").at(name);
        const request = container.in("resources", "requests").at(name);
        if (limit.unknown || request.unknown)
          yield notInPlan(limit.unknown ? limit : request, "how many GPUs it asks for");
        else if (limit.absent) yield fail(request, `asks for ${name} without a limit`);
        else if (limit.number === undefined || !Number.isInteger(limit.number) || limit.number < 1)
          yield fail(limit, `asks for ${limit.scalar ?? "?"} of ${name}; allowed: a whole number of at least 1`);
        else if (request.number !== undefined && request.number !== limit.number)
          yield fail(request, `asks for ${request.number} of ${name} but limits it to ${limit.number}`);
      }
    }
  },
});
