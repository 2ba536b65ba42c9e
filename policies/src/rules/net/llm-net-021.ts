import { families, union } from "../../rule/families";
import { demand, fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import { containersOf, podTemplates } from "../../workloads/pod-templates";

export const llmNet021 = resourceRule({
  id: "LLM-NET-021",
  title: "Pods and containers stay off the host's network",
  word: "MUST",
  source: ["POL-R03"],
  looksAt: "hostNetwork and hostPort of pods, and the network mode of Docker containers",
  remedy:
    "remove hostNetwork, hostPort and the network mode host, and let a service or an internal network lead to the port",
  controls: "exposure",
  anchors: ["CKV_K8S_19", "CKV_K8S_26", "KSV-0009", "KSV-0024", "C-0041"],
  doc: "On the host's network no network policy holds, and the metadata address is one hop away. Exporters and RDMA pods need it: waive them one by one.",
  types: union(families.podBearing, families.dockerContainer),
  *check({ resource, inputs }) {
    if (families.dockerContainer.has(resource.type)) {
      yield* demand(inputs.at("networkMode"), {
        holds: ({ text }) => text !== "host",
        failure: "uses the host's network",
        question: "whether it uses the host's network",
      });
      return;
    }
    for (const pod of podTemplates(resource)) {
      yield* demand(pod.at("hostNetwork"), {
        holds: ({ flag }) => flag === false,
        failure: "uses the host's network",
        question: "whether it uses the host's network",
      });
      for (const port of containersOf(pod).flatMap((container) => container.at("ports").items())) {
        const host = port.at("hostPort");
        if (host.unknown) yield notInPlan(host, "whether it opens a port of the host");
        else if (host.number !== undefined && host.number > 0)
          yield fail(host, `opens port ${host.number} of the host`);
      }
    }
  },
});
