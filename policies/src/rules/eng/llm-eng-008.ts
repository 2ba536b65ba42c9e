import { checkEngineArguments, knownEngineVersions } from "@holdfast/catalog";
import { fail, undetermined } from "../../rule/outcome";
import { placeOf } from "../../workloads/engine-command";
import { engineRule } from "../engine-rule";

export const llmEng008 = engineRule({
  id: "LLM-ENG-008",
  title: "An engine's options are known to its version",
  word: "MUST",
  source: ["POL-R25"],
  looksAt: "every option and value of vLLM against the table of the version that the image names",
  remedy: "spell the option as the version does, or move the version; docs of the engine list its options",
  anchors: [],
  doc: "An option that the version does not know stops the server when it starts, long after the pull request. The tables are those that our own fleets are compiled with. A version without a table, or an image without a version, stays open.",
  engines: ["vllm"],
  *judge(engine) {
    const { version, args, workload } = engine;
    const known = knownEngineVersions("vllm");
    if (version === undefined)
      yield undetermined(
        workload.image.absent ? placeOf(engine) : workload.image,
        "the image names no version, so which options it knows cannot be told",
      );
    else if (!known.includes(version))
      yield undetermined(
        workload.image.absent ? placeOf(engine) : workload.image,
        `the options of vllm ${version} are not known here; known versions: ${known.join(", ")}`,
      );
    else if (args.some(({ text }) => text === undefined))
      yield undetermined(
        placeOf(engine),
        "a part of the command is not in the plan, so whether the version knows it cannot be told",
      );
    else {
      for (const { path, reason } of checkEngineArguments(
        "vllm",
        version,
        args.map(({ text }) => text ?? ""),
      )) {
        const index = /^args\[(\d+)\]$/.exec(path)?.[1];
        // Secrets in arguments are LLM-SEC-002's business.
        if (!reason.includes("shows a secret"))
          yield fail(index === undefined ? placeOf(engine) : (args[Number(index)]?.place ?? placeOf(engine)), reason);
      }
    }
  },
});
