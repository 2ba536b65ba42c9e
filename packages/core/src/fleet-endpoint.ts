import type { DataClass, EngineKind, ModelTask } from "./vocabulary";

/** What a fleet must carry. Percentiles are over requests. */
export interface Workload {
  /** 95th percentile of prompt tokens. */
  readonly promptTokens: number;
  /** 95th percentile of output tokens; 0 for embeddings and reranking. */
  readonly outputTokens: number;
  readonly requestsPerSecond: number;
  /** Time to first token, seconds, at the 95th percentile. Absent: no target (batch). */
  readonly ttftSeconds?: number;
  /** Time per output token, milliseconds, at the 95th percentile. Absent: no target (batch). */
  readonly tpotMs?: number;
}

/** The plain facts about a fleet that a gateway and a monitoring stack need. Known at plan time. */
export interface FleetEndpoint {
  /** The fleet's name, unique in the environment. */
  readonly fleetName: string;
  /** Model id in the catalogue. */
  readonly modelId: string;
  /** The name clients put into `model`. */
  readonly servedModelName: string;
  readonly task: ModelTask;
  readonly engine: EngineKind;
  readonly engineVersion: string;
  /** DNS name that resolves to every engine in rotation. */
  readonly dnsName: string;
  readonly port: number;
  readonly dataClass: DataClass;
  readonly replicas: number;
  /** Sequences one replica runs at once. */
  readonly maxConcurrencyPerReplica: number;
  readonly gpusPerReplica: number;
  /** Whole-fleet price per hour, US dollars. */
  readonly usdPerHour: number;
  readonly workload: Workload;
}
