import { families, union } from "../../rule/families";
import { fail, notInPlan, type Outcome } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import type { Value } from "../../rule/value";
import { workloadsOf, workloadTypes, type Workload } from "../../workloads/workload";
import { isPlaceholder } from "../secret-shapes";

const charts = new Set(["kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v3:Chart", "kubernetes:helm.sh/v4:Chart"]);

export const llmAuth004 = resourceRule({
  id: "LLM-AUTH-004",
  title: "Grafana needs a login that is not its default",
  word: "MUST",
  source: ["SEC-R20"],
  looksAt:
    "anonymous access, sign-up and the administrator's password of Grafana in containers, pods, hosts, Helm values and managed workspaces",
  remedy:
    "switch anonymous access and sign-up off, and read the administrator's password from a secret (GF_SECURITY_ADMIN_PASSWORD__FILE)",
  controls: "identity",
  anchors: ["C-0090"],
  doc: "A dashboard of an inference platform shows who uses which model and when.",
  types: union(workloadTypes, families.grafanaWorkspace, charts),
  applies: ({ resource, inputs }) =>
    families.grafanaWorkspace.has(resource.type) ||
    (charts.has(resource.type) && grafanaValues(inputs).length > 0) ||
    workloadsOf(resource).some(isGrafana),
  *check({ resource, inputs }) {
    if (families.grafanaWorkspace.has(resource.type)) {
      const providers = inputs.at("authenticationProviders");
      if (providers.unknown) yield notInPlan(providers, "who may sign in");
      else if (providers.items().length === 0) yield fail(providers, "names no way to sign in");
    }
    for (const values of charts.has(resource.type) ? grafanaValues(inputs) : []) yield* judgeValues(values);
    for (const workload of workloadsOf(resource).filter(isGrafana)) yield* judgeEnvironment(workload);
  },
});

function isGrafana({ image, environment }: Workload): boolean {
  return (
    /(^|\/)grafana(-enterprise|-oss)?([:@]|$)/.test(image.text ?? "") ||
    environment.some(({ name }) => name.startsWith("GF_"))
  );
}

function* judgeEnvironment({ environment }: Workload): Generator<Outcome> {
  for (const { name, value } of environment) {
    if (value === undefined) continue;
    const on = value.flag === true || value.text === "1";
    if (name === "GF_AUTH_ANONYMOUS_ENABLED" && on) yield fail(value, "lets everyone in without a login");
    else if (name === "GF_USERS_ALLOW_SIGN_UP" && on) yield fail(value, "lets everyone sign up");
    else if (name === "GF_AUTH_DISABLE_LOGIN_FORM" || name === "GF_AUTH_BASIC_ENABLED") continue;
    else if (name === "GF_SECURITY_ADMIN_PASSWORD" && value.text !== undefined && isPlaceholder(value.text))
      yield fail(value, "the administrator's password is a default");
    else if (/^GF_(AUTH_ANONYMOUS_ENABLED|USERS_ALLOW_SIGN_UP)$/.test(name) && value.unknown)
      yield notInPlan(value, "whether everyone gets in");
  }
}

function* judgeValues(values: Value): Generator<Outcome> {
  const password = values.at("adminPassword");
  if (password.text !== undefined)
    yield fail(
      password,
      isPlaceholder(password.text)
        ? "the administrator's password is a default"
        : "the administrator's password stands in the program",
    );
  const anonymous = values.in("grafana.ini", "auth.anonymous", "enabled");
  if (anonymous.flag === true) yield fail(anonymous, "lets everyone in without a login");
  if (anonymous.unknown) yield notInPlan(anonymous, "whether everyone gets in");
  const signUp = values.in("grafana.ini", "users", "allow_sign_up");
  if (signUp.flag === true) yield fail(signUp, "lets everyone sign up");
}

/** The values of Grafana in a chart of its own, or of one that brings it along. */
function grafanaValues(inputs: Value): readonly Value[] {
  const values = inputs.at("values");
  return [...(inputs.at("chart").text?.includes("grafana") === true ? [values] : []), values.at("grafana")].filter(
    (value) => value.map !== undefined,
  );
}
