import { fail, undetermined } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import { workloadsOf, workloadTypes } from "../../workloads/workload";
import { holdsCredential, isLiteralSecret, isSecretName } from "../secret-shapes";

export const llmSec002 = resourceRule({
  id: "LLM-SEC-002",
  title: "No command line holds a secret",
  word: "MUST",
  source: ["POL-R17", "SEC-R12"],
  looksAt:
    "arguments of fleets, pods, containers, tasks and hosts: options such as --api-key and --hf-token, and values with the shape of a credential",
  remedy: "pass the secret by a file or by a variable from a secret store; engines read VLLM_API_KEY and LLAMA_API_KEY",
  controls: "secrets",
  owasp: ["LLM02"],
  anchors: [],
  doc: "Arguments stand in the list of processes, in logs and in the state. A variable of the shell, as in --api-key $KEY, ends up in the list of processes too, and counts.",
  types: workloadTypes,
  applies: ({ resource }) => workloadsOf(resource).some(({ words }) => words.length > 0),
  *check({ resource }) {
    for (const { words } of workloadsOf(resource)) {
      for (const [index, { text, place }] of words.entries()) {
        if (text === undefined) {
          if (place.secret)
            yield fail(place, "an argument is a secret, and arguments are visible to every process of the host");
          continue;
        }
        if (holdsCredential(text)) yield fail(place, "an argument has the shape of a credential");
        if (!/^--?[A-Za-z]/.test(text)) continue;
        const [name = "", attached] = text.split(/=(.*)/s);
        if (!isSecretName(name.replace(/^-+/, ""))) continue;
        const next = words[index + 1];
        const value = attached ?? (next?.text?.startsWith("-") === true ? undefined : next?.text);
        if (value !== undefined && (isLiteralSecret(value) || value.startsWith("$")))
          yield fail(place, `${name} passes a secret, and arguments are visible to every process of the host`);
        else if (attached === undefined && next !== undefined && next.text === undefined && !next.place.secret)
          yield undetermined(next.place, `what ${name} passes is not in the plan`);
      }
    }
  },
});
