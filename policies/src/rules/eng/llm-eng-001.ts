import { fail, undetermined } from "../../rule/outcome";
import { option, placeOf, switchedOn, variable, variableOn } from "../../workloads/engine-command";
import { engineRule } from "../engine-rule";

export const llmEng001 = engineRule({
  id: "LLM-ENG-001",
  title: "Engines run no code that comes with a model",
  word: "MUST",
  source: ["POL-R25"],
  looksAt: "--trust-remote-code and TRUST_REMOTE_CODE of every engine",
  remedy:
    "remove the option; if a model needs its own code, review the code, mirror it at a pinned revision and waive this rule",
  owasp: ["LLM04"],
  anchors: [],
  doc: "With this option whoever can change the model repository runs code on the GPU hosts. Two advisories ran such code even with the option off, so LLM-ENG-009 asks for a version without them.",
  engines: ["vllm", "tgi"],
  *judge(engine) {
    const given = switchedOn(engine, "trust-remote-code");
    if (given.state === "given") yield fail(given.word.place, "runs code that comes with the model");
    else if (given.state === "unknown")
      yield undetermined(
        placeOf(engine),
        "a part of the command is not in the plan, so whether it trusts a model's code cannot be told",
      );
    for (const name of ["TRUST_REMOTE_CODE", "VLLM_TRUST_REMOTE_CODE"]) {
      const on = variableOn(engine, name);
      if (on === true)
        yield fail(
          variable(engine, name)?.place ?? placeOf(engine),
          `${name} makes it run code that comes with the model`,
        );
      else if (on === undefined && option(engine, "trust-remote-code").state === "absent")
        yield undetermined(variable(engine, name)?.place ?? placeOf(engine), `${name} is not in the plan`);
    }
  },
});
