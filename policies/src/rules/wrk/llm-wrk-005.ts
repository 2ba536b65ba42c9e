import { z } from "zod";
import { fail, notInPlan } from "../../rule/outcome";
import { podRule } from "../pod-rule";

export const llmWrk005 = podRule({
  id: "LLM-WRK-005",
  title: "Pods mount nothing of the host",
  word: "MUST",
  source: ["SEC-R13"],
  looksAt: "hostPath volumes of every pod",
  remedy:
    "use a persistent volume or an empty directory; a local cache needs its folder in allowedFolders, mounted read-only",
  anchors: ["CKV_K8S_27", "KSV-0023", "C-0048"],
  doc: "A mounted folder of the host is a way out of the container, and a mounted container socket is the host itself, which no setting allows.",
  config: z.strictObject({
    /** Folders of the host that pods may mount, for example of a local model cache. */
    allowedFolders: z.array(z.string()).default([]),
  }),
  *judge(pod, _containers, config) {
    if (pod.at("volumes").unknown) yield notInPlan(pod.at("volumes"), "what it mounts");
    for (const volume of pod.at("volumes").items()) {
      const path = volume.in("hostPath", "path");
      if (path.unknown) yield notInPlan(path, "which folder of the host it mounts");
      else if (path.text === undefined) continue;
      else if (/(docker|containerd|crio)\.sock$/.test(path.text))
        yield fail(path, "mounts the socket of the container engine, which is the host itself");
      else if (!config.allowedFolders.some((folder) => path.text === folder || path.text?.startsWith(`${folder}/`)))
        yield fail(path, `mounts ${path.text} of the host`);
    }
  },
});
