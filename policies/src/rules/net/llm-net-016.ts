import { families, union } from "../../rule/families";
import { fail, notInPlan, undetermined } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import { isBounded, readPolicy } from "../policy-document";

const others = new Set([
  "aws:sqs/queuePolicy:QueuePolicy",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:secretsmanager/secretPolicy:SecretPolicy",
  "aws:ecr/repositoryPolicy:RepositoryPolicy",
  "aws:efs/fileSystemPolicy:FileSystemPolicy",
  "aws:backup/vaultPolicy:VaultPolicy",
]);
const inline = union(families.bucket, families.queue, families.topic, families.secret);

export const llmNet016 = resourceRule({
  id: "LLM-NET-016",
  title: "No resource policy lets everyone in",
  word: "MUST",
  source: ["POL-R03"],
  looksAt:
    "the policies of buckets, queues, topics, secrets, registries, file systems and backup vaults: Allow statements whose principal is everyone",
  remedy:
    "name the roles that may act, or bound the statement with aws:PrincipalOrgID, aws:SourceVpce or another condition of that kind",
  controls: "exposure",
  owasp: ["LLM02"],
  anchors: ["CKV_AWS_70", "CKV2_AWS_43", "S3.6"],
  doc: "A statement for everyone counts as bounded only by a condition that a stranger cannot meet: an organisation, an account, a VPC, an endpoint, a network. A policy text that mixes in an ARN is unknown as a whole until the ARN exists; the verdict then falls at deployment, before the policy is put in place.",
  types: union(families.bucketPolicy, inline, others),
  applies: ({ resource, inputs }) => !inline.has(resource.type) || !inputs.at("policy").absent,
  *check({ inputs }) {
    const property = inputs.at("policy");
    const policy = readPolicy(property);
    if (policy.state === "unknown") yield notInPlan(property, "whether it lets everyone in");
    if (policy.state === "malformed")
      yield undetermined(property, "is not a policy document, so whom it lets in cannot be told");
    if (policy.state !== "known") return;
    for (const statement of policy.statements) {
      const everyone =
        statement.hasNotPrincipal ||
        statement.principals.some((principal) => principal === "*" || principal === "AWS:*");
      if (!statement.allow || !everyone || isBounded(statement)) continue;
      if (statement.conditions.length === 0 && statement.partlyUnknown)
        yield undetermined(property, "a statement for everyone has a part that is known only after deployment");
      else
        yield fail(
          property,
          `a statement lets everyone do ${[...statement.actions, ...statement.notActions.map((action) => `all but ${action}`)].join(", ") || "everything"}`,
        );
    }
  },
});
