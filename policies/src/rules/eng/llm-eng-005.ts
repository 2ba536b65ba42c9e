import { fail, undetermined } from "../../rule/outcome";
import { option, placeOf, switchedOn, variable, variableOn } from "../../workloads/engine-command";
import { engineRule } from "../engine-rule";

const variables = [
  "VLLM_SERVER_DEV_MODE",
  "VLLM_ALLOW_RUNTIME_LORA_UPDATING",
  "VLLM_TORCH_PROFILER_DIR",
  "VLLM_ALLOW_INSECURE_SERIALIZATION",
];
const switches = ["enable-tokenizer-info-endpoint", "trust-request-chat-template", "profiler-config"];
const llamaSwitches = ["tools", "agent", "ui-mcp-proxy", "mcp-servers", "mcp-servers-config", "props"];

export const llmEng005 = engineRule({
  id: "LLM-ENG-005",
  title: "No development or tool route of an engine is switched on",
  word: "MUST",
  source: ["POL-R25"],
  looksAt:
    "development mode, run-time LoRA loading, profiler, demo tools and chat templates from clients (vLLM), tools, agents and property changes (llama.cpp)",
  remedy: "remove the option or variable",
  owasp: ["LLM03", "LLM06"],
  anchors: [],
  doc: "Development mode opens routes that call any function on the workers; the demo tool server runs code; run-time LoRA loading fetches from a path that a client names. An API key does not cover most of these routes.",
  engines: ["vllm", "llamacpp"],
  *judge(engine) {
    for (const name of engine.kind === "vllm" ? variables : []) {
      const on = variableOn(engine, name);
      const place = variable(engine, name)?.place ?? placeOf(engine);
      if (on === true) yield fail(place, `${name} is set`);
      else if (on === undefined && variable(engine, name) !== undefined)
        yield undetermined(place, `${name} is not in the plan`);
    }
    for (const name of engine.kind === "vllm" ? switches : llamaSwitches) {
      const given = switchedOn(engine, name);
      if (given.state === "given") yield fail(given.word.place, `--${name} is given`);
    }
    const tools = option(engine, "tool-server");
    if (tools.state === "given" && tools.value === "demo")
      yield fail(tools.word.place, "the demo tool server runs code without isolating it from the network");
    if (engine.workload.wordsOpen)
      yield undetermined(
        placeOf(engine),
        "a part of the command is not in the plan, so which routes are on cannot be told",
      );
  },
});
