import type { FleetSizing } from "@holdfast/sizing";
import { count, dollars, milliseconds, oneDigit } from "../report/format";
import { plainTable } from "../report/plain-table";
import type { Terminal } from "../terminal";

/** A sizing as people read it; the arithmetic line by line on request. */
export function sizingText(sizing: FleetSizing, explain: boolean, { colours }: Pick<Terminal, "colours">): string {
  const { memoryGiB: memory, predicted, engine } = sizing;
  const encoder = predicted.tpotMs === 0;
  const parallel = sizing.tensorParallel > 1 ? `, tensor parallel ${sizing.tensorParallel}` : "";
  const lines = [
    colours.bold(sizingLine(sizing)),
    `${count(sizing.replicas, "replica")} on ${sizing.gpusPerReplica} x ${sizing.gpu}${parallel}; ${count(sizing.maxConcurrency, "request")} at once on each`,
    `memory of a replica, GiB: weights ${oneDigit(memory.weights)} + overhead ${oneDigit(memory.overhead)} + KV cache ${oneDigit(memory.kvCache)} of ${oneDigit(memory.available)}`,
    `predicted at the 95th percentile: first token ${milliseconds(predicted.ttftMs)}${encoder ? "" : `, then ${milliseconds(predicted.tpotMs)} per token`}; ${Math.round(predicted.tokensPerSecond).toLocaleString("en-US")} tokens/s sustained`,
    `engine: max_model_len ${engine.maxModelLen}, max_num_seqs ${engine.maxNumSeqs}, max_num_batched_tokens ${engine.maxNumBatchedTokens}, gpu_memory_utilization ${engine.gpuMemoryUtilization}, kv_cache_dtype ${engine.kvCacheDtype}`,
  ];
  if (sizing.alternatives.length > 0) {
    const table = plainTable(["instead", "USD/month", "first token", "per token", "why not"], [0, 4]);
    for (const other of sizing.alternatives.slice(0, explain ? undefined : 5)) {
      table.push([
        `${other.instances} x ${other.instanceType} ${other.format}`,
        dollars(other.monthlyUsd),
        milliseconds(other.predicted.ttftMs),
        encoder ? "-" : milliseconds(other.predicted.tpotMs),
        other.reason,
      ]);
    }
    lines.push("", table.toString());
  }
  if (explain) lines.push("", ...sizing.why.map((line) => `- ${line}`));
  else lines.push("", "--explain shows the arithmetic, --html FILE writes a page");
  return `${lines.join("\n")}\n`;
}

/** `2 x g5.xlarge: qwen3-8b fp8, $1,468 a month`. */
export function sizingLine(sizing: FleetSizing): string {
  return `${sizing.instances} x ${sizing.instanceType}: ${sizing.model} ${sizing.format}, ${dollars(sizing.monthlyUsd)} a month`;
}
