import { families, union } from "../../rule/families";
import { fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

export const llmAuth013 = resourceRule({
  id: "LLM-AUTH-013",
  title: "Kubernetes roles name what they allow, and nobody is administrator of everything",
  word: "SHOULD",
  source: ["SEC-R21"],
  looksAt: "the verbs, resources and groups of roles, and bindings to cluster-admin",
  remedy: "name the verbs and resources, and bind the role in one namespace",
  controls: "identity",
  anchors: ["CKV_K8S_49", "KSV-0041", "KSV-0046", "C-0185"],
  doc: "A role that may list secrets reads every secret of its scope, so that counts like a wildcard.",
  types: union(families.role, families.roleBinding),
  *check({ resource, inputs }) {
    if (families.roleBinding.has(resource.type)) {
      const name = inputs.in("roleRef", "name");
      if (name.text === "cluster-admin") yield fail(name, "makes its subjects administrators");
      if (name.unknown) yield notInPlan(name, "which role it gives");
      return;
    }
    for (const rule of inputs.at("rules").items()) {
      for (const key of ["verbs", "resources", "apiGroups"]) {
        if (rule.at(key).partlyUnknown) yield notInPlan(rule.at(key), "what it allows");
        if (key !== "apiGroups" && rule.at(key).texts().includes("*"))
          yield fail(rule.at(key), key === "verbs" ? "allows every action" : "allows every kind of resource");
      }
      if (
        rule.at("resources").texts().includes("secrets") &&
        rule.at("resourceNames").items().length === 0 &&
        rule
          .at("verbs")
          .texts()
          .some((verb) => ["list", "watch"].includes(verb))
      )
        yield fail(rule.at("verbs"), "may list every secret");
    }
  },
});
