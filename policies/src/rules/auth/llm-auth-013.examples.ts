import { unknownValue } from "../../graph/property-value";
import type { ExampleValue, RuleExamples } from "../../rule/rule-example";

const role = (rule: ExampleValue) => ({
  type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
  name: "role",
  inputs: { rules: [rule] },
});
const binding = (name: string) => ({
  type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
  name: "binding",
  inputs: { roleRef: { kind: "ClusterRole", name } },
});

export const llmAuth013Examples: RuleExamples = {
  rule: "LLM-AUTH-013",
  pass: [
    {
      name: "one action on pods",
      resources: [role({ apiGroups: [""], resources: ["pods"], verbs: ["get"] })],
      expect: [],
    },
    {
      name: "one secret by name",
      resources: [
        role({ apiGroups: [""], resources: ["secrets"], resourceNames: ["hub"], verbs: ["get"] }),
        binding("view"),
      ],
      expect: [],
    },
  ],
  fail: [
    {
      name: "everything",
      resources: [role({ apiGroups: ["*"], resources: ["*"], verbs: ["*"] })],
      expect: ["fail role rules[0].verbs", "fail role rules[0].resources"],
    },
    {
      name: "all secrets",
      resources: [role({ apiGroups: [""], resources: ["secrets"], verbs: ["get", "list"] })],
      expect: ["fail role rules[0].verbs"],
    },
    { name: "cluster-admin", resources: [binding("cluster-admin")], expect: ["fail binding roleRef.name"] },
  ],
  undetermined: [
    { name: "an unknown role", resources: [binding(unknownValue)], expect: ["undetermined binding roleRef.name"] },
  ],
};
