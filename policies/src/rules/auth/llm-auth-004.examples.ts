import { unknownValue, type PropertyValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { container } from "../engine-examples";

const image = "grafana/grafana:12.1.0";
const release = (grafana: Readonly<Record<string, PropertyValue>>) => ({
  type: "kubernetes:helm.sh/v3:Release",
  name: "stack",
  inputs: { chart: "kube-prometheus-stack", values: { grafana } },
});

export const llmAuth004Examples: RuleExamples = {
  rule: "LLM-AUTH-004",
  pass: [
    {
      name: "a container with its password in a file",
      resources: [
        container([], ["GF_SECURITY_ADMIN_PASSWORD__FILE=/run/secrets/p", "GF_AUTH_ANONYMOUS_ENABLED=false"], image),
      ],
      expect: [],
    },
    {
      name: "a managed workspace",
      resources: [
        { type: "aws:grafana/workspace:Workspace", name: "w", inputs: { authenticationProviders: ["AWS_SSO"] } },
      ],
      expect: [],
    },
    {
      name: "Helm values with a reference",
      resources: [release({ admin: { existingSecret: "grafana" } })],
      expect: [],
    },
  ],
  fail: [
    {
      name: "anonymous",
      resources: [container([], ["GF_AUTH_ANONYMOUS_ENABLED=true"], image)],
      expect: ["fail engine envs[0]"],
    },
    {
      name: "the default password",
      resources: [container([], ["GF_SECURITY_ADMIN_PASSWORD=admin"], image)],
      expect: ["fail engine envs[0]"],
    },
    {
      name: "Helm values",
      resources: [release({ adminPassword: "prom-operator", "grafana.ini": { "auth.anonymous": { enabled: true } } })],
      expect: [
        "fail stack values.grafana.adminPassword",
        "fail stack values.grafana.grafana.ini.auth.anonymous.enabled",
      ],
    },
  ],
  undetermined: [
    {
      name: "an unknown choice",
      resources: [
        { type: "aws:grafana/workspace:Workspace", name: "w", inputs: { authenticationProviders: unknownValue } },
      ],
      expect: ["undetermined w authenticationProviders"],
    },
  ],
};
