import { fail, undetermined } from "../../rule/outcome";
import { placeOf, variable } from "../../workloads/engine-command";
import { engineRule } from "../engine-rule";
import { Value } from "../../rule/value";

export const llmAuth003 = engineRule({
  id: "LLM-AUTH-003",
  title: "Ollama listens on loopback, or in a container that publishes nothing",
  word: "MUST",
  source: ["POL-R10", "POL-R12"],
  looksAt: "OLLAMA_HOST, and what a container with Ollama publishes",
  remedy:
    "publish no port of the container and let only the gateway reach it, or set OLLAMA_HOST to 127.0.0.1 on a host",
  controls: "identity",
  owasp: ["LLM03", "LLM06"],
  anchors: ["C-0021"],
  doc: "Ollama has no authentication of its own, and whoever reaches it can also pull, delete and create models. More than 175,000 were found on the internet over 293 days (SentinelLABS and Censys, 2026-01).",
  engines: ["ollama"],
  *judge(engine) {
    const { workload } = engine;
    const host = variable(engine, "OLLAMA_HOST")?.value;
    if (
      workload.kind === "host" &&
      workload.image.absent &&
      host?.text !== undefined &&
      !/^(https?:\/\/)?(127\.|localhost|\[?::1)/.test(host.text)
    )
      yield fail(host, `listens on ${host.text}, not on loopback`);
    if (workload.kind === "docker") {
      const inputs = Value.inputsOf(workload.resource);
      if (inputs.at("ports").unknown) yield undetermined("ports", "what it publishes is not in the plan");
      for (const port of inputs.at("ports").items())
        if (!/^(127\.|::1$)/.test(port.at("ip").text ?? ""))
          yield fail(port, "publishes an engine without authentication");
      if (inputs.at("networkMode").text === "host")
        yield fail("networkMode", "listens on the host's own network without authentication");
    }
    if (workload.pod?.at("hostNetwork").flag === true)
      yield fail(placeOf(engine), "listens on the host's own network without authentication");
  },
});
