import * as docker from "@pulumi/docker";

const image = new docker.RemoteImage("vllm", { name: "vllm/vllm-openai:latest" });

new docker.Container("vllm", {
  image: image.imageId,
  gpus: "all",
  command: ["--model", "Qwen/Qwen2.5-7B-Instruct"],
  ports: [{ internal: 8000, external: 8000 }],
  ipcMode: "host",
  restart: "unless-stopped",
});
