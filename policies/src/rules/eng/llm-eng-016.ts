import { fail, undetermined } from "../../rule/outcome";
import { option, placeOf, variable } from "../../workloads/engine-command";
import { engineRule } from "../engine-rule";

export const llmEng016 = engineRule({
  id: "LLM-ENG-016",
  title: "llama.cpp asks for a key and says where it listens",
  word: "SHOULD",
  source: ["SEC-R04"],
  looksAt: "the key, host and port of llama-server",
  remedy: "set LLAMA_API_KEY from a secret or --api-key-file, and give --host and --port",
  controls: "identity",
  anchors: [],
  doc: "Its documented port moved from 8080 to 9931, so a deployment that does not name one moves with the image. No key is set by default.",
  engines: ["llamacpp"],
  *judge(engine) {
    if (engine.workload.wordsOpen)
      yield undetermined(
        placeOf(engine),
        "a part of the command is not in the plan, so how it is reached cannot be told",
      );
    const key =
      variable(engine, "LLAMA_API_KEY") ??
      (option(engine, "api-key-file", "api-key").state === "given" ? "given" : undefined);
    if (key === undefined && !engine.workload.wordsOpen && !engine.workload.environmentOpen)
      yield fail(placeOf(engine), "asks for no key");
    const hidden = ["host", "port"].filter(
      (name) =>
        option(engine, name).state === "absent" && variable(engine, `LLAMA_ARG_${name.toUpperCase()}`) === undefined,
    );
    if (hidden.length > 0)
      yield fail(placeOf(engine), `does not say its ${hidden.join(" and ")}, and the default has changed before`);
  },
});
