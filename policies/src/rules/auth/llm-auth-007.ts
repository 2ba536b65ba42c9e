import { families, union } from "../../rule/families";
import { demand, fail } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

export const llmAuth007 = resourceRule({
  id: "LLM-AUTH-007",
  title: "Access to the Kubernetes API is given by access entries, to nobody for ever",
  word: "SHOULD",
  source: ["SEC-R21"],
  looksAt:
    "the authentication mode of EKS clusters, the creator's administrator rights, and cluster-wide administrator associations",
  remedy:
    "set accessConfig.authenticationMode to API and bootstrapClusterCreatorAdminPermissions to false; give administrators a namespace or a narrower policy",
  controls: "identity",
  anchors: ["C-0285"],
  doc: "Whoever made the cluster stays its administrator unless the program says otherwise, and the old config map leaves no audit trail.",
  types: union(families.kubernetesCluster, families.accessPolicyAssociation),
  *check({ resource, inputs }) {
    if (families.accessPolicyAssociation.has(resource.type)) {
      const policy = inputs.at("policyArn");
      yield* demand(policy, {
        holds: ({ text }) =>
          !(
            text?.endsWith("/AmazonEKSClusterAdminPolicy") === true &&
            inputs.in("accessScope", "type").text === "cluster"
          ),
        failure: "makes a principal administrator of the whole cluster",
        question: "what it grants",
      });
      return;
    }
    const mode = inputs.in("accessConfig", "authenticationMode");
    yield* demand(mode, {
      holds: ({ text }) => text === "API" || text === "API_AND_CONFIG_MAP",
      failure: "uses only the old config map",
      absent: "does not name an authentication mode, so access may come from the old config map",
      question: "how access is given",
    });
    const creator = inputs.in("accessConfig", "bootstrapClusterCreatorAdminPermissions");
    if (creator.flag !== false && !creator.unknown)
      yield fail(creator, "whoever makes the cluster stays its administrator");
  },
});
