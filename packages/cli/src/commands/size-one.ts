import { writeFileSync } from "node:fs";
import { findModel, resolveModelName } from "@holdfast/catalog";
import { paretoTable, sizeFleet, type FleetNeed, type FleetSizing } from "@holdfast/sizing";
import { BadInput, exitCodes, type ExitCode } from "../exit-code";
import type { Terminal } from "../terminal";
import { questionOf } from "./size-need";
import type { ModelChoice } from "./size-model";
import type { SizeOptions } from "./size-options";
import { resultOf, type SizeResult } from "./size-result";
import { sizingLine, sizingText } from "./size-text";

/** Sizes one fleet. Exit code 2, with the nearest that can, when nothing fits; 1 when a stated server fails a check. */
export async function sizeOne(
  asked: SizeOptions & { readonly model: string },
  terminal: Terminal,
  today: string,
  choice?: ModelChoice,
): Promise<ExitCode> {
  const options = { ...asked, ...modelAndFormat(asked) };
  if (options.compare === true && options.cpu === true)
    throw new BadInput("--compare sizes GPUs in both places: leave out --cpu");
  const question = questionOf(options);
  if (options.cpu === true) {
    const { sizeCpu } = await import("./size-cpu.js");
    return sizeCpu(question, question.host, options.format, options.json === true, terminal);
  }
  const found = resultOf(options, question, sized(question.need), today);
  const result: SizeResult = choice === undefined ? found : { ...found, modelChoice: choice };
  if (options.html !== undefined) await writePage(options.html, result);
  if (options.json === true) terminal.out(`${JSON.stringify(jsonOf(result), null, 2)}\n`);
  else terminal.out(sizingText(result, options, terminal.colours));
  return failsStatedServer(options, result) ? exitCodes.findings : exitCodes.clean;
}

/** The model as the planner finds it, and the format where the name says one: `Llama 3.1 70B AWQ`. A stated format goes before. */
function modelAndFormat({ model, format }: SizeOptions & { readonly model: string }): Pick<SizeOptions, "format"> & {
  readonly model: string;
} {
  // By the name of a quantised release, that release.
  if (findModel(model) !== undefined) return { model };
  const found = resolveModelName(model);
  if (!found.ok) throw new BadInput(`${found.reason}; \`holdfast catalog models\` lists the known ones`);
  const named = format ?? found.format;
  return { model: found.model.id, ...(named === undefined ? {} : { format: named }) };
}

/** The `sizing[]` entry of a plan, and beside it what only this command knows. */
function jsonOf({ question, sizing, ...known }: SizeResult) {
  const { assumptions, traffic, need } = question;
  return { ...sizing, need, assumptions, traffic, ...known };
}

/** Whether a server that was stated, not one that was only proposed, fails a check. One server alone is a choice, not a failure. */
function failsStatedServer(options: SizeOptions, { site }: SizeResult): boolean {
  if (options.host === undefined && options.profile === undefined) return false;
  return (site?.checks ?? []).some(({ ok, what }) => !ok && what !== "redundancy");
}

function sized(need: FleetNeed): FleetSizing {
  const outcome = sizeFleet(need);
  if (outcome.ok) return outcome.sizing;
  throw new BadInput(
    outcome.reason,
    outcome.nearest.map((one) => ({ path: "", reason: `nearest that can: ${sizingLine(one)}; ${one.why[0] ?? ""}` })),
  );
}

async function writePage(file: string, result: SizeResult): Promise<void> {
  const { sizePage } = await import("./size-page.js");
  const pareto = paretoTable(result.question.need);
  const page = sizePage(result, pareto.ok ? pareto.points : []);
  try {
    writeFileSync(file, page);
  } catch (error) {
    throw new BadInput(`cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
