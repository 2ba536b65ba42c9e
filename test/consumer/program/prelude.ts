// What the examples in the READMEs take as given.
import { HostConfigBucket } from "@holdfast/compute";
import type { HostFile } from "@holdfast/core";
import { Gateway } from "@holdfast/gateway";
import { PrivateNetwork } from "@holdfast/network";
import { ModelFleet } from "@holdfast/serving";
import { createManifest, ModelStore, type ModelDescription } from "@holdfast/storage";
import * as aws from "@pulumi/aws";

const region = "eu-central-1";

export const network = new PrivateNetwork("given-network", {
  region,
  cidr: "10.90.0.0/16",
  zones: ["euc1-az1", "euc1-az2"],
  clients: [{ name: "office", cidr: "10.10.0.0/16" }],
});
export const config = new HostConfigBucket("given-config", { region });
export const models = new ModelStore("given-models", { region });
export const engineKey = new aws.secretsmanager.Secret("given-engine-key", {});
export const engineCertificate = new aws.secretsmanager.Secret("given-engine-certificate", {});
export const engineCa = new aws.secretsmanager.Secret("given-engine-ca", {});
export const gatewayCertificate = new aws.secretsmanager.Secret("given-certificate", {});
export const clientCa = new aws.secretsmanager.Secret("given-client-ca", {});
export const apiKeys = new aws.secretsmanager.Secret("given-api-keys", {});
export const certificateSecretArn = gatewayCertificate.arn;
export const clientCaSecretArn = clientCa.arn;
export const apiKeysSecretArn = apiKeys.arn;
export const files: HostFile[] = [];

export const chat = new ModelFleet("given-chat", {
  network,
  store: models,
  config,
  fleet: "chat",
  model: "qwen2.5-7b-instruct",
  release: {
    version: "2026-11-01",
    manifestSha256: "1aaafd30a06a03232e4cbe8daf23b239baddd3d04aeebdadbe50ada39805a523",
  },
  workload: { promptTokens: 1000, outputTokens: 200, requestsPerSecond: 0.5, ttftSeconds: 3, tpotMs: 80 },
  engine: {
    version: "0.32.0",
    image: `111122223333.dkr.ecr.${region}.amazonaws.com/vllm@sha256:${"3c3e5053".repeat(8)}`,
  },
  dataClass: "restricted",
  apiKeySecretArn: engineKey.arn,
  tls: { certificateSecretArn: engineCertificate.arn, caSecretArn: engineCa.arn },
});
export const edge = new Gateway("given-edge", {
  network,
  config,
  fleets: [chat],
  longestResponse: "10 minutes",
  image: { parameter: "/golden/gateway", version: 7 },
  tls: { certificateSecretArn, clientCaSecretArn: clientCa.arn },
  apiKeysSecretArn: apiKeys.arn,
  policy: {
    hostName: "llm.bank.example",
    tiers: { standard: { requestsPerMinute: 120, concurrentRequests: 8 } },
    clients: { advisers: { tier: "standard", models: ["chat"], dataClass: "confidential" } },
  },
});

export const description = {} as ModelDescription;
export const manifest = createManifest(
  {
    model: "llama-3.1-8b-instruct",
    version: "1.0",
    format: "bf16",
    container: "safetensors",
    license: { name: "Llama 3.1 Community License" },
    provenance: {
      source: "https://huggingface.co/meta-llama/Llama-3.1-8B-Instruct",
      revision: "0e9e39f249a16976918f6564b8830bc894c89659",
      retrieved: "2026-11-03",
      createdBy: "ops-team",
    },
    approval: { status: "approved", approvedBy: "security-team", approvedOn: "2026-11-10" },
  },
  [
    { path: "config.json", bytes: 855, sha256: "1aaafd30".repeat(8) },
    { path: "model.safetensors", bytes: 16_060_556_376, sha256: "3c3e5053".repeat(8) },
  ],
);
export const text = JSON.stringify({ resources: [] });
export const waivers = [];
