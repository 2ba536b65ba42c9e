import { models } from "@holdfast/catalog";
import { paretoTable, predictConfiguration, sizeFleet, type FleetNeed } from "@holdfast/sizing";
import { median } from "./whole-process";

export interface SizingTiming {
  /** Search over every instance type, parallelism and number of replicas, the slowest model, warm. */
  readonly slowestSearchMs: number;
  readonly medianSearchMs: number;
  /** The table of cost against latency over three formats. */
  readonly paretoMs: number;
  readonly predictionMs: number;
}

const needOf = (model: string, outputTokens: number): FleetNeed => ({
  fleet: "bench",
  model,
  region: "us-east-1",
  minimumReplicas: 2,
  workload: { promptTokens: 2000, outputTokens, requestsPerSecond: 4, ttftSeconds: 3, tpotMs: 60 },
});

/** Times fleet searches for every model of the catalogue, each after two rounds of warming. */
export function timeSizing(rounds = 5): SizingTiming {
  const needs = models
    .filter((model) => model.contextTokens >= 2400)
    .map((model) => needOf(model.id, model.task === "generate" ? 400 : 0));
  const time = (work: () => unknown) => {
    const times: number[] = [];
    for (let round = 0; round < rounds + 2; round += 1) {
      const start = performance.now();
      work();
      if (round >= 2) times.push(performance.now() - start);
    }
    return median(times);
  };
  const searches = needs.map((need) => time(() => sizeFleet(need)));
  const configuration = { model: "qwen3-32b", gpu: "h100-sxm", promptTokens: 1024, outputTokens: 512, concurrency: 16 };
  const many = 200;
  return {
    slowestSearchMs: Math.max(...searches),
    medianSearchMs: median(searches),
    paretoMs: time(() => paretoTable(needOf("llama-3.1-70b-instruct", 400))),
    predictionMs: time(() => Array.from({ length: many }, () => predictConfiguration(configuration))) / many,
  };
}
