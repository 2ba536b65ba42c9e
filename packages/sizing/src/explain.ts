import { capability, findGpu, hoursPerMonth, usableGiB } from "@holdfast/catalog";
import { plannedShare, type Candidate, type Requirement } from "./candidate";
import { kvBytesPerToken, pageTokens } from "./kv-cache";
import { onPremises } from "./own-server";
import { errorQuantiles } from "./time-constants";
import { group } from "./weights";

const round = (value: number, digits = 1) => value.toFixed(digits);

/** The arithmetic of a chosen configuration, one figure per sentence. */
export function explain(need: Requirement, chosen: Candidate): string[] {
  const { machine: m, budget, tensorParallel: tp, settings, times, instance, price } = chosen;
  const { workload } = need;
  const gpu = findGpu(instance.gpu);
  const shape = need.model.architecture;
  const perToken = kvBytesPerToken(shape, tp, m.kvFormat);
  const lines: string[] = [];
  lines.push(`weights: ${m.weights.arithmetic}; over ${tp} GPU${tp > 1 ? "s" : ""} ${round(budget.weights)} GiB each`);
  if (gpu) {
    const seen =
      gpu.cudaGiB === undefined
        ? `${round(gpu.reportedMiB / 1024, 2)} reported - 0.7`
        : `${gpu.cudaGiB} as CUDA reports`;
    lines.push(
      `memory: ${gpu.name} ${seen} = ${round(usableGiB(gpu), 2)} GiB x ${settings.gpuMemoryUtilization} utilisation = ${round(budget.available)} GiB per GPU`,
    );
  }
  const o = budget.overhead;
  lines.push(
    `overhead: ${round(o.activation, 2)} activation (${group(settings.maxNumBatchedTokens)} tokens a step) + ${round(o.sampler, 2)} sampler + ${round(o.experts, 2)} expert buffers + ${round(o.communication, 2)} communication + ${round(o.runtime, 2)} runtime and graphs = ${round(o.total)} GiB per GPU`,
  );
  if (shape.encoder) {
    lines.push("KV cache: none, an encoder keeps nothing between requests");
  } else {
    lines.push(
      `KV cache: ${round(budget.available)} - ${round(budget.weights)} - ${round(o.total)} = ${round(budget.kvCache)} GiB per GPU; ${group(Math.round(perToken))} bytes per token and GPU${shape.window ? `, ${shape.window.layers} of ${shape.layers} layers stop at ${group(shape.window.tokens)} tokens` : ""}; pages of ${pageTokens} tokens hold ${group(chosen.cacheSequences)} requests of ${group(workload.promptTokens + workload.outputTokens)} tokens`,
    );
  }
  lines.push(
    `context: up to ${group(settings.maxModelLen)} tokens a request (the model allows ${group(need.model.contextTokens)})`,
  );
  if (workload.outputTokens > 0) {
    lines.push(
      `concurrency: at most ${settings.maxNumSeqs} requests run at once on a replica${workload.tpotMs === undefined ? "" : ` so that a token takes at most ${workload.tpotMs} ms`}; beyond that they queue`,
    );
    lines.push(
      `load: ${workload.requestsPerSecond} requests/s; one replica sustains ${round(chosen.replicaRate, 2)} (within targets, at most ${plannedShare * 100} % of its throughput), so ${chosen.needed} carry it`,
    );
    const errors = errorQuantiles[shape.experts ? "mixture" : "dense"];
    const measured = ["h100", "h200", "b200", "b300"].includes(gpu?.gpuClass ?? "")
      ? errors
      : errorQuantiles.unmeasured;
    const span = (seconds: number, [low, high]: readonly [number, number]) =>
      `${Math.round(seconds * 1000)} ms (${Math.round(seconds * 1000 * low)} to ${Math.round(seconds * 1000 * high)})`;
    lines.push(
      `time at the 95th percentile, with 90 % intervals from held-out measurements: first token ${span(times.ttft, measured.ttft)}, each token ${span(times.tpot, measured.tpot)}`,
    );
    lines.push(
      `Little's law: ${round(workload.requestsPerSecond / chosen.replicas, 2)} requests/s per replica x ${round(times.ttft + workload.outputTokens * times.tpot, 2)} s = about ${round(times.concurrency)} running, ${round(times.peak)} at the 95th percentile`,
    );
  } else {
    lines.push(
      `load: ${workload.requestsPerSecond} requests/s of ${group(workload.promptTokens)} tokens; one replica sustains ${round(chosen.replicaRate, 1)}, so ${chosen.needed} carry it`,
    );
  }
  const spare =
    need.batch || need.minimumReplicas < 2 ? "no spare host" : "one host may fail and the rest still carry the load";
  lines.push(
    `replicas: ${chosen.instances} x ${instance.type} with ${instance.gpus} GPU${instance.gpus > 1 ? "s" : ""}, ${chosen.replicasPerInstance} replica${chosen.replicasPerInstance > 1 ? "s" : ""} of ${tp} each = ${chosen.replicas}; ${spare}`,
  );
  lines.push(
    `cost: ${price.usd} $/h x ${chosen.instances} x ${hoursPerMonth} h = ${group(Math.round(chosen.monthlyUsd))} $ a month; ${price.region === onPremises ? "owned" : `on demand, ${price.region}`}, ${price.source}, ${price.asOf}${price.caveat ? `; ${price.caveat}` : ""}`,
  );
  const native = gpu === undefined || need.format !== "fp8" || capability(gpu) >= 8.9;
  if (!native) {
    lines.push(
      `format: ${gpu.name} has no FP8 arithmetic; the engine keeps FP8 weights and computes in 16 bit, so prompts gain nothing`,
    );
  }
  const disk = instance.localNvmeGb * 1e9;
  if (disk < 1.1 * m.weights.bytes) {
    lines.push(`disk: local NVMe ${instance.localNvmeGb} GB is less than 1.1 x the weights: they need a volume`);
  }
  return lines;
}
