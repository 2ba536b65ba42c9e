import * as k8s from "@pulumi/kubernetes";

const labels = { app: "vllm" };
const engine = "vllm/vllm-openai:v0.32.0@sha256:3c3e5053e0eac3292073904723428fac6f969d8c950f141fde943a176c6e29fd";

const ns = new k8s.core.v1.Namespace("llm", {
  metadata: { name: "llm", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
});
const namespace = ns.metadata.name;

new k8s.networking.v1.NetworkPolicy("vllm", {
  metadata: { namespace },
  spec: {
    podSelector: { matchLabels: labels },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      { from: [{ podSelector: { matchLabels: { app: "gateway" } } }], ports: [{ protocol: "TCP", port: 8000 }] },
    ],
    egress: [],
  },
});

const health = { httpGet: { path: "/health", port: 8000 } };

new k8s.apps.v1.Deployment("vllm", {
  metadata: { namespace },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
        terminationGracePeriodSeconds: 660,
        containers: [
          {
            name: "vllm",
            image: engine,
            args: [
              ...["--model", "/models/mistral-7b-instruct-v0.3", "--load-format", "safetensors"],
              ...["--max-model-len", "8192", "--max-num-seqs", "64"],
              ...["--allowed-origins", '["https://llm.example.internal"]', "--disable-fastapi-docs"],
            ],
            env: [
              { name: "VLLM_API_KEY", valueFrom: { secretKeyRef: { name: "engine-key", key: "key" } } },
              { name: "VLLM_NO_USAGE_STATS", value: "1" },
              { name: "DO_NOT_TRACK", value: "1" },
              { name: "HF_HUB_OFFLINE", value: "1" },
            ],
            ports: [{ containerPort: 8000 }],
            resources: {
              requests: { cpu: "4", memory: "32Gi" },
              limits: { cpu: "8", memory: "32Gi", "nvidia.com/gpu": "1" },
            },
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ["ALL"] },
            },
            startupProbe: { ...health, periodSeconds: 10, failureThreshold: 60 },
            readinessProbe: { ...health, periodSeconds: 5 },
            livenessProbe: { ...health, periodSeconds: 10, failureThreshold: 6 },
            volumeMounts: [
              { name: "models", mountPath: "/models", readOnly: true },
              { name: "tmp", mountPath: "/tmp" },
            ],
          },
        ],
        volumes: [
          { name: "models", persistentVolumeClaim: { claimName: "models", readOnly: true } },
          { name: "tmp", emptyDir: {} },
        ],
      },
    },
  },
});

new k8s.core.v1.Service("vllm", {
  metadata: { namespace },
  spec: { type: "ClusterIP", selector: labels, ports: [{ port: 8000, targetPort: 8000 }] },
});
