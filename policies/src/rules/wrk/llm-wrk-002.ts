import { fail, notInPlan } from "../../rule/outcome";
import { podRule, securitySetting } from "../pod-rule";

export const llmWrk002 = podRule({
  id: "LLM-WRK-002",
  title: "Containers do not run as root",
  word: "MUST",
  source: ["SEC-R13"],
  looksAt: "runAsNonRoot and runAsUser of every container and its pod",
  remedy: "set runAsNonRoot to true and runAsUser to a number above 0; mount writable folders for caches",
  anchors: ["CKV_K8S_6", "CKV_K8S_23", "KSV-0012", "C-0013"],
  doc: "Official engine images run as root unless they are told otherwise; they work as another user when home and cache folders are writable.",
  *judge(pod, containers) {
    for (const container of containers) {
      const user = securitySetting(pod, container, "runAsUser");
      const nonRoot = securitySetting(pod, container, "runAsNonRoot");
      if (user.number !== undefined && user.number > 0) continue;
      if (user.number === 0) yield fail(user, "runs as root");
      else if (nonRoot.flag === true) continue;
      else if (user.unknown || nonRoot.unknown) yield notInPlan(user.unknown ? user : nonRoot, "as whom it runs");
      else yield fail(nonRoot, "may run as root: neither runAsNonRoot nor runAsUser is set");
    }
  },
});
