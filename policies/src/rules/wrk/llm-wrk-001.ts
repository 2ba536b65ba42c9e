import { demand } from "../../rule/outcome";
import { podRule } from "../pod-rule";

export const llmWrk001 = podRule({
  id: "LLM-WRK-001",
  title: "Containers are not privileged",
  word: "MUST",
  source: ["SEC-R13"],
  looksAt: "the security context of every container, init and ephemeral ones included",
  remedy: "remove privileged; give the one capability or device that is needed",
  anchors: ["CKV_K8S_16", "KSV-0017", "C-0057"],
  doc: "A privileged container is root on the host. Drivers and device plugins of GPU vendors need it: waive them one by one.",
  *judge(_pod, containers) {
    for (const container of containers) {
      yield* demand(container.in("securityContext", "privileged"), {
        holds: ({ flag }) => flag === false,
        failure: "is privileged, so it is root on the host",
        question: "whether it is privileged",
      });
    }
  },
});
