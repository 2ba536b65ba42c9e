import { writeFileSync } from "node:fs";
import { findModel, models } from "@holdfast/catalog";
import { paretoTable, sizeFleet, type FleetNeed, type FleetSizing } from "@holdfast/sizing";
import { BadInput, exitCodes, type ExitCode } from "../exit-code";
import type { Terminal } from "../terminal";
import { sizingLine, sizingText } from "./size-text";

export interface SizeOptions {
  readonly model?: string;
  readonly format?: string;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly requestsPerSecond: number;
  readonly ttft?: number;
  readonly tpot?: number;
  readonly gpu?: string;
  readonly region: string;
  readonly replicas: number;
  /** Throughput counts, latency does not. */
  readonly offline?: boolean;
  /** A CSV file of fixed configurations; everything else is ignored. */
  readonly batch?: string;
  readonly explain?: boolean;
  readonly json?: boolean;
  /** Where to write the page. */
  readonly html?: string;
}

/** Sizes one fleet from options or a dialogue, or a file of configurations. Exit code 2, with the nearest that can, when nothing fits. */
export async function size(options: SizeOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.batch !== undefined) {
    const { sizeBatch } = await import("./size-batch.js");
    return await sizeBatch(options.batch, terminal);
  }
  if (options.model !== undefined) return sizeOne({ ...options, model: options.model }, terminal);
  if (terminal.dialogue === undefined)
    throw new BadInput(
      "state the model: holdfast size --model <id>; `holdfast catalog models` lists the known ones (on a terminal, `holdfast size` alone asks)",
    );
  const { sizeDialogue } = await import("./size-dialogue.js");
  const answers = await sizeDialogue(terminal.dialogue);
  if (answers === undefined) throw new BadInput("stopped before the last question; nothing was sized");
  return sizeOne({ ...options, ...answers }, terminal);
}

async function sizeOne(options: SizeOptions & { readonly model: string }, terminal: Terminal): Promise<ExitCode> {
  if (findModel(options.model) === undefined) {
    const { nearest } = await import("@holdfast/core");
    const near = nearest(
      options.model,
      models.flatMap(({ id, repository }) => [id, repository]),
    );
    throw new BadInput(
      `unknown model "${options.model}"${near ? `; did you mean "${near}"?` : ""}; \`holdfast catalog models\` lists the known ones`,
    );
  }
  const need = needOf(options);
  const sizing = sized(need);
  if (options.html !== undefined) await writePage(options.html, need, sizing);
  if (options.json === true) terminal.out(`${JSON.stringify(sizing, null, 2)}\n`);
  else {
    terminal.out(sizingText(sizing, options.explain === true, terminal));
    if (options.explain === true) {
      const { moneyText } = await import("./size-money.js");
      terminal.out(`\n${moneyText(need, sizing, terminal, new Date().toISOString().slice(0, 10))}`);
    }
  }
  return exitCodes.clean;
}

function sized(need: FleetNeed): FleetSizing {
  const outcome = sizeFleet(need);
  if (outcome.ok) return outcome.sizing;
  throw new BadInput(
    outcome.reason,
    outcome.nearest.map((one) => ({ path: "", reason: `nearest that can: ${sizingLine(one)}; ${one.why[0] ?? ""}` })),
  );
}

async function writePage(file: string, need: FleetNeed, sizing: FleetSizing): Promise<void> {
  const { sizePage } = await import("./size-page.js");
  const pareto = paretoTable(need);
  const page = sizePage(need, sizing, pareto.ok ? pareto.points : []);
  try {
    writeFileSync(file, page);
  } catch (error) {
    throw new BadInput(`cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function needOf(options: SizeOptions & { readonly model: string }): FleetNeed {
  const { promptTokens, outputTokens, requestsPerSecond, ttft, tpot } = options;
  return {
    fleet: "fleet",
    model: options.model,
    region: options.region,
    batch: options.offline ?? false,
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
