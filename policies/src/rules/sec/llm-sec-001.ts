import { families, union } from "../../rule/families";
import { fail, notInPlan, type Outcome } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import type { Value } from "../../rule/value";
import { workloadsOf, workloadTypes } from "../../workloads/workload";
import { holdsCredential, isLiteralSecret, isSecretName } from "../secret-shapes";

const types = union(workloadTypes, families.lambdaFunction);

export const llmSec001 = resourceRule({
  id: "LLM-SEC-001",
  title: "No environment variable holds a secret in clear",
  word: "MUST",
  source: ["POL-R17", "SEC-R07", "SEC-R12"],
  looksAt:
    "environment variables of pods, containers, tasks, functions and hosts whose name or value has the shape of a secret",
  remedy: "take the value from a secret store: valueFrom, secrets, or a file that the host fetches with its own role",
  controls: "secrets",
  owasp: ["LLM02"],
  anchors: ["CKV_AWS_45", "CKV_K8S_35", "CKV_AWS_336"],
  doc: "A variable is visible in the API of the platform, in crash reports and to every process of the host. Names such as MAX_TOKENS, TOKENIZER_PATH or API_KEY_FILE are no secrets, and neither are references such as ${NAME}, ARNs and paths. A Pulumi secret given as a plain variable counts: it is hidden in the state, and in clear where it runs.",
  types,
  applies: ({ resource, inputs }) => entriesOf(resource, inputs).length > 0,
  *check({ resource, inputs }) {
    for (const { name, value, place } of entriesOf(resource, inputs)) yield* judge(name, value, place);
  },
});

function* judge(name: string, value: Value | undefined, place: Value): Generator<Outcome> {
  if (value === undefined) return;
  if (value.secret) yield fail(place, `${name} holds a secret in clear where it runs`);
  else if (value.text !== undefined && holdsCredential(value.text))
    yield fail(place, `${name} holds what has the shape of a credential`);
  else if (!isSecretName(name)) return;
  else if (value.unknown) yield notInPlan(value, `whether ${name} holds a secret or a reference to one`);
  else if (value.text !== undefined && isLiteralSecret(value.text))
    yield fail(place, `${name} holds a secret in clear`);
}

function entriesOf(resource: Parameters<typeof workloadsOf>[0], inputs: Value) {
  if (!families.lambdaFunction.has(resource.type))
    return workloadsOf(resource).flatMap(({ environment }) => environment);
  return inputs
    .in("environment", "variables")
    .entries()
    .map(([name, value]) => ({ name, value, place: value }));
}
