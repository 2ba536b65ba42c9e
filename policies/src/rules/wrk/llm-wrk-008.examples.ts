import { unknownValue } from "../../graph/property-value";
import { ref, type ExampleResource, type RuleExamples } from "../../rule/rule-example";
import { container, fleet, host } from "../engine-examples";
import { containerPath, pod } from "../pod-examples";

const pull = (name: string): ExampleResource => ({
  type: "docker:index/remoteImage:RemoteImage",
  name: "pull",
  inputs: { name },
});
const pulled: ExampleResource = {
  type: "docker:index/container:Container",
  name: "engine",
  inputs: { image: ref("pull") },
};

export const llmWrk008Examples: RuleExamples = {
  rule: "LLM-WRK-008",
  pass: [
    { name: "a registry with a port, and a digest", resources: [pod()], expect: [] },
    { name: "an image of the host by its id", resources: [container([], [], `sha256:${"3c".repeat(32)}`)], expect: [] },
    {
      name: "the id of a pull that names a digest",
      resources: [pull(`vllm/vllm-openai@sha256:${"3c".repeat(32)}`), pulled],
      expect: [],
    },
    { name: "our own fleet", resources: [fleet(["serve", "/x"])], expect: [] },
  ],
  fail: [
    { name: "latest", resources: [container([], [], "vllm/vllm-openai:latest")], expect: ["fail engine image"] },
    { name: "no tag", resources: [container([], [], "ollama/ollama")], expect: ["fail engine image"] },
    {
      name: "the id of a pull that names a moving tag",
      resources: [pull("vllm/vllm-openai:latest"), pulled],
      expect: ["fail engine image"],
    },
    {
      name: "a moving tag",
      resources: [pod({ image: "nginx:alpine" })],
      expect: [`fail engine ${containerPath}.image`],
    },
    {
      name: "a registry's port is no tag",
      resources: [container([], [], "registry.bank.example:5000/vllm")],
      expect: ["fail engine image"],
    },
    {
      name: "in user data",
      resources: [host("docker run ghcr.io/huggingface/text-generation-inference:latest --model-id /x")],
      expect: ["fail pool userData"],
    },
    {
      name: "another registry",
      resources: [pod()],
      config: { allowedRegistries: ["111122223333.dkr.ecr."] },
      expect: [`fail engine ${containerPath}.image`],
    },
  ],
  undetermined: [
    {
      name: "a pull of an unknown name",
      resources: [pull(unknownValue), pulled],
      expect: ["undetermined engine image"],
    },
    { name: "an unknown image", resources: [container([], [], unknownValue)], expect: ["undetermined engine image"] },
  ],
};
