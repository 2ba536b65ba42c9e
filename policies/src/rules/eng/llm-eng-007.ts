import { fail } from "../../rule/outcome";
import { option, placeOf, switchedOn, variable } from "../../workloads/engine-command";
import { engineRule } from "../engine-rule";

export const llmEng007 = engineRule({
  id: "LLM-ENG-007",
  title: "Engines answer no browser of another site and show no pages",
  word: "SHOULD",
  source: ["SEC-R04"],
  looksAt: "allowed origins of vLLM, TGI and Ollama, the API pages of vLLM, and slots and the web page of llama.cpp",
  remedy:
    "vLLM: --allowed-origins '[]' and --disable-fastapi-docs; llama.cpp: --no-slots and --no-webui; Ollama and TGI: name the origins",
  owasp: ["LLM02"],
  anchors: [],
  doc: "vLLM lets every site call it from a browser unless it is told otherwise, and llama.cpp shows running prompts at /slots. Behind an allow-listing gateway this is a second line.",
  *judge(engine) {
    const place = placeOf(engine);
    if (engine.kind === "vllm") {
      const origins = option(engine, "allowed-origins");
      if (origins.state === "absent") yield fail(place, "lets every site call it: --allowed-origins is not given");
      else if (origins.state === "given" && origins.value?.includes("*") === true)
        yield fail(origins.word.place, "lets every site call it");
      if (option(engine, "disable-fastapi-docs").state === "absent")
        yield fail(place, "shows its API pages: --disable-fastapi-docs is not given");
    } else if (engine.kind === "llamacpp") {
      if (option(engine, "no-slots").state === "absent")
        yield fail(place, "shows running prompts at /slots: --no-slots is not given");
      if (option(engine, "no-webui", "no-ui").state === "absent")
        yield fail(place, "shows its web page: --no-webui is not given");
    } else {
      const entry = variable(engine, engine.kind === "tgi" ? "CORS_ALLOW_ORIGIN" : "OLLAMA_ORIGINS");
      if (entry?.value?.text?.includes("*") === true) yield fail(entry.place, "lets every site call it");
      const given = switchedOn(engine, "cors-allow-origin");
      if (given.state === "given" && given.value?.includes("*") === true)
        yield fail(given.word.place, "lets every site call it");
    }
  },
});
