import { fail } from "../../rule/outcome";
import { option, placeOf } from "../../workloads/engine-command";
import { engineRule } from "../engine-rule";

export const llmEng012 = engineRule({
  id: "LLM-ENG-012",
  title: "An engine bounds what one client can use up",
  word: "SHOULD",
  source: ["POL-R18"],
  looksAt: "--max-model-len and --max-num-seqs of vLLM, the input and total tokens of TGI, the context of llama.cpp",
  remedy: "give the longest prompt and answer together, and the number of sequences at once",
  controls: "limits",
  owasp: ["LLM06"],
  anchors: [],
  doc: "Without bounds the engine takes the model's whole context for each request, and one client can take the whole cache.",
  engines: ["vllm", "tgi", "llamacpp"],
  *judge(engine) {
    const wanted =
      engine.kind === "vllm"
        ? [["max-model-len"], ["max-num-seqs"]]
        : engine.kind === "tgi"
          ? [["max-total-tokens"], ["max-concurrent-requests"]]
          : [["ctx-size", "c"]];
    const missing = wanted
      .filter((names) => option(engine, ...names).state === "absent")
      .map(([name]) => `--${name ?? ""}`);
    if (missing.length > 0)
      yield fail(placeOf(engine), `${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not given`);
  },
});
