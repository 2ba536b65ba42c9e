import { fail, undetermined } from "../../rule/outcome";
import { option, placeOf, switchedOn, variable, variableOn } from "../../workloads/engine-command";
import { compareVersions } from "@holdfast/catalog";
import { engineRule } from "../engine-rule";

const vllmSwitches = ["enable-log-requests", "enable-log-outputs"];
const variables = {
  vllm: ["VLLM_DEBUG_LOG_API_SERVER_REQUEST_PROMPT"],
  ollama: ["OLLAMA_DEBUG_LOG_REQUESTS", "OLLAMA_DEBUG"],
  llamacpp: ["LLAMA_ARG_LOG_PROMPTS_DIR", "LLAMA_LOG_PROMPTS_DIR"],
  tgi: [],
} as const;

export const llmData001 = engineRule({
  id: "LLM-DATA-001",
  title: "Engines write no prompts to their logs",
  word: "MUST",
  source: ["POL-R11"],
  looksAt: "request and output logging and debug levels of vLLM, Ollama, llama.cpp and TGI",
  remedy: "remove the option or variable; on vLLM below 0.11 add --disable-log-requests",
  controls: "minimisation",
  owasp: ["LLM02"],
  anchors: [],
  doc: "Prompts are logged on a vLLM below 0.11 unless --disable-log-requests is given; later versions do not log them, and refuse that option. So the rule looks at the version of the image.",
  *judge(engine) {
    const { kind, version } = engine;
    for (const name of variables[kind]) {
      const on = variableOn(engine, name);
      const place = variable(engine, name)?.place ?? placeOf(engine);
      if (on === true) yield fail(place, `${name} writes prompts to the logs`);
      else if (on === undefined && variable(engine, name) !== undefined)
        yield undetermined(place, `${name} is not in the plan`);
    }
    const level = variable(engine, kind === "vllm" ? "VLLM_LOGGING_LEVEL" : "LOG_LEVEL")?.value;
    if (level?.text !== undefined && /debug|trace/i.test(level.text))
      yield fail(level, `the level ${level.text} writes prompts to the logs`);
    if (kind === "ollama") return;
    const names =
      kind === "vllm" ? vllmSwitches : kind === "llamacpp" ? ["log-prompts-dir", "verbose", "v", "log-verbose"] : [];
    for (const name of names) {
      const given = switchedOn(engine, name);
      if (given.state === "given") yield fail(given.word.place, `--${name} writes prompts to the logs`);
    }
    if (engine.workload.wordsOpen)
      yield undetermined(
        placeOf(engine),
        "a part of the command is not in the plan, so whether it logs prompts cannot be told",
      );
    if (kind !== "vllm" || version === undefined || compareVersions(version, "0.11.0") >= 0) return;
    if (option(engine, "disable-log-requests").state === "absent")
      yield fail(placeOf(engine), `vllm ${version} logs prompts unless --disable-log-requests is given`);
  },
});
