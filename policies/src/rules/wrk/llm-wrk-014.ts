import { demand } from "../../rule/outcome";
import { podRule } from "../pod-rule";

export const llmWrk014 = podRule({
  id: "LLM-WRK-014",
  title: "Pods share no process or memory space with the host",
  word: "MUST",
  source: ["SEC-R13"],
  looksAt: "hostPID and hostIPC of every pod",
  remedy: "remove them; give engines shared memory as an empty directory with medium Memory and a sizeLimit",
  anchors: ["CKV_K8S_17", "CKV_K8S_18", "KSV-0008", "KSV-0010"],
  doc: "Recipes for Docker use --ipc=host for the memory between GPU processes; a memory-backed directory at /dev/shm does the same without the host's.",
  *judge(pod) {
    for (const key of ["hostPID", "hostIPC"])
      yield* demand(pod.at(key), {
        holds: ({ flag }) => flag === false,
        failure: `${key} shares a space of the host`,
        question: "whether it shares a space of the host",
      });
  },
});
