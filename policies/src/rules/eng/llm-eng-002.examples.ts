import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { container, deployment, fleet, host } from "../engine-examples";

const commit = "0123456789abcdef0123456789abcdef01234567";

export const llmEng002Examples: RuleExamples = {
  rule: "LLM-ENG-002",
  pass: [
    { name: "a verified folder", resources: [fleet(["serve", "/models/llama"])], expect: [] },
    {
      name: "a hub id at a commit",
      resources: [container(["--model", "meta-llama/Llama-3.1-8B", "--revision", commit])],
      expect: [],
    },
    {
      name: "an allowed bucket",
      resources: [deployment(["--model=s3://weights/llama", "--load-format", "runai_streamer"])],
      expect: [],
    },
  ],
  fail: [
    {
      name: "a hub id alone",
      resources: [container(["--model", "meta-llama/Llama-3.1-8B"])],
      expect: ["fail engine command[1]"],
    },
    {
      name: "a branch",
      resources: [deployment(["--model", "x/y", "--revision=main"])],
      expect: ["fail engine spec.template.spec.containers[0].args[2]"],
    },
    {
      name: "a tokenizer that moves",
      resources: [container(["--model", "x/y", "--revision", commit, "--tokenizer-revision", "main"])],
      expect: ["fail engine command[4]"],
    },
    {
      name: "on a host",
      resources: [host("vllm serve Qwen/Qwen2.5-7B-Instruct --port 8000")],
      expect: ["fail pool userData"],
    },
    {
      name: "TGI",
      resources: [container(["--model-id", "x/y"], [], "ghcr.io/huggingface/text-generation-inference:3.3.7")],
      expect: ["fail engine command[1]"],
    },
  ],
  undetermined: [
    {
      name: "an unknown model",
      resources: [container(["--model", unknownValue])],
      expect: ["undetermined engine command[1]"],
    },
  ],
};
