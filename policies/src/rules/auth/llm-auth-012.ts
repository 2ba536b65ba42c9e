import { families, union } from "../../rule/families";
import { fail } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

export const llmAuth012 = resourceRule({
  id: "LLM-AUTH-012",
  title: "No users and access keys: identities are roles",
  word: "SHOULD",
  source: ["SEC-R13"],
  looksAt: "IAM users, their login profiles and access keys",
  remedy: "use a role with a workload identity or federation",
  controls: "identity",
  anchors: ["CKV_AWS_273", "IAM.2", "IAM.3"],
  doc: "An access key is a password that does not expire, and one that the program makes lies in its state.",
  types: union(families.iamUser, families.iamRole),
  *check({ resource }) {
    if (families.iamRole.has(resource.type)) return;
    yield fail(
      "",
      families.accessKey.has(resource.type)
        ? "an access key does not expire and lies in the state"
        : "a user holds credentials that do not expire",
    );
  },
});
