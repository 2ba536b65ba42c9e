import { join } from "node:path";
import {
  createStack,
  expectDone,
  exportState,
  findGo,
  findPulumi,
  obtainPulumi,
  readStackConfig,
  RehearsalHome,
  runPulumi,
  type PulumiCli,
  type PulumiRun,
  type RunOptions,
  type StackState,
} from "@holdfast/testing";
import type { TestContext } from "vitest";

/** Why a test of the real engine does not run here. */
const notBuilt = "no Pulumi command line; HOLDFAST_REHEARSE=1 builds it with Go, once, in minutes";
const notBuildable = "no Go, and no Pulumi command line";
let cli: Promise<PulumiCli | undefined> | undefined;

/** The real command line, or the test is skipped and counted as such. It is built only where that was asked for. */
export async function realEngine(context: TestContext): Promise<PulumiCli> {
  const build = process.env.HOLDFAST_REHEARSE === "1" && findGo() !== undefined;
  cli ??= build ? obtainPulumi(() => undefined) : Promise.resolve(findPulumi());
  const found = await cli;
  return found ?? context.skip(findGo() === undefined ? notBuildable : notBuilt);
}

/** A stack of one of the small programs here, with the real engine and a pretend cloud, gone after the test. */
export class Rehearsed {
  readonly home: RehearsalHome;
  readonly #args: readonly string[];

  private constructor(home: RehearsalHome) {
    this.home = home;
    this.#args = ["--stack", home.stack];
  }

  static async start(context: TestContext, program: string, stack = "test"): Promise<Rehearsed> {
    const found = await realEngine(context);
    const home = new RehearsalHome(found, readStackConfig(join(__dirname, "programs", program), stack));
    context.onTestFinished(() => {
      home.remove();
    });
    await createStack(home);
    return new Rehearsed(home);
  }

  run(
    command: "up" | "refresh" | "destroy" | "preview" | "cancel",
    args: readonly string[] = [],
    options: RunOptions = {},
  ) {
    const quick = command === "up" || command === "refresh" || command === "destroy" ? ["--skip-preview"] : [];
    const sure = command === "preview" ? [] : ["--yes"];
    const log = command === "cancel" ? {} : { log: `${command}-${Date.now()}` };
    const all = [command, ...sure, ...quick, ...args, ...this.#args];
    return runPulumi(this.home, all, { ...log, knownProgram: true, ...options });
  }

  /** The same, and it has to succeed. */
  done(command: "up" | "refresh" | "destroy" | "cancel", args: readonly string[] = []): Promise<PulumiRun> {
    return expectDone(this.run(command, args));
  }

  state(): Promise<StackState> {
    return exportState(this.home);
  }

  /** What is in the cloud but not in the state, and the other way round: both are empty when nothing is lost. */
  async differences(): Promise<{ orphans: string[]; missing: string[] }> {
    const resources = (await this.state()).deployment.resources ?? [];
    const inState = resources.flatMap(({ type, id }) => (type.startsWith("aws:") ? [`${type} ${id ?? ""}`] : []));
    const inCloud = this.home.cloud.resources.map(({ type, id }) => `${type} ${id}`);
    return {
      orphans: inCloud.filter((name) => !inState.includes(name)),
      missing: inState.filter((name) => !inCloud.includes(name)),
    };
  }
}
