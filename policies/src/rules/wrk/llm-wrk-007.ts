import { demand } from "../../rule/outcome";
import { podRule, securitySetting } from "../pod-rule";

export const llmWrk007 = podRule({
  id: "LLM-WRK-007",
  title: "Containers run under the runtime's system call filter",
  word: "MUST",
  source: ["SEC-R13"],
  looksAt: "the seccomp profile of every container and its pod",
  remedy: "set seccompProfile.type to RuntimeDefault on the pod",
  anchors: ["CKV_K8S_31", "KSV-0030", "C-0210"],
  doc: "Without a profile every system call of the kernel is within reach.",
  *judge(pod, containers) {
    for (const container of containers) {
      const profile = securitySetting(pod, container, "seccompProfile").at("type");
      yield* demand(profile, {
        holds: ({ text }) => text === "RuntimeDefault" || text === "Localhost",
        failure: "runs without a system call filter",
        absent: "runs without a system call filter unless seccompProfile is set",
        question: "whether system calls are filtered",
      });
    }
  },
});
