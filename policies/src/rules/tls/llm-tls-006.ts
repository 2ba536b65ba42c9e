import { families } from "../../rule/families";
import { fail, undetermined } from "../../rule/outcome";
import { graphRule } from "../../rule/rule";
import { Value } from "../../rule/value";
import { bucketParts } from "../buckets";
import { readPolicy, type PolicyStatement } from "../policy-document";

export const llmTls006 = graphRule({
  id: "LLM-TLS-006",
  title: "Every bucket refuses requests without TLS",
  word: "MUST",
  source: ["POL-R01", "SEC-R02"],
  looksAt:
    "each bucket's policy: a Deny for everyone when aws:SecureTransport is false, on the bucket and on its objects",
  remedy:
    "add a statement with Effect Deny, Principal *, Action s3:*, both the bucket's ARN and its ARN followed by /*, and the condition Bool aws:SecureTransport false",
  controls: "transit",
  anchors: ["CKV_AWS_379", "S3.5"],
  doc: "Amazon S3 answers plain HTTP unless the bucket's policy refuses it. The statement has to name everyone, the bucket and its objects, or a part stays open. While ARNs are unknown, two or more that come from this bucket alone are taken to be the bucket and its objects; at deployment they are known and judged. A policy given as a text is unknown as a whole until its ARNs exist, so give it as an object.",
  types: families.bucket,
  *check({ resource, inputs, shared, graph }) {
    const policies = shared(bucketParts)(resource).policies;
    const all = [
      ...policies.map((policy) => ({ resource: policy, value: Value.inputsOf(policy).at("policy") })),
      { resource, value: inputs.at("policy") },
    ].filter(({ value }) => !value.absent);
    const readings = all.map(({ value }) => readPolicy(value));
    const refuses = readings.some((reading, index) => {
      const part = all[index]?.resource;
      const sources = part === undefined ? [] : graph.references(part, "policy", families.bucket).resources;
      const own = sources.length === 1 && sources[0] === resource;
      return reading.state === "known" && reading.statements.some((statement) => refusesPlainText(statement, own));
    });
    if (refuses) return;
    const open =
      all[
        readings.findIndex(
          (reading) =>
            reading.state === "unknown" ||
            reading.state === "malformed" ||
            (reading.state === "known" && reading.statements.some(({ partlyUnknown }) => partlyUnknown)),
        )
      ];
    if (open !== undefined)
      yield undetermined(
        open.value,
        "the policy is known only after deployment, so whether it refuses plain HTTP cannot be told",
        open.resource,
      );
    else
      yield fail(
        all.length === 0 ? "" : "policy",
        all.length === 0
          ? "has no policy, so it answers plain HTTP"
          : "its policy does not refuse plain HTTP for everyone, on the bucket and its objects",
      );
  },
});

/** `own`: what is unknown in the policy comes from the bucket itself. */
function refusesPlainText(statement: PolicyStatement, own: boolean): boolean {
  const { allow, principals, actions, resources, unknownResources, conditions } = statement;
  const everyone = principals.some((principal) => principal === "*" || principal === "AWS:*");
  const everything = actions.some((action) => action === "*" || action === "s3:*");
  const wide =
    resources.includes("*") ||
    (own && unknownResources >= 2) ||
    (resources.some((arn) => arn.endsWith("/*")) && resources.some((arn) => !arn.endsWith("/*")));
  const [condition] = conditions;
  // A second condition would narrow the statement.
  return (
    !allow &&
    everyone &&
    everything &&
    wide &&
    conditions.length === 1 &&
    condition?.operator.toLowerCase().replace("ifexists", "") === "bool" &&
    condition.key === "aws:securetransport" &&
    condition.values.includes("false")
  );
}
