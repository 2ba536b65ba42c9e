import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ResourceGraph, unknownValue } from "@holdfast/policies";
import { localCallbacks, remoteCallbacks } from "./engine/callbacks";
import { OfflineEngine } from "./engine/offline-engine";
import { ProgramError, type Plan, type PlanRequest } from "./plan";
import { findOriginal, type Problem } from "./program/describe-error";
import { findEntry, type Entry } from "./program/entry";
import { FreshModules } from "./program/fresh-modules";
import type { ProgramRun } from "./program/program-run";
import { runInProcess } from "./program/run-in-process";
import { runInline } from "./program/run-inline";
import { loadSdk, type Sdk, type SdkStore } from "./sdk";

/** Programs share this process, so they run one after the other. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs an unmodified Pulumi program under an offline engine and returns everything that the real engine would see: nothing is
 * created, no provider plugin or network is used, and no passphrase is asked for.
 *
 * Fails with `ProgramError` when the program does, or when it does something that cannot be planned.
 */
export function planProgram(request: PlanRequest): Promise<Plan> {
  const plan = last.then(() => planNow(request));
  last = plan.catch(() => undefined);
  return plan;
}

async function planNow(request: PlanRequest): Promise<Plan> {
  const start = performance.now();
  const entry = "main" in request ? locate(request.main) : undefined;
  const workDir = resolve(request.workDir ?? entry?.folder ?? process.cwd());
  const place = { entry, workDir, sdk: findSdk(entry, workDir) };
  const attempt = await run(request, place, 0);
  const { problems } = attempt.problems.some(({ placeMissing }) => placeMissing)
    ? await again(request, place, attempt)
    : attempt;
  const { engine } = attempt;
  const { diagnostics } = engine;
  if (problems.length > 0) throw new ProgramError([...new Set(problems.map(({ text }) => explain(text)))], diagnostics);
  return {
    graph: new ResourceGraph(engine.resources),
    stackOutputs: engine.stackOutputs,
    diagnostics,
    invokes: engine.invokes,
    defaultProviders: engine.defaultProviders,
    durationMs: performance.now() - start,
  };
}

interface Place {
  readonly entry: Entry | undefined;
  readonly workDir: string;
  readonly sdk: Sdk;
}

interface Attempt {
  readonly engine: OfflineEngine;
  readonly problems: readonly Problem[];
}

/** A program that failed tells in a second run where; if that one does not fail, what the first one said stands. */
async function again(request: PlanRequest, place: Place, first: Attempt): Promise<Attempt> {
  const second = await run(request, place, 50);
  return second.problems.length > 0 ? second : first;
}

async function run(request: PlanRequest, { entry, workDir, sdk }: Place, stackFrames: number): Promise<Attempt> {
  const rootDirectory = resolve(request.rootDirectory ?? workDir);
  const inOwnProcess =
    "main" in request && (request.mode ?? (entry?.esModule === true ? "process" : "inline")) === "process";
  let refuse: (problem: string) => void = () => undefined;
  const refusal = new Promise<string>((settle) => {
    refuse = settle;
  });
  const store = sdk.withLocalStorage(() => sdk.getStore());
  const engine = new OfflineEngine(sdk.protocol, {
    project: request.project,
    stack: request.stack,
    rootDirectory,
    answers: request.answers ?? {},
    remoteComponents: request.remoteComponents ?? "refuse",
    refuse,
    callbacks: inOwnProcess ? remoteCallbacks(sdk.protocol) : localCallbacks(sdk, store),
    // The SDK's own runner has done this already.
    original: inOwnProcess ? (position) => position : findOriginal,
  });
  const secretKeys = request.secretKeys ?? [];
  const programRun: ProgramRun = {
    sdk,
    engine,
    refusal,
    main: entry?.file ?? workDir,
    esModule: entry?.esModule ?? false,
    project: request.project,
    stack: request.stack,
    organization: request.organization ?? "organization",
    workDir,
    rootDirectory,
    // A secret without a value travels as the engine's marker for a value that is not known yet.
    config: { ...Object.fromEntries(secretKeys.map((key) => [key, unknownValue])), ...request.config },
    secretKeys,
    timeoutMs: request.timeoutMs ?? 120_000,
  };
  if ("program" in request)
    return { engine, problems: await runInline({ ...programRun, store, start: request.program, stackFrames }) };
  return {
    engine,
    problems: inOwnProcess ? await runInProcess(programRun) : await runFile(programRun, store, stackFrames),
  };
}

async function runFile(programRun: ProgramRun, store: SdkStore, stackFrames: number): Promise<Problem[]> {
  const modules = new FreshModules(programRun.main);
  try {
    return await runInline({
      ...programRun,
      store,
      stackFrames,
      start: () => {
        const exported = modules.load();
        return typeof exported === "function" ? (exported as () => unknown)() : exported;
      },
    });
  } finally {
    modules.close();
  }
}

function locate(main: string): Entry {
  try {
    return findEntry(main);
  } catch (error) {
    throw new ProgramError([error instanceof Error ? error.message : String(error)], []);
  }
}

function findSdk(entry: Entry | undefined, workDir: string): Sdk {
  const places = [...(entry === undefined ? [] : [entry.file]), resolve(workDir, "program.js"), __filename];
  // A function was compiled into the caller, so it uses the SDK that this package uses.
  for (const place of entry === undefined ? [__filename] : places) {
    const sdk = loadSdk(place);
    if (sdk !== undefined) return sdk;
  }
  throw new ProgramError(
    [
      `@pulumi/pulumi is not installed for the program in ${pathToFileURL(dirname(entry?.file ?? workDir)).pathname}; run npm install there`,
    ],
    [],
  );
}

/** An encrypted value that a program insists on understanding gives an error about the marker that stands for it. */
function explain(problem: string): string {
  if (!problem.includes(unknownValue)) return problem;
  return `${problem.replaceAll(unknownValue, "(unknown)")}\n  this value is encrypted in the stack's configuration and so unknown to a plan; read it with requireSecret and hand it on without looking into it`;
}
