import { fail, undetermined } from "../../rule/outcome";
import { Value } from "../../rule/value";
import { option, placeOf, type EngineCommand } from "../../workloads/engine-command";
import { engineRule } from "../engine-rule";

const certificate = { vllm: "ssl-certfile", llamacpp: "ssl-cert-file" } as const;
const loopback = /^(127\.|localhost$|\[?::1\]?)/;

export const llmTls010 = engineRule({
  id: "LLM-TLS-010",
  title: "An engine that others reach over a network speaks TLS",
  word: "MUST",
  source: ["SEC-R02", "POL-R01"],
  looksAt:
    "--ssl-certfile of vLLM and --ssl-cert-file of llama.cpp, where the engine runs on a host or in a container that publishes it",
  remedy:
    "give the engine a certificate for the name it is called by, or let it listen on loopback behind something that ends TLS on the same host",
  controls: "transit",
  owasp: ["LLM02"],
  anchors: [],
  doc: "Behind the gateway prompts and keys would otherwise cross the network in clear. Ollama and TGI cannot speak TLS, so they are asked for nothing: keep them on loopback behind a proxy. Pods are not judged: a mesh that encrypts for them is not in a plan.",
  engines: ["vllm", "llamacpp"],
  *judge(engine) {
    if (engine.kind !== "vllm" && engine.kind !== "llamacpp") return;
    const given = option(engine, certificate[engine.kind]);
    if (given.state === "given") return;
    const reached = reach(engine);
    if (reached === "nobody") return;
    if (given.state === "unknown" || reached === "unknown")
      yield undetermined(
        placeOf(engine),
        "a part of the plan is missing, so whether the engine speaks TLS to others cannot be told",
      );
    else yield fail(placeOf(engine), "answers others in clear: it has no certificate");
  },
});

/** Whether anything but the engine's own host can connect to it. */
function reach(engine: EngineCommand): "others" | "nobody" | "unknown" {
  const { workload } = engine;
  switch (workload.kind) {
    case "component":
      return "others";
    case "host": {
      if (workload.published !== undefined)
        return workload.published.every((port) => loopback.test(port)) ? "nobody" : "others";
      const address = option(engine, "host");
      return address.state === "given" && loopback.test(address.value ?? "") ? "nobody" : "others";
    }
    case "docker":
      return published(workload.resource);
    default:
      return "nobody";
  }
}

function published(resource: EngineCommand["workload"]["resource"]): ReturnType<typeof reach> {
  const ports = Value.inputsOf(resource).at("ports");
  if (ports.unknown) return "unknown";
  const addresses = ports.items().map((port) => port.at("ip"));
  if (addresses.some(({ text, unknown }) => !unknown && !loopback.test(text ?? ""))) return "others";
  return addresses.some(({ unknown }) => unknown) ? "unknown" : "nobody";
}
