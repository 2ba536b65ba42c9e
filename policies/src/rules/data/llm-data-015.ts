import { fail } from "../../rule/outcome";
import { placeOf, variable } from "../../workloads/engine-command";
import { engineRule } from "../engine-rule";

const quiet = {
  vllm: ["VLLM_NO_USAGE_STATS", "DO_NOT_TRACK"],
  ollama: ["OLLAMA_NO_CLOUD"],
  llamacpp: [],
  tgi: ["USAGE_STATS", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK"],
} as const;

export const llmData015 = engineRule({
  id: "LLM-DATA-015",
  title: "Engines report nothing to their makers",
  word: "SHOULD",
  source: ["SEC-R07"],
  looksAt: "the variables that switch usage statistics and cloud pass-through off",
  remedy: "vLLM: VLLM_NO_USAGE_STATS=1; Ollama: OLLAMA_NO_CLOUD=1; TGI: USAGE_STATS=off",
  controls: "minimisation",
  owasp: ["LLM02"],
  anchors: [],
  doc: "Statistics hold no prompts, but name the model and the hardware to a third party. Ollama's OpenAI routes can pass whole prompts to a cloud unless it is told not to. Closed egress stops both; this keeps the engine from trying.",
  engines: ["vllm", "ollama", "tgi"],
  *judge(engine) {
    const names = quiet[engine.kind];
    const set = names.some((name) => {
      const entry = variable(engine, name);
      return (
        entry !== undefined &&
        !/^(0|false|on)?$/i.test(entry.value === undefined ? "by reference" : (entry.value.scalar ?? ""))
      );
    });
    if (!set && !engine.workload.environmentOpen) yield fail(placeOf(engine), `none of ${names.join(", ")} is set`);
  },
});
