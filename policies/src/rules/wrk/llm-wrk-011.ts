import { fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import { enginesOf, type EngineCommand } from "../../workloads/engine-command";
import { families } from "../../rule/families";

const probes = ["startupProbe", "readinessProbe", "livenessProbe"] as const;

export const llmWrk011 = resourceRule({
  id: "LLM-WRK-011",
  title: "Engine pods have probes, with time to load a model",
  word: "MUST",
  source: ["POL-R13"],
  looksAt: "startup, readiness and liveness probes of containers that run an engine",
  remedy: "set all three; give the startup probe at least as long as loading the model takes",
  controls: "workload",
  anchors: ["CKV_K8S_8", "CKV_K8S_9", "C-0018", "C-0056"],
  doc: "Loading a model takes minutes. Without a startup probe the liveness probe kills the engine while it loads, over and over; without a readiness probe it gets requests before it can answer.",
  types: families.podBearing,
  applies: ({ resource }) => served(enginesOf(resource)).length > 0,
  *check({ resource }) {
    for (const { workload } of served(enginesOf(resource))) {
      for (const probe of probes) {
        const value = workload.place.at(probe);
        if (value.unknown) yield notInPlan(value, "whether it is probed");
        else if (value.absent) yield fail(value, `has no ${probe}`);
      }
      const startup = workload.place.at("startupProbe");
      const seconds = (startup.at("periodSeconds").number ?? 10) * (startup.at("failureThreshold").number ?? 3);
      if (startup.map !== undefined && seconds < 300)
        yield fail(startup, `gives the engine ${seconds} seconds to load its model; allowed: 300 and more`);
    }
  },
});

/** Jobs and init containers end; only what serves is probed. */
function served(engines: readonly EngineCommand[]): readonly EngineCommand[] {
  return engines.filter(
    ({ workload }) => workload.place.path.includes(".containers[") && !workload.resource.type.includes("Job"),
  );
}
