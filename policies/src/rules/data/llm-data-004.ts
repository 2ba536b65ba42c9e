import { families } from "../../rule/families";
import { fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

const wanted = ["api", "audit", "authenticator"];

export const llmData004 = resourceRule({
  id: "LLM-DATA-004",
  title: "The Kubernetes control plane keeps an audit log",
  word: "MUST",
  source: ["SEC-R19"],
  looksAt: "enabledClusterLogTypes of EKS clusters",
  remedy: "enable the log types api, audit and authenticator",
  controls: "logging",
  anchors: ["CKV_AWS_37", "AWS-0038", "EKS.8"],
  doc: "The control plane logs nothing unless it is told to.",
  types: families.kubernetesCluster,
  *check({ inputs }) {
    const types = inputs.at("enabledClusterLogTypes");
    const missing = wanted.filter((type) => !types.texts().includes(type));
    if (missing.length === 0) return;
    if (types.partlyUnknown) yield notInPlan(types, "what the control plane logs");
    else yield fail(types, `does not log ${missing.join(", ")}`);
  },
});
