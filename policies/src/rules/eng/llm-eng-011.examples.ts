import { unknownValue, type PropertyValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { container, fleet } from "../engine-examples";

const pod = (args: string[], gpus: PropertyValue) => ({
  type: "kubernetes:core/v1:Pod",
  name: "engine",
  inputs: {
    spec: {
      containers: [
        { name: "engine", image: "vllm/vllm-openai:v0.32.0", args, resources: { limits: { "nvidia.com/gpu": gpus } } },
      ],
    },
  },
});

/** A fleet as sizing made it: the model's name stands there, not in the arguments. */
const sized = (args: string[]) => {
  const one = fleet(args);
  return { ...one, outputs: { ...one.outputs, sizing: { model: "llama-3.1-70b-instruct", gpusPerReplica: 4 } } };
};

export const llmEng011Examples: RuleExamples = {
  rule: "LLM-ENG-011",
  pass: [
    {
      name: "two by two on four GPUs",
      resources: [pod(["--model", "/x", "--tensor-parallel-size", "2", "-pp", "2"], "4")],
      expect: [],
    },
    {
      name: "a small format of a large model",
      resources: [container(["--model", "/models/llama-3.3-70b-instruct-awq", "--tensor-parallel-size", "1"])],
      expect: [],
    },
    {
      name: "our own fleet",
      resources: [fleet(["serve", "/models/llama-3.1-70b-instruct", "--tensor-parallel-size", "4"])],
      expect: [],
    },
  ],
  fail: [
    {
      name: "our own fleet, with other sizes than sizing found",
      resources: [{ ...sized(["serve", "/model", "--tensor-parallel-size", "3"]) }],
      expect: ["fail chat engine.args[2]", "fail chat engine.args[2]"],
    },
    {
      name: "70B on one GPU",
      resources: [container(["--model", "meta-llama/Llama-2-70b-hf", "--tensor-parallel-size", "1"])],
      expect: ["fail engine command[2]"],
    },
    {
      name: "fewer GPUs than shards",
      resources: [pod(["--model", "/x", "--tensor-parallel-size=4"], 2)],
      expect: ["fail engine spec.containers[0].resources.limits.nvidia.com/gpu"],
    },
    {
      name: "heads that do not divide",
      resources: [fleet(["serve", "/models/llama-3.1-8b-instruct", "--tensor-parallel-size", "3"])],
      expect: ["fail chat engine.args[2]"],
    },
    {
      name: "TGI",
      resources: [
        container(
          ["--model-id", "x/llama-70b", "--num-shard", "1"],
          [],
          "ghcr.io/huggingface/text-generation-inference:3.3.7",
        ),
      ],
      expect: ["fail engine command[2]"],
    },
  ],
  undetermined: [
    {
      name: "unknown GPUs",
      resources: [pod(["--model", "/x", "--tensor-parallel-size", "2"], unknownValue)],
      expect: ["undetermined engine spec.containers[0].resources.limits.nvidia.com/gpu"],
    },
    {
      name: "an unknown argument",
      resources: [container(["--model", "/x", unknownValue])],
      expect: ["undetermined engine"],
    },
  ],
};
