import { demand } from "../../rule/outcome";
import { podRule } from "../pod-rule";

export const llmWrk003 = podRule({
  id: "LLM-WRK-003",
  title: "Containers cannot gain privileges",
  word: "MUST",
  source: ["SEC-R13"],
  looksAt: "allowPrivilegeEscalation of every container",
  remedy: "set securityContext.allowPrivilegeEscalation to false",
  anchors: ["CKV_K8S_20", "KSV-0001", "C-0016"],
  doc: "It is true unless it is set, and then a program with a set-user bit makes itself root.",
  *judge(_pod, containers) {
    for (const container of containers) {
      const absent = "may gain privileges unless allowPrivilegeEscalation is false";
      yield* demand(container.in("securityContext", "allowPrivilegeEscalation"), {
        holds: ({ flag }) => flag === false,
        failure: "may gain privileges",
        absent,
        question: "whether it may gain privileges",
      });
    }
  },
});
