import { findModel, models } from "@holdfast/catalog";
import { nearest } from "@holdfast/core";
import { sizeFleet, type FleetNeed, type FleetSizing } from "@holdfast/sizing";
import { BadInput, exitCodes, type ExitCode } from "../exit-code";
import { count, dollars, milliseconds, oneDigit } from "../report/format";
import { plainTable } from "../report/plain-table";
import type { Terminal } from "../terminal";

export interface SizeOptions {
  readonly model: string;
  readonly format?: string;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly requestsPerSecond: number;
  readonly ttft?: number;
  readonly tpot?: number;
  readonly gpu?: string;
  readonly region: string;
  readonly replicas: number;
  readonly batch?: boolean;
  readonly explain?: boolean;
  readonly json?: boolean;
}

/** Sizes one fleet from options. Exit code 2, with the nearest that can, when nothing fits. */
export function size(options: SizeOptions, terminal: Terminal): ExitCode {
  if (findModel(options.model) === undefined) {
    const ids = models.map(({ id }) => id);
    const near = nearest(options.model, ids);
    throw new BadInput(
      `unknown model "${options.model}"${near ? `; did you mean "${near}"?` : ""}; \`holdfast catalog models\` lists the known ones`,
    );
  }
  const outcome = attempt(needOf(options));
  if (!outcome.ok) {
    throw new BadInput(
      outcome.reason,
      outcome.nearest.map((one) => ({ path: "", reason: `nearest that can: ${oneLine(one)}` })),
    );
  }
  terminal.out(
    options.json === true
      ? `${JSON.stringify(outcome.sizing, null, 2)}\n`
      : describe(outcome.sizing, options, terminal),
  );
  return exitCodes.clean;
}

function attempt(need: FleetNeed) {
  try {
    return sizeFleet(need);
  } catch (error) {
    if (error instanceof RangeError) throw new BadInput(error.message);
    throw error;
  }
}

function needOf(options: SizeOptions): FleetNeed {
  const { promptTokens, outputTokens, requestsPerSecond, ttft, tpot } = options;
  return {
    fleet: "fleet",
    model: options.model,
    region: options.region,
    batch: options.batch ?? false,
    minimumReplicas: options.replicas,
    workload: {
      promptTokens,
      outputTokens,
      requestsPerSecond,
      ...(ttft === undefined ? {} : { ttftSeconds: ttft }),
      ...(tpot === undefined ? {} : { tpotMs: tpot }),
    },
    ...(options.format === undefined ? {} : { format: options.format }),
    ...(options.gpu === undefined ? {} : { gpuClass: options.gpu }),
  };
}

function describe(sizing: FleetSizing, options: SizeOptions, { colours }: Terminal): string {
  const { memoryGiB: memory, predicted } = sizing;
  const lines = [
    `${colours.bold(oneLine(sizing))}`,
    `${count(sizing.replicas, "replica")} on ${sizing.gpusPerReplica} x ${sizing.gpu}${sizing.tensorParallel > 1 ? `, tensor parallel ${sizing.tensorParallel}` : ""}; ${count(sizing.maxConcurrency, "request")} at once on each`,
    `memory of a replica, GiB: weights ${oneDigit(memory.weights)} + overhead ${oneDigit(memory.overhead)} + KV cache ${oneDigit(memory.kvCache)} of ${oneDigit(memory.available)}`,
    `predicted at the 95th percentile: first token ${milliseconds(predicted.ttftMs)}, then ${milliseconds(predicted.tpotMs)} per token; ${Math.round(predicted.tokensPerSecond)} tokens/s sustained`,
  ];
  if (sizing.alternatives.length > 0) {
    const table = plainTable(["instead", "USD/month", "why not"], [0, 2]);
    for (const other of sizing.alternatives.slice(0, options.explain === true ? undefined : 5)) {
      table.push([
        `${other.instances} x ${other.instanceType} ${other.format}`,
        dollars(other.monthlyUsd),
        other.reason,
      ]);
    }
    lines.push("", table.toString());
  }
  if (options.explain === true) lines.push("", ...sizing.why.map((line) => `- ${line}`));
  else lines.push("", "--explain shows the arithmetic");
  return `${lines.join("\n")}\n`;
}

function oneLine(sizing: FleetSizing): string {
  return `${sizing.instances} x ${sizing.instanceType}: ${sizing.model} ${sizing.format}, ${dollars(sizing.monthlyUsd)} a month`;
}
