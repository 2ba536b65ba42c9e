import { families } from "../../rule/families";
import { fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

export const llmEnc005 = resourceRule({
  id: "LLM-ENC-005",
  title: "Kubernetes secrets are encrypted with a key of their owner",
  word: "SHOULD",
  source: ["SEC-R10", "SEC-R15"],
  looksAt: "the encryption configuration of EKS clusters",
  remedy: "set encryptionConfig with the resource secrets and a key of your own",
  controls: "rest",
  anchors: ["CKV_AWS_58", "AWS-0039", "EKS.3"],
  doc: "Clusters from version 1.28 on encrypt secrets with a key of Amazon. This asks for a key of the owner.",
  types: families.kubernetesCluster,
  *check({ inputs }) {
    const config = inputs.at("encryptionConfig");
    if (config.unknown || config.at("resources").unknown) yield notInPlan(config, "whether secrets are encrypted");
    else if (!config.items().some((one) => one.at("resources").texts().includes("secrets")))
      yield fail(config, "secrets are not encrypted with a key of the owner");
  },
});
