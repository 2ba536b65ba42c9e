import { families } from "../../rule/families";
import { fail, notInPlan, undetermined } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import { isBounded, readPolicy, type PolicyStatement } from "../policy-document";

export const llmAuth011 = resourceRule({
  id: "LLM-AUTH-011",
  title: "Roles are trusted to named principals only",
  word: "MUST",
  source: ["SEC-R13"],
  looksAt: "the trust policy of every role: everyone, and identity providers without a subject",
  remedy: "name the account, role or service; for an identity provider add a condition on its subject and audience",
  controls: "identity",
  anchors: ["CKV_AWS_60", "CKV_AWS_61", "CKV_AWS_358"],
  doc: "A provider such as GitHub or an EKS cluster signs for all of its users; without a condition on the subject each of them may take the role.",
  types: families.iamRole,
  *check({ inputs }) {
    const property = inputs.at("assumeRolePolicy");
    const policy = readPolicy(property);
    if (policy.state === "unknown") yield notInPlan(property, "who may take the role");
    if (policy.state === "malformed")
      yield undetermined(property, "is not a policy document, so who may take the role cannot be told");
    if (policy.state !== "known") return;
    for (const statement of policy.statements.filter(({ allow }) => allow)) {
      const everyone =
        statement.hasNotPrincipal ||
        statement.principals.some((principal) => principal === "*" || principal === "AWS:*");
      if (everyone && !isBounded(statement)) yield fail(property, "everyone may take the role");
      if (
        statement.principals.some((principal) => principal.startsWith("Federated:")) &&
        statement.actions.includes("sts:AssumeRoleWithWebIdentity") &&
        !namesSubject(statement)
      ) {
        if (statement.partlyUnknown)
          yield undetermined(
            property,
            "a condition is known only after deployment, so who may take the role cannot be told",
          );
        else yield fail(property, "everyone whom the identity provider signs for may take the role");
      }
    }
  },
});

function namesSubject({ conditions }: PolicyStatement): boolean {
  return conditions.some(
    ({ operator, key, values }) =>
      /^string(equals|like)/i.test(operator) &&
      key.endsWith(":sub") &&
      values.length > 0 &&
      !values.some((value) => /^\*+$/.test(value)),
  );
}
