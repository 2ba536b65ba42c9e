import type { PropertyValue } from "../graph/property-value";
import type { ExampleResource } from "../rule/rule-example";

type Fields = Readonly<Record<string, PropertyValue>>;

/** A Deployment with one container that is as it should be, and what an example changes about the container and the pod. */
export function pod(container: Fields = {}, spec: Fields = {}): ExampleResource {
  const good: Fields = {
    name: "engine",
    image:
      "registry.bank.example:5000/vllm/vllm-openai@sha256:3c3e5053e0eac3292073904723428fac6f969d8c950f141fde943a176c6e29fd",
    securityContext: {
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    },
    resources: { requests: { cpu: "4", memory: "16Gi" }, limits: { memory: "16Gi", "nvidia.com/gpu": "1" } },
    startupProbe: { httpGet: { path: "/health", port: 8000 }, failureThreshold: 60, periodSeconds: 30 },
    readinessProbe: { httpGet: { path: "/health", port: 8000 } },
    livenessProbe: { httpGet: { path: "/health", port: 8000 } },
  };
  return {
    type: "kubernetes:apps/v1:Deployment",
    name: "engine",
    inputs: { spec: { template: { spec: { containers: [{ ...good, ...container }], ...spec } } } },
  };
}

/** Where the container of `pod` stands. */
export const containerPath = "spec.template.spec.containers[0]";
