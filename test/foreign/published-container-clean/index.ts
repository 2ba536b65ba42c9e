import * as docker from "@pulumi/docker";

const engine = "vllm/vllm-openai:v0.32.0@sha256:3c3e5053e0eac3292073904723428fac6f969d8c950f141fde943a176c6e29fd";
const image = new docker.RemoteImage("vllm", { name: engine });

new docker.Container(
  "vllm",
  {
    image: engine,
    gpus: "all",
    command: [
      ...["--model", "/models/qwen2.5-7b-instruct", "--load-format", "safetensors"],
      ...["--max-model-len", "8192", "--max-num-seqs", "64"],
      ...["--allowed-origins", '["https://llm.example.internal"]', "--disable-fastapi-docs"],
    ],
    envs: ["VLLM_NO_USAGE_STATS=1", "DO_NOT_TRACK=1", "HF_HUB_OFFLINE=1"],
    ports: [{ internal: 8000, external: 8000, ip: "127.0.0.1" }],
    mounts: [{ type: "bind", source: "/srv/models", target: "/models", readOnly: true }],
    user: "10001:10001",
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    readOnly: true,
    shmSize: 8192,
    memory: 65536,
    restart: "unless-stopped",
  },
  { dependsOn: image },
);
