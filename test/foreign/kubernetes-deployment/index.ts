import * as k8s from "@pulumi/kubernetes";

const labels = { app: "vllm" };

const ns = new k8s.core.v1.Namespace("llm", { metadata: { name: "llm" } });

new k8s.apps.v1.Deployment("vllm", {
  metadata: { namespace: ns.metadata.name },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        containers: [
          {
            name: "vllm",
            image: "vllm/vllm-openai:latest",
            args: ["--model", "mistralai/Mistral-7B-Instruct-v0.3", "--api-key", "token-abc123"],
            ports: [{ containerPort: 8000 }],
            resources: { limits: { "nvidia.com/gpu": "1" } },
          },
        ],
      },
    },
  },
});

const service = new k8s.core.v1.Service("vllm", {
  metadata: { namespace: ns.metadata.name },
  spec: { type: "LoadBalancer", selector: labels, ports: [{ port: 80, targetPort: 8000 }] },
});

export const ip = service.status.loadBalancer.ingress[0]?.ip;
