import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { container, deployment, fleet, host } from "../engine-examples";

const tls = ["--ssl-certfile", "/tls/c.pem", "--ssl-keyfile", "/tls/c.pem"];
const published = (ip: string | undefined, command: readonly string[] = ["--model", "/x"]) => {
  const engine = container(command);
  const port = { internal: 8000, external: 8000, ...(ip === undefined ? {} : { ip }) };
  return { ...engine, inputs: { ...engine.inputs, ports: [port] } };
};

export const llmTls010Examples: RuleExamples = {
  rule: "LLM-TLS-010",
  pass: [
    { name: "a fleet with a certificate", resources: [fleet(["serve", "/x", ...tls])], expect: [] },
    { name: "a container on loopback", resources: [published("127.0.0.1")], expect: [] },
    { name: "a pod, which a mesh may encrypt", resources: [deployment(["--model", "/x"])], expect: [] },
    { name: "a container that publishes nothing", resources: [container(["--model", "/x"])], expect: [] },
    {
      name: "a published container with a certificate",
      resources: [published("10.0.0.4", ["--model", "/x", ...tls])],
      expect: [],
    },
    { name: "a host that listens on loopback", resources: [host("vllm serve /x --host 127.0.0.1")], expect: [] },
    {
      name: "a container of a host on loopback",
      resources: [host("docker run -p 127.0.0.1:8000:8000 vllm/vllm-openai:v0.32.0 --model /x")],
      expect: [],
    },
    {
      name: "llama.cpp with a certificate",
      resources: [host("llama-server -m /x --ssl-cert-file /c --ssl-key-file /k")],
      expect: [],
    },
  ],
  fail: [
    { name: "a fleet in clear", resources: [fleet(["serve", "/x"])], expect: ["fail chat engine.args"] },
    { name: "a published container", resources: [published("10.0.0.4")], expect: ["fail engine"] },
    { name: "a container on every address", resources: [published(undefined)], expect: ["fail engine"] },
    { name: "a host", resources: [host("vllm serve /x --host 0.0.0.0")], expect: ["fail pool userData"] },
    {
      name: "a container of a host",
      resources: [host("docker run -p 8000:8000 vllm/vllm-openai:v0.32.0 --model /x")],
      expect: ["fail pool userData"],
    },
  ],
  undetermined: [
    {
      name: "an unknown argument",
      resources: [fleet(["serve", "/x", unknownValue])],
      expect: ["undetermined chat engine.args"],
    },
    { name: "an unknown address", resources: [published(unknownValue)], expect: ["undetermined engine"] },
  ],
};
