import type { GatewayFleet, HaproxySpec } from "./haproxy-spec";

/** A fleet for tests. */
export function sampleFleet(fleetName: string, changes: Partial<GatewayFleet> = {}): GatewayFleet {
  return {
    fleetName,
    modelId: "llama-3.1-70b-instruct",
    servedModelName: fleetName,
    task: "generate",
    engine: "vllm",
    engineVersion: "0.32.0",
    dnsName: `${fleetName}.llm.internal`,
    port: 8000,
    replicasPerHost: 1,
    hosts: 3,
    rotationNoticeSeconds: 30,
    tls: true,
    dataClass: "restricted",
    replicas: 3,
    maxConcurrencyPerReplica: 32,
    gpusPerReplica: 1,
    usdPerHour: 4,
    workload: { promptTokens: 2000, outputTokens: 400, requestsPerSecond: 4, ttftSeconds: 2, tpotMs: 50 },
    ...changes,
  };
}

/** A gateway like that of a production environment, for tests: three clients in two tiers, four fleets, mutual TLS. */
export function sampleSpec(changes: Partial<HaproxySpec> = {}): HaproxySpec {
  return {
    policy: {
      hostName: "llm.bank.example",
      tiers: {
        premium: { requestsPerMinute: 6000, concurrentRequests: 400, priority: -10 },
        basic: { requestsPerMinute: 5, concurrentRequests: 4, maxOutputTokens: 4096 },
      },
      clients: {
        assistant: { tier: "premium", models: ["chat", "embed"], dataClass: "restricted" },
        developers: { tier: "basic", models: ["code"], dataClass: "confidential" },
        reports: {
          tier: "premium",
          models: ["analysis", "chat"],
          dataClass: "internal",
          keyRef: "reports-2026",
          certificateSubject: "CN=reports,O=Example Bank,C=DE",
        },
      },
      limits: { bodyBytes: 200_000 },
    },
    fleets: [
      sampleFleet("chat"),
      sampleFleet("code", { replicasPerHost: 2, replicas: 6, dataClass: "confidential" }),
      sampleFleet("analysis", { workload: { promptTokens: 8000, outputTokens: 1000, requestsPerSecond: 1 } }),
      sampleFleet("embed", {
        task: "embed",
        workload: { promptTokens: 500, outputTokens: 0, requestsPerSecond: 20, ttftSeconds: 0.5 },
      }),
    ],
    longestResponseSeconds: 600,
    hosts: 2,
    ...changes,
  };
}
