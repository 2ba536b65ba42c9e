import { fail, undetermined } from "../../rule/outcome";
import { option, placeOf } from "../../workloads/engine-command";
import { engineRule } from "../engine-rule";

export const llmEng010 = engineRule({
  id: "LLM-ENG-010",
  title: "An engine leaves some of the GPU's memory free",
  word: "SHOULD",
  source: ["POL-R08"],
  looksAt: "--gpu-memory-utilization and --kv-cache-memory-bytes of vLLM",
  remedy: "use 0.95 or less, and only one of the two options",
  anchors: [],
  doc: "CUDA graphs and the libraries between GPUs need memory that the engine does not count; at 0.99 it starts and then dies under load. --kv-cache-memory-bytes wins over the share, so giving both hides a mistake.",
  engines: ["vllm"],
  *judge(engine) {
    const share = option(engine, "gpu-memory-utilization");
    if (share.state === "unknown")
      yield undetermined(
        placeOf(engine),
        "a part of the command is not in the plan, so how much memory it takes cannot be told",
      );
    if (share.state !== "given") return;
    const value = Number(share.value);
    if (!(value > 0 && value <= 0.95))
      yield fail(
        share.word.place,
        `takes the share ${share.value ?? ""} of the GPU's memory; allowed: more than 0, up to 0.95`,
      );
    if (option(engine, "kv-cache-memory-bytes").state === "given")
      yield fail(share.word.place, "is given together with --kv-cache-memory-bytes, which wins");
  },
});
