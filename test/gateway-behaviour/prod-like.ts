import type { GatewayFleet, GatewayPolicy } from "@holdfast/gateway";

const chat: GatewayFleet = {
  fleetName: "chat",
  modelId: "llama-3.1-70b-instruct",
  servedModelName: "chat",
  task: "generate",
  engine: "vllm",
  engineVersion: "0.32.0",
  dnsName: "chat.llm.internal",
  port: 8000,
  replicasPerHost: 1,
  hosts: 3,
  rotationNoticeSeconds: 8,
  tls: true,
  dataClass: "restricted",
  replicas: 3,
  maxConcurrencyPerReplica: 64,
  gpusPerReplica: 4,
  usdPerHour: 30,
  workload: { promptTokens: 2000, outputTokens: 400, requestsPerSecond: 4, ttftSeconds: 2, tpotMs: 50 },
};

/** Fleets like those of a production environment. */
export const prodLikeFleets: readonly GatewayFleet[] = [
  chat,
  {
    ...chat,
    fleetName: "code",
    servedModelName: "code",
    dnsName: "code.llm.internal",
    dataClass: "confidential",
    replicasPerHost: 2,
    hosts: 1,
    replicas: 2,
  },
  {
    ...chat,
    fleetName: "analysis",
    servedModelName: "analysis",
    dnsName: "analysis.llm.internal",
    workload: { promptTokens: 8000, outputTokens: 1000, requestsPerSecond: 1 },
  },
  {
    ...chat,
    fleetName: "embed",
    servedModelName: "embed",
    dnsName: "embed.llm.internal",
    task: "embed",
    workload: { promptTokens: 500, outputTokens: 0, requestsPerSecond: 20, ttftSeconds: 0.5 },
  },
];

/** A policy like that of a production environment: mutual TLS, three clients in two tiers. */
export const prodLikePolicy: GatewayPolicy = {
  hostName: "llm.bank.example",
  tiers: {
    premium: { requestsPerMinute: 60_000, concurrentRequests: 400, priority: -10 },
    basic: { requestsPerMinute: 12, concurrentRequests: 16, maxOutputTokens: 4096 },
  },
  clients: {
    assistant: {
      tier: "premium",
      models: ["chat", "embed"],
      dataClass: "restricted",
      sources: ["10.10.0.0/16", "10.20.0.0/16"],
    },
    developers: { tier: "basic", models: ["code"], dataClass: "confidential" },
    reports: {
      tier: "basic",
      models: ["analysis", "chat"],
      dataClass: "internal",
      keyRef: "reports-2026",
      certificateSubject: "CN=reports,O=Example Bank,C=DE",
    },
  },
  limits: { bodyBytes: 200_000, connectionsPerSource: 100, newConnectionsPerSource: 60_000 },
};
