import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  BuildFailed,
  findTerraformAws,
  NoPulumi,
  obtainPulumi,
  RehearsalHome,
  type BuildProgress,
  type ProviderBinary,
  type PulumiCli,
} from "@holdfast/testing";
import { BadInput, exitCodes, type ExitCode } from "../exit-code";
import { findStack } from "../plan/find-stack";
import { checkDocument } from "../plan/plan-environment";
import { doubledLoad } from "../rehearse/doubled-load";
import { runLifeCycle } from "../rehearse/life-cycle";
import { passed, rehearsalNames, reportFiles, type Rehearsal } from "../rehearse/rehearsal-report";
import { searchMarkers } from "../rehearse/search-markers";
import { check, type StepResult } from "../rehearse/step-result";
import { duration, stepLines, timeLine } from "../rehearse/time-line";
import type { Terminal } from "../terminal";
import { writeOutput } from "../write-output";

export interface RehearseOptions {
  readonly out: string;
  readonly cwd: string;
  readonly json?: boolean;
  readonly keep?: boolean;
}

/** `holdfast rehearse <environment>`: the real engine takes the environment through its whole life, and nothing is deployed. */
export async function rehearse(environment: string, options: RehearseOptions, terminal: Terminal): Promise<ExitCode> {
  const start = performance.now();
  const stack = findStack(options.cwd, environment);
  checkDocument(stack);
  const cli = await findCli(terminal);
  const judge = findJudge();
  const home = new RehearsalHome(cli, stack, judge === undefined ? {} : { judge });
  const leave = (): void => {
    if (options.keep !== true) home.remove();
  };
  const interrupted = (): void => {
    leave();
    process.exit(130);
  };
  process.once("SIGINT", interrupted);
  const say = options.json === true ? terminal.err : terminal.out;
  try {
    const standIns = notReal(cli, judge);
    say(`rehearsing ${environment} with Pulumi ${cli.version} (${origin(cli)}); nothing is deployed\n`);
    for (const text of standIns) say(`${terminal.colours.yellow("stand-in:")} ${text}\n`);
    terminal.progress("planning the update ...");
    const change = await doubledLoad(stack, home.readConfig());
    const steps = await runLifeCycle({
      home,
      policyPack: dirname(require.resolve("@holdfast/policies/package.json")),
      change,
      began: (name) => {
        terminal.progress(`${name} ...`);
      },
      ended: (step) => {
        terminal.progress("");
        say(stepLines(step, terminal));
      },
    });
    const secrets = secretsStep(home, steps);
    say(stepLines(secrets, terminal));
    const rehearsal: Rehearsal = {
      environment,
      cli,
      standIns,
      steps: [...steps, secrets],
      durationMs: performance.now() - start,
    };
    const out =
      options.out === "out/<environment>/rehearsal"
        ? join(stack.rootDirectory, "out", environment, "rehearsal")
        : options.out;
    writeOutput(out, withEventLogs(reportFiles(rehearsal), home), rehearsalNames);
    if (options.json === true) terminal.out(reportFiles(rehearsal).get("rehearsal.json") ?? "");
    say(`\n${timeLine(steps, terminal)}\n`);
    say(`${verdict(rehearsal, terminal)}\nreport: ${join(out, "rehearsal.md")}\n`);
    if (options.keep === true) say(`the engine's home and state: ${home.folder}\n`);
    return passed(rehearsal) ? exitCodes.clean : exitCodes.findings;
  } finally {
    process.off("SIGINT", interrupted);
    terminal.progress("");
    leave();
  }
}

async function findCli(terminal: Terminal): Promise<PulumiCli> {
  let last = 0;
  let told = false;
  const progress = ({ step, done }: BuildProgress): void => {
    if (!told) {
      terminal.err(
        "No Pulumi command line on this machine: building it from its published Go module. Once per user and version, 4 minutes on 2 cores.\n",
      );
      told = true;
    }
    // A pipe gets a line now and then, so that nobody takes the build for dead.
    if (performance.now() - last > 500) {
      last = performance.now();
      terminal.progress(step === "downloading" ? `fetching modules: ${done}` : `compiling: ${done} packages`);
    }
  };
  try {
    return await obtainPulumi(progress);
  } catch (error) {
    if (error instanceof NoPulumi || error instanceof BuildFailed) throw new BadInput(error.message);
    throw error;
  } finally {
    terminal.progress("");
  }
}

/** The real AWS provider's code, where this machine has it. */
function findJudge(): ProviderBinary | undefined {
  try {
    return findTerraformAws();
  } catch (error) {
    throw new BadInput(error instanceof Error ? error.message : String(error));
  }
}

function notReal({ hasLanguageHost }: PulumiCli, judge: ProviderBinary | undefined): string[] {
  return [
    judge === undefined
      ? "aws: structural. Property names, required properties, ids, names, replacements and the order of deletion are judged; whether AWS takes the values is not: no terraform-provider-aws was found (HOLDFAST_TERRAFORM_AWS_PROVIDER may name one)."
      : `aws: every resource is validated by the code of the real provider (terraform-provider-aws ${judge.version}); what is created, read and deleted is a structural stand-in.`,
    ...(hasLanguageHost
      ? []
      : ["language host: ours, because the official one is not installed; it starts the SDK's own runner."]),
  ];
}

function origin({ origin: from, buildMs, file }: PulumiCli): string {
  if (from === "PATH") return file;
  return from === "cache"
    ? "built earlier from its Go module"
    : `built from its Go module in ${duration(buildMs ?? 0)}`;
}

/** Secrets are looked for in everything the engine wrote or printed; the pretend cloud may know them, as AWS does. */
function secretsStep(home: RehearsalHome, steps: readonly StepResult[]): StepResult {
  const start = performance.now();
  const inFiles = searchMarkers(home.folder, ["cloud", "bin", "plugins"], home.secrets);
  const printed = steps.flatMap(({ name, output }) =>
    home.secrets
      .filter(({ marker }) => output.includes(marker))
      .map(({ key }) => ({ key, place: `output of ${name}` })),
  );
  const leaks = [...inFiles, ...printed];
  const count = home.secrets.length;
  return {
    name: "secrets",
    command: "search",
    durationMs: performance.now() - start,
    counts: {},
    summary:
      count === 0
        ? "the configuration holds no secret values, so there was none to look for"
        : `${count} secret values looked for in state, events, logs and output: ${leaks.length === 0 ? "nowhere in clear" : `${leaks.length} found`}`,
    checks: [
      check(
        "no secret is in clear",
        leaks.length === 0,
        leaks.map(({ key, place }) => `${key} in ${place}`).join("\n"),
      ),
    ],
    log: "",
    output: "",
  };
}

function withEventLogs(files: Map<string, string>, home: RehearsalHome): Map<string, string> {
  const folder = join(home.folder, "events");
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    files.set(`events/${name}`, readFileSync(join(folder, name), "utf8"));
  }
  return files;
}

function verdict(rehearsal: Rehearsal, { colours }: Terminal): string {
  const bad = rehearsal.steps.flatMap(({ checks }) => checks).filter(({ ok }) => !ok).length;
  const all = rehearsal.steps.flatMap(({ checks }) => checks).length;
  return bad === 0
    ? colours.green(`rehearsed: all ${all} checks hold, ${duration(rehearsal.durationMs)}`)
    : colours.red(`rehearsal failed: ${bad} of ${all} checks do not hold, ${duration(rehearsal.durationMs)}`);
}
