import { unknownValue } from "../../graph/property-value";
import type { ExampleValue, RuleExamples } from "../../rule/rule-example";
import { host } from "../engine-examples";

const ollama = (inputs: Readonly<Record<string, ExampleValue>>) => ({
  type: "docker:index/container:Container",
  name: "ollama",
  inputs: { image: "ollama/ollama:0.32.0", ...inputs },
});

export const llmAuth003Examples: RuleExamples = {
  rule: "LLM-AUTH-003",
  pass: [
    { name: "nothing published", resources: [ollama({})], expect: [] },
    { name: "loopback", resources: [ollama({ ports: [{ internal: 11_434, ip: "127.0.0.1" }] })], expect: [] },
    { name: "a host on loopback", resources: [host("export OLLAMA_HOST=127.0.0.1:11434\nollama serve")], expect: [] },
  ],
  fail: [
    {
      name: "published",
      resources: [ollama({ ports: [{ internal: 11_434, external: 11_434 }] })],
      expect: ["fail ollama ports[0]"],
    },
    { name: "the host's network", resources: [ollama({ networkMode: "host" })], expect: ["fail ollama networkMode"] },
    {
      name: "a host on every interface",
      resources: [host("export OLLAMA_HOST=0.0.0.0\nollama serve")],
      expect: ["fail pool userData"],
    },
  ],
  undetermined: [
    { name: "unknown ports", resources: [ollama({ ports: unknownValue })], expect: ["undetermined ollama ports"] },
  ],
};
