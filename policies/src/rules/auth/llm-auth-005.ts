import { fail, undetermined } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import { workloadsOf, workloadTypes, type Workload } from "../../workloads/workload";

export const llmAuth005 = resourceRule({
  id: "LLM-AUTH-005",
  title: "Prometheus and Alertmanager take no orders from strangers",
  word: "MUST",
  source: ["SEC-R20"],
  looksAt: "the administration and lifecycle interfaces and the web configuration of Prometheus and Alertmanager",
  remedy: "remove --web.enable-admin-api and --web.enable-lifecycle, or give --web.config.file with TLS and users",
  controls: "identity",
  anchors: ["C-0021"],
  doc: "The administration interface deletes series, the lifecycle interface stops the server. Both are open to whoever reaches the port unless a web configuration asks for a login.",
  types: workloadTypes,
  applies: ({ resource }) => workloadsOf(resource).some(isMonitor),
  *check({ resource }) {
    for (const workload of workloadsOf(resource).filter(isMonitor)) {
      if (workload.words.some(({ text }) => text?.startsWith("--web.config.file") === true)) continue;
      for (const { text, place } of workload.words)
        if (text !== undefined && /^--web\.enable-(admin-api|lifecycle)(=true)?$/.test(text))
          yield fail(place, `${text.replace("=true", "")} is open to whoever reaches the port`);
      if (workload.wordsOpen)
        yield undetermined(
          workload.place,
          "a part of the command is not in the plan, so which interfaces are open cannot be told",
        );
    }
  },
});

function isMonitor({ image, words }: Workload): boolean {
  return (
    /(^|\/)(prometheus|alertmanager)([:@]|$)/.test(image.text ?? "") ||
    words.some(({ text }) => /(^|\/)(prometheus|alertmanager)$/.test(text ?? ""))
  );
}
