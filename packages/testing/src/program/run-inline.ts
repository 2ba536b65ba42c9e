import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { inProcessEngine, inProcessMonitor } from "../engine/monitor";
import type { SdkStore } from "../sdk";
import { describeError, type Problem } from "./describe-error";
import { OutstandingWork } from "./outstanding-work";
import { guardProcess, ProgramExit } from "./process-guard";
import type { ProgramRun } from "./program-run";

export interface InlineRun extends ProgramRun {
  /** The SDK's store for this program alone. */
  readonly store: SdkStore;
  /** Loads and starts the program; what it returns are the stack's outputs. */
  readonly start: () => unknown;
  /**
   * Frames that errors keep. The SDK makes several errors for each resource, so frames cost about as much time as everything
   * else together; a program that fails without them is run again with them.
   */
  readonly stackFrames: number;
}

/** Turns of the event loop without a sign of life after which a program that waits for nothing is done. */
const quietTurns = 3;
/** Time between two looks at a program, milliseconds. */
const lookMs = 25;
/**
 * Looks without a sign of life after which a program that still waits for something will wait for ever: a second, on a machine with time
 * for it. Looks and not milliseconds, because between two of them the program had its turn, however slow the machine.
 */
const stuckLooks = 40;
/** Looks that a program gets to report further errors after the first one nobody caught. */
const graceLooks = 10;

/**
 * Runs a program in this process, in a store of its own, until it is done. Returns what went wrong; an empty list when
 * nothing did.
 */
export async function runInline(run: InlineRun): Promise<Problem[]> {
  const { sdk, engine, store } = run;
  const problems = new Map<unknown, Problem>();
  const add = (key: unknown, text: string): void => {
    problems.set(key, { text, placeMissing: false });
  };
  const note = (error: unknown): void => {
    if (!(error instanceof ProgramExit) && !problems.has(error)) problems.set(error, describeError(error));
  };
  const isProgram = (): boolean => sdk.getLocalStore() === store;
  const releaseProcess = guardProcess({
    workDir: run.workDir,
    argument: run.main,
    isProgram,
    uncaught: note,
    printed: (severity, message) => engine.diagnostics.push({ severity, message }),
    exit: (code) => {
      add("exit", `the program ended its own process with process.exit(${code}); let it return instead`);
    },
  });
  const work = new OutstandingWork(isProgram);
  const framesBefore = Error.stackTraceLimit;
  Error.stackTraceLimit = run.stackFrames;
  const stackBefore = (globalThis as { stackResource?: unknown }).stackResource;
  let started = false;
  let done = false;
  let over = false;
  try {
    const refused = run.refusal.then((problem) => {
      add("refusal", problem);
    });
    const finished = sdk.runInStore(store, async () => {
      prepareStore(run, store);
      try {
        started = true;
        await sdk.runInPulumiStack(run.start);
      } catch (error) {
        note(error);
        return;
      }
      await sdk.waitForRPCs();
      done = true;
    });
    await Promise.race([refused, finished.then(() => untilQuiet()), untilStuck()]);
    if (problems.size === 0) problemsOfStore();
    return [...problems.values()];
  } finally {
    over = true;
    Error.stackTraceLimit = framesBefore;
    engine.close();
    store.callbacks?.shutdown();
    work.close();
    // Promises that were rejected a moment ago are reported in the turns that follow.
    await nextTurn();
    await nextTurn();
    (globalThis as { stackResource?: unknown }).stackResource = stackBefore;
    releaseProcess();
  }

  /** Resolves once the program has returned, every request is answered and nothing that it began is left. */
  async function untilQuiet(): Promise<void> {
    let quiet = 0;
    let seen = engine.requests;
    while (quiet < quietTurns && problems.size === 0) {
      await nextTurn();
      const busy = engine.requests !== seen || engine.pending > 0 || work.outstanding().length > 0;
      if (busy) await sleep(1);
      seen = engine.requests;
      quiet = busy ? 0 : quiet + 1;
    }
    // What ran in the meantime may have left the SDK with more to do.
    if (problems.size === 0) await sdk.waitForRPCs();
  }

  /** Resolves when the program cannot get any further: it waits for what never comes, failed, or took too long. */
  async function untilStuck(): Promise<void> {
    const deadline = performance.now() + run.timeoutMs;
    let seen = -1;
    let idle = 0;
    while (!over) {
      await sleep(lookMs, undefined, { ref: false });
      const busy = engine.requests !== seen || engine.pending > 0 || work.outstanding().length > 0;
      idle = busy ? 0 : idle + 1;
      seen = engine.requests;
      if (problems.size > 0 && idle >= graceLooks) return;
      if (started && !done && idle >= stuckLooks) return;
      if (performance.now() >= deadline) {
        const left = work.outstanding();
        const reason = left.length === 0 ? "" : `; it still waits for: ${left.join(", ")}`;
        add("late", `the program did not end within ${run.timeoutMs / 1000} seconds${reason}`);
        return;
      }
    }
  }

  function problemsOfStore(): void {
    const [leaks, message] = sdk.runInStore(store, () => sdk.leakedPromises());
    if (leaks.size > 0) add("leaks", message.replace(/\n\nRe-run your program[\s\S]*$/, ""));
    else if (!done)
      add("stuck", "the program waits for something that never comes: its exported promise does not settle");
    const errors = engine.diagnostics.filter(({ severity }) => severity === "error");
    for (const error of errors) add(error, error.message);
  }
}

function prepareStore(run: InlineRun, store: SdkStore): void {
  Object.assign(store.settings.options, {
    project: run.project,
    stack: run.stack,
    organization: run.organization,
    rootDirectory: run.rootDirectory,
    dryRun: true,
    parallel: 0,
    monitorAddr: "offline",
    engineAddr: "offline",
  });
  store.settings.monitor = inProcessMonitor(run.engine);
  store.settings.engine = inProcessEngine(run.engine);
  run.sdk.setAllConfig({ ...run.config }, [...run.secretKeys]);
}
