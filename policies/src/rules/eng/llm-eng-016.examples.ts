import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { container } from "../engine-examples";

const image = "ghcr.io/ggml-org/llama.cpp:server";

export const llmEng016Examples: RuleExamples = {
  rule: "LLM-ENG-016",
  pass: [
    {
      name: "key by file, host and port given",
      resources: [
        container(
          ["-m", "/x.gguf", "--host", "127.0.0.1", "--port", "8080", "--api-key-file", "/run/secrets/key"],
          [],
          image,
        ),
      ],
      expect: [],
    },
  ],
  fail: [
    {
      name: "by default",
      resources: [container(["-m", "/x.gguf"], [], image)],
      expect: ["fail engine", "fail engine"],
    },
  ],
  undetermined: [
    {
      name: "an unknown argument",
      resources: [container(["-m", "/x.gguf", unknownValue], [], image)],
      expect: ["undetermined engine"],
    },
  ],
};
