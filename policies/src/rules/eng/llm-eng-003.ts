import { fail } from "../../rule/outcome";
import { option } from "../../workloads/engine-command";
import { engineRule } from "../engine-rule";

const executable = ["pt", "npcache", "bitsandbytes_pt", "dummy"];

export const llmEng003 = engineRule({
  id: "LLM-ENG-003",
  title: "Weights are read from a format that cannot carry code",
  word: "SHOULD",
  source: ["POL-R25"],
  looksAt: "--load-format of vLLM",
  remedy: "use safetensors, or a streamer of safetensors",
  owasp: ["LLM04", "LLM05"],
  anchors: [],
  doc: "Files of PyTorch's older format are pickles, which run code when they are read. The format auto falls back to them when a repository has nothing else; a folder that was verified holds none.",
  engines: ["vllm"],
  *judge(engine) {
    const format = option(engine, "load-format");
    if (format.state === "given" && format.value !== undefined && executable.includes(format.value))
      yield fail(format.word.place, `the format ${format.value} can carry code, or is not the model at all`);
    const remote = engine.model?.text !== undefined && !/^(\/|\.\/|s3:|oci:)/.test(engine.model.text);
    if (remote && (format.state === "absent" || (format.state === "given" && format.value === "auto")))
      yield fail(engine.model.place, "the format auto of a model from a hub falls back to files that can carry code");
  },
});
