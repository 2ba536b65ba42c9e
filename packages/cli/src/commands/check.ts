import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import {
  allRules,
  parseWaivers,
  PolicyConfigError,
  readResourceDocument,
  ResourceDocumentError,
  WaiverFileError,
  type PolicyConfig,
  type PolicyOptions,
  type ResourceGraph,
} from "@holdfast/policies";
import { BadInput, exitCodes, type ExitCode } from "../exit-code";
import { buildPlan } from "../plan/build-plan";
import { readYaml } from "../plan/read-yaml";
import { checkSummary } from "../report/plan-summary";
import { reportFiles, reportNames } from "../report/plan-files";
import { planVerdict } from "../report/verdicts";
import type { Terminal } from "../terminal";
import { writeOutput } from "../write-output";

export interface CheckOptions {
  readonly out: string;
  readonly json?: boolean;
  readonly waivers?: string;
  readonly config?: string;
}

/** `holdfast check <file>`: the policies and the exposure proof on a plan of any program, ours or not. */
export async function check(file: string, options: CheckOptions, terminal: Terminal): Promise<ExitCode> {
  const { graph, subject } = readDocument(file);
  const built = buildChecked(graph, subject, policyOptions(options));
  writeOutput(options.out, await reportFiles(built), reportNames);
  const { exposure, findings } = built.document;
  terminal.out(
    options.json === true
      ? `${JSON.stringify({ exposure, findings }, null, 2)}\n`
      : checkSummary(built.document, terminal.colours),
  );
  if (options.json !== true) terminal.out(`\nreport: ${join(options.out, "plan.html")}\n`);
  for (const warning of built.result.warnings ?? [])
    terminal.err(`${terminal.colours.yellow("warning:")} ${warning}\n`);
  return planVerdict(built.document) ? exitCodes.clean : exitCodes.findings;
}

function buildChecked(graph: ResourceGraph, subject: string, policy: PolicyOptions) {
  try {
    return buildPlan({
      graph,
      environment: subject,
      project: projectOf(graph),
      region: regionOf(graph),
      timingsMs: {},
      policy,
    });
  } catch (error) {
    if (error instanceof PolicyConfigError || error instanceof WaiverFileError) throw new BadInput(error.message);
    throw error;
  }
}

function readDocument(file: string): { graph: ResourceGraph; subject: string } {
  const name = file === "-" ? "standard input" : file;
  let text: string;
  try {
    text = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw new BadInput(`cannot read ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadInput(
      `${name} is not JSON: ${reason}; give plan.json, or the output of \`pulumi preview --json\` or \`pulumi stack export\``,
    );
  }
  try {
    const { graph } = readResourceDocument(document);
    return { graph, subject: stackOf(graph) ?? basename(name).replace(/\.json$/, "") };
  } catch (error) {
    if (error instanceof ResourceDocumentError) throw new BadInput(`${name}: ${error.message}`);
    throw error;
  }
}

function policyOptions({ waivers, config }: CheckOptions): PolicyOptions {
  try {
    return {
      ...(waivers === undefined
        ? {}
        : {
            waivers: parseWaivers(
              readYaml(waivers),
              waivers,
              allRules.map(({ id }) => id),
            ),
          }),
      ...(config === undefined ? {} : { config: (readYaml(config) ?? {}) as PolicyConfig }),
    };
  } catch (error) {
    if (error instanceof WaiverFileError || error instanceof PolicyConfigError)
      throw new BadInput(`${waivers ?? config ?? ""}: ${error.message}`);
    throw error;
  }
}

function stackOf(graph: ResourceGraph): string | undefined {
  return graph.resources[0]?.urn.split("::")[0]?.split(":")[2];
}

function projectOf(graph: ResourceGraph): string {
  return graph.resources[0]?.urn.split("::")[1] ?? "";
}

/** The region of a program's default provider, where the document holds it. */
function regionOf(graph: ResourceGraph): string {
  const provider = graph.ofType("pulumi:providers:aws")[0];
  const region = provider?.inputs.region;
  return typeof region === "string" ? region : "us-east-1";
}
