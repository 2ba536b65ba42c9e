import { z } from "zod";
import { families, union } from "../../rule/families";
import { fail, notInPlan, undetermined, type Outcome } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import type { Value } from "../../rule/value";
import { isBounded, readPolicy, type PolicyStatement } from "../policy-document";
import { escalating, isServiceWide, resourcelessActions } from "../wildcard-actions";

const administrators = /:(aws:)?policy\/(job-function\/)?(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;

export const llmAuth009 = resourceRule({
  id: "LLM-AUTH-009",
  title: "Roles may do what their job needs and no more",
  word: "MUST",
  source: ["SEC-R13"],
  looksAt: "the statements of identity policies, inline policies of roles, and attached managed policies",
  remedy: "name the actions and the resources; for what cannot be narrowed, bound the statement with a condition",
  controls: "identity",
  owasp: ["LLM03"],
  anchors: [
    "CKV_AWS_62",
    "CKV_AWS_63",
    "CKV_AWS_286",
    "CKV_AWS_287",
    "CKV_AWS_288",
    "CKV_AWS_289",
    "CKV_AWS_290",
    "CKV_AWS_355",
    "CKV_AWS_356",
    "AWS-0342",
    "IAM.1",
    "IAM.21",
  ],
  doc: "Violations are: every action, every action of a service, actions that lead to more power on every resource, and writing actions on every resource. Reading actions that AWS can grant on every resource only are let through; that list is data. A policy text that mixes in an ARN is unknown as a whole until the ARN exists.",
  types: union(families.iamPolicy, families.iamRole, families.iamAttachment),
  config: z.strictObject({
    /** Actions that may be granted on every resource besides those that AWS cannot narrow, for example `autoscaling:SetInstanceHealth`. */
    allowedOnEverything: z.array(z.string()).default([]),
  }),
  *check({ resource, inputs, config }) {
    if (families.iamAttachment.has(resource.type)) {
      for (const arn of [inputs.at("policyArn"), ...inputs.at("policyArns").items()]) yield* attached(arn);
    } else if (families.iamRole.has(resource.type)) {
      for (const arn of inputs.at("managedPolicyArns").items()) yield* attached(arn);
      for (const policy of inputs.at("inlinePolicies").items())
        yield* judge(policy.at("policy"), config.allowedOnEverything);
    } else yield* judge(inputs.at("policy"), config.allowedOnEverything);
  },
});

function* attached(arn: Value): Generator<Outcome> {
  if (arn.text !== undefined && administrators.test(arn.text))
    yield fail(arn, `attaches ${arn.text.slice(arn.text.lastIndexOf("/") + 1)}`);
}

function* judge(property: Value, allowed: readonly string[]): Generator<Outcome> {
  const policy = readPolicy(property);
  if (policy.state === "unknown") yield notInPlan(property, "what it allows");
  if (policy.state === "malformed")
    yield undetermined(property, "is not a policy document, so what it allows cannot be told");
  if (policy.state !== "known") return;
  for (const statement of policy.statements) {
    const problem = statement.allow ? excess(statement, allowed) : undefined;
    if (problem !== undefined) yield fail(property, problem);
  }
}

/** What is too much about an Allow statement. */
function excess(statement: PolicyStatement, allowed: readonly string[]): string | undefined {
  const everywhere = statement.resources.some((arn) => /^(\*|arn:[^:]*:\*(:\*)*)$/.test(arn));
  if (statement.notActions.length > 0) return `allows everything but ${statement.notActions.join(", ")}`;
  const every = statement.actions.find((action) => /^\*+$|^\*:\*$/.test(action));
  if (every !== undefined) return "allows every action";
  const service = statement.actions.find(isServiceWide);
  if (service !== undefined) return `allows every action of a service: ${service}`;
  if (!everywhere || isBounded(statement) || statement.conditions.length > 0) return undefined;
  const left = statement.actions.filter((action) => !allowed.includes(action));
  const powerful = left.find((action) => escalating.some((pattern) => pattern.test(action.toLowerCase())));
  if (powerful !== undefined) return `allows ${powerful} on every resource, with which it can gain more rights`;
  const wide = left.filter((action) => !resourcelessActions.some((pattern) => pattern.test(action.toLowerCase())));
  return wide.length > 0 ? `allows ${wide.join(", ")} on every resource` : undefined;
}
