import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  BuildFailed,
  cloudAccount,
  findMotoServer,
  findTerraformAws,
  MotoServer,
  NoPulumi,
  obtainPulumi,
  RehearsalHome,
  stopPulumi,
  type BuildProgress,
  type ProviderBinary,
  type PulumiCli,
  type RehearsalHomeOptions,
} from "@holdfast/testing";
import { BadInput, exitCodes, type ExitCode } from "../exit-code";
import { findStack, type FoundStack } from "../plan/find-stack";
import { checkDocument } from "../plan/plan-environment";
import { readYaml } from "../plan/read-yaml";
import { clearUp, cloudLines } from "../rehearse/cloud-account";
import { doubledLoad } from "../rehearse/doubled-load";
import { runLifeCycle } from "../rehearse/life-cycle";
import { progressText } from "../rehearse/progress-text";
import { passed, rehearsalNames, reportFiles, type Rehearsal } from "../rehearse/rehearsal-report";
import { SecretSearch } from "../rehearse/search-secrets";
import { standInTexts } from "../rehearse/stand-ins";
import type { StepResult } from "../rehearse/step-result";
import { duration, stepLines, timeLine } from "../rehearse/time-line";
import type { Terminal } from "../terminal";
import { writeOutput } from "../write-output";

/** The AWS account that a rehearsal pretends to be. */
const rehearsedAccount = "111122223333";

/** Signals that end a rehearsal; whatever it has started ends with it. */
const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface RehearseOptions {
  readonly out: string;
  readonly cwd: string;
  readonly json?: boolean;
  readonly keep?: boolean;
  /** Where resources are made: `moto`, or `structural` (made up). @default moto where it and the real provider are installed */
  readonly cloud?: Cloud;
  /** File with levels and settings of policies (YAML), as `holdfast check` takes it. */
  readonly config?: string;
}

type Cloud = "moto" | "structural";

/** `holdfast rehearse <environment>`: the real engine takes the environment through its whole life, and nothing is deployed. */
export async function rehearse(environment: string, options: RehearseOptions, terminal: Terminal): Promise<ExitCode> {
  const started: (() => void)[] = [];
  const leave = (): void => {
    for (const end of started.splice(0).reverse()) end();
  };
  const stopping = new AbortController();
  const interrupted = (signal: NodeJS.Signals): void => {
    stopping.abort();
    terminal.progress("");
    terminal.err(`${signal}: ending everything that was started ...\n`);
    // What a build of the command line has begun goes with the process.
    void stopPulumi().finally(() => {
      leave();
      process.exit(128 + constants.signals[signal]);
    });
  };
  for (const signal of endings) process.once(signal, interrupted);
  try {
    return await rehearseWholeLife(environment, options, terminal, { started, stopped: stopping.signal });
  } finally {
    for (const signal of endings) process.off(signal, interrupted);
    terminal.progress("");
    leave();
  }
}

interface Running {
  /** What ends each thing that was started. */
  readonly started: (() => void)[];
  /** Aborted as soon as a signal has come. */
  readonly stopped: AbortSignal;
}

async function rehearseWholeLife(
  environment: string,
  options: RehearseOptions,
  terminal: Terminal,
  { started, stopped }: Running,
): Promise<ExitCode> {
  const start = performance.now();
  const clock = (): number => performance.now() - start;
  const stack = findStack(options.cwd, environment);
  checkDocument(stack);
  const cli = await findCli(terminal);
  const judge = findJudge();
  const moto = await startMoto(judge, options.cloud);
  if (moto !== undefined)
    started.push(() => {
      moto.stop();
    });
  const home = makeHome(cli, stack, {
    checkpoints: "end",
    ...(judge === undefined ? {} : { judge }),
    ...(moto === undefined ? {} : { emulator: moto.url }),
  });
  if (options.keep !== true)
    started.push(() => {
      home.remove();
    });
  const say = options.json === true ? terminal.err : terminal.out;
  const policyConfig = policySettings(options.config, home);
  let standIns: string[] = [];
  let official: string[] = [];
  const secretSearch = new SecretSearch(home);
  say(`rehearsing ${environment} with Pulumi ${cli.version} (${origin(cli)}); nothing is deployed\n`);
  terminal.progress("planning the update ...");
  const change = await doubledLoad(stack, home.readConfig());
  const steps = await runLifeCycle({
    home,
    policyPack: dirname(require.resolve("@holdfast/policies/package.json")),
    ...(policyConfig === undefined ? {} : { policyConfig }),
    change,
    clock,
    going: (at) => {
      if (!stopped.aborted) terminal.progress(progressText(at));
    },
    seen: (packages) => {
      standIns = standInTexts({ cli, judge, moto: moto !== undefined }, packages);
      const used = home.official.filter(({ name }) => packages.includes(name));
      official = used.map(({ name, version }) => `${name} ${version}`);
    },
    ended: (step) => {
      if (stopped.aborted) return;
      terminal.progress("");
      if (step.name === "preview") {
        for (const text of standIns) say(`${terminal.colours.yellow("stand-in:")} ${text}\n`);
        for (const text of official) say(`official plugin: ${text}\n`);
      }
      secretSearch.lookAtDeployed();
      say(stepLines(step, terminal));
    },
  });
  // What was cut off by a signal is neither judged nor reported.
  if (stopped.aborted) await new Promise<never>(() => undefined);
  const secrets = secretSearch.result(steps, clock);
  say(stepLines(secrets, terminal));
  const last: StepResult[] = [secrets];
  if (cloudAccount(home.evidence.read()).created > 0) {
    terminal.progress("clear up ...");
    const cleared = await clearUp(home, clock);
    terminal.progress("");
    say(stepLines(cleared, terminal));
    last.push(cleared);
  }
  const cloud = cloudAccount(home.evidence.read());
  const rehearsal: Rehearsal = {
    environment,
    cli,
    standIns,
    official,
    steps: [...steps, ...last],
    cloud,
    durationMs: clock(),
  };
  const out =
    options.out === "out/<environment>/rehearsal"
      ? join(stack.rootDirectory, "out", environment, "rehearsal")
      : options.out;
  const files = withEventLogs(reportFiles(rehearsal), home);
  // Why the emulator refused something is in its own log.
  if (moto !== undefined && !passed(rehearsal)) files.set("events/moto.log", moto.troubles);
  writeOutput(out, files, rehearsalNames);
  if (options.json === true) terminal.out(reportFiles(rehearsal).get("rehearsal.json") ?? "");
  say(`\n${timeLine(steps, terminal)}\n`);
  say(cloudLines(cloud, terminal));
  say(`${verdict(rehearsal, terminal)}\nreport: ${join(out, "rehearsal.html")}\n`);
  if (options.keep === true) say(`the engine's home and state: ${home.folder}\n`);
  return passed(rehearsal) ? exitCodes.clean : exitCodes.findings;
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
      terminal.progress(buildText(step, done));
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

function buildText(step: BuildProgress["step"], done: number): string {
  if (step === "downloading") return `fetching modules: ${done}`;
  return step === "compiling" ? `compiling: ${done} packages` : `${step} of it ...`;
}

function makeHome(cli: PulumiCli, stack: FoundStack, options: RehearsalHomeOptions): RehearsalHome {
  try {
    return new RehearsalHome(cli, stack, options);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new BadInput(
      `cannot make the rehearsal's folder in ${tmpdir()}: ${error.message}; make room there, or name another folder with TMPDIR`,
    );
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

/** Writes the policy settings as the engine takes them, and says where. */
function policySettings(file: string | undefined, home: RehearsalHome): string | undefined {
  if (file === undefined) return undefined;
  const path = join(home.folder, "policies.json");
  writeFileSync(path, JSON.stringify(readYaml(file) ?? {}));
  return path;
}

/** The real AWS provider's code, where this machine has it. */
function findJudge(): ProviderBinary | undefined {
  try {
    return findTerraformAws();
  } catch (error) {
    throw new BadInput(error instanceof Error ? error.message : String(error));
  }
}

/** The emulator, unless it was not wanted or is not there. */
async function startMoto(judge: ProviderBinary | undefined, cloud: Cloud | undefined): Promise<MotoServer | undefined> {
  if (cloud === "structural") return undefined;
  try {
    const server = findMotoServer();
    if (server !== undefined && judge !== undefined) return await MotoServer.start(server, rehearsedAccount);
  } catch (error) {
    throw new BadInput(error instanceof Error ? error.message : String(error));
  }
  if (cloud === undefined) return undefined;
  throw new BadInput(
    "--cloud moto needs moto_server (PATH or HOLDFAST_MOTO_SERVER; `pip install 'moto[server]'`) and terraform-provider-aws (HOLDFAST_TERRAFORM_AWS_PROVIDER or Terraform's own places); --cloud structural needs neither",
  );
}

function origin({ origin: from, buildMs, file }: PulumiCli): string {
  if (from === "PATH") return file;
  return from === "cache"
    ? "built earlier from its Go module"
    : `built from its Go module in ${duration(buildMs ?? 0)}`;
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
