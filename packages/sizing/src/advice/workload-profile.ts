import type { Workload } from "../fleet";

/** A kind of use with lengths and targets to start from. Assumptions, all of them: measure your own traffic and replace them. */
export interface WorkloadProfile {
  readonly name: string;
  readonly workload: Omit<Workload, "requestsPerSecond">;
  readonly batch: boolean;
  readonly source: string;
  readonly assumption: true;
}

const profile = (
  name: string,
  promptTokens: number,
  outputTokens: number,
  ttftSeconds: number | undefined,
  tpotMs: number | undefined,
): WorkloadProfile => ({
  name,
  workload: {
    promptTokens,
    outputTokens,
    ...(ttftSeconds === undefined ? {} : { ttftSeconds }),
    ...(tpotMs === undefined ? {} : { tpotMs }),
  },
  batch: ttftSeconds === undefined,
  source: "use cases of seed 002 (Model Recommendations); lengths and targets assumed",
  assumption: true,
});

export const workloadProfiles: readonly WorkloadProfile[] = [
  profile("code-generation", 2000, 800, 2, 40),
  profile("ide-completion", 1500, 60, 0.3, 25),
  profile("code-review", 6000, 800, 5, 60),
  profile("documentation-questions", 4000, 500, 2, 50),
  profile("chat", 2000, 400, 1, 50),
  profile("summarisation", 8000, 500, 5, 60),
  profile("batch", 2000, 500, undefined, undefined),
  profile("embeddings", 512, 0, 1, undefined),
  profile("ci", 1000, 200, 10, 200),
];

/** Classes of latency that the sources name, ms at the 99th percentile. */
export const latencyClasses = {
  production: { ms: 100, where: "first token on a GPU in production" },
  private: { ms: 50, where: "the network of the owner, without the model's own time" },
  internet: { ms: 500, where: "over the internet to a cloud" },
} as const;
