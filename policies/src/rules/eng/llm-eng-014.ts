import { fail } from "../../rule/outcome";
import { placeOf } from "../../workloads/engine-command";
import { engineRule } from "../engine-rule";

export const llmEng014 = engineRule({
  id: "LLM-ENG-014",
  title: "No engine is used whose development has ended",
  word: "SHOULD",
  source: ["SEC-R14"],
  looksAt: "engines that are text-generation-inference",
  remedy: "move to vLLM or llama.cpp",
  controls: "workload",
  owasp: ["LLM04"],
  anchors: [],
  doc: "text-generation-inference has been in maintenance since 2025-12-11 (its README); its last release is 3.3.7.",
  *judge(engine) {
    if (engine.kind === "tgi")
      yield fail(
        engine.workload.image.absent ? placeOf(engine) : engine.workload.image,
        "text-generation-inference is no longer developed",
      );
  },
});
