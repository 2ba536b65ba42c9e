import { validCidrs } from "../../addresses/address-set";
import { coversInternet } from "../../addresses/internet";
import { families } from "../../rule/families";
import { fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

export const llmNet012 = resourceRule({
  id: "LLM-NET-012",
  title: "The Kubernetes API endpoint is private, or public to named networks only",
  word: "MUST",
  source: ["POL-R03"],
  looksAt: "endpointPublicAccess and publicAccessCidrs of EKS clusters, also of those that a component made",
  remedy:
    "set vpcConfig.endpointPublicAccess to false and endpointPrivateAccess to true; if it must be public, name the networks in publicAccessCidrs",
  controls: "exposure",
  anchors: ["CKV_AWS_38", "CKV_AWS_39", "AWS-0040", "AWS-0041", "EKS.1"],
  doc: "Both properties are open when they are absent: the endpoint is public, and to everyone.",
  types: families.kubernetesCluster,
  *check({ inputs }) {
    const access = inputs.in("vpcConfig", "endpointPublicAccess");
    const cidrs = inputs.in("vpcConfig", "publicAccessCidrs");
    if (access.flag === false) return;
    if (cidrs.unknown || cidrs.items().some(({ unknown }) => unknown))
      yield notInPlan(cidrs, "who reaches the API endpoint");
    else if (cidrs.items().length > 0 && !coversInternet(validCidrs(cidrs.texts()))) return;
    else if (access.unknown) yield notInPlan(access, "whether the API endpoint is public");
    else yield fail(cidrs.absent ? access : cidrs, "its API endpoint is reachable from the whole internet");
  },
});
