import { z } from "zod";
import { fail, notInPlan } from "../../rule/outcome";
import { podRule } from "../pod-rule";

export const llmWrk004 = podRule({
  id: "LLM-WRK-004",
  title: "Containers hold no capability that they do not need",
  word: "MUST",
  source: ["SEC-R13"],
  looksAt: "the capabilities that every container drops and adds",
  remedy: "drop ALL; add IPC_LOCK only for RDMA, and name it in allowedCapabilities",
  anchors: ["CKV_K8S_37", "KSV-0003", "C-0046"],
  doc: "The default set lets a container forge packets and change file owners.",
  config: z.strictObject({
    /** Capabilities that containers may add. */
    allowedCapabilities: z.array(z.string()).default([]),
  }),
  *judge(_pod, containers, config) {
    for (const container of containers) {
      const capabilities = container.in("securityContext", "capabilities");
      const drop = capabilities.at("drop");
      if (capabilities.unknown || drop.partlyUnknown) yield notInPlan(drop, "what it drops");
      else if (!drop.texts().some((name) => name.toUpperCase() === "ALL"))
        yield fail(drop, "does not drop ALL capabilities");
      for (const added of capabilities.at("add").items()) {
        if (added.unknown) yield notInPlan(added, "what it adds");
        else if (!config.allowedCapabilities.includes(added.text ?? ""))
          yield fail(added, `adds the capability ${added.text ?? "?"}`);
      }
    }
  },
});
