import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { AsyncLocalStorage } from "node:async_hooks";
import { ResourceGraph, unknownValue } from "@holdfast/policies";
import { OfflineEngine } from "./engine/offline-engine";
import { ProgramError, type Plan, type PlanRequest } from "./plan";
import { findEntry, type Entry } from "./program/entry";
import { FreshModules } from "./program/fresh-modules";
import { runInProcess } from "./program/run-in-process";
import { runInline } from "./program/run-inline";
import { loadSdk, type Sdk } from "./sdk";

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
  const sdk = findSdk(entry, workDir);
  const rootDirectory = resolve(request.rootDirectory ?? workDir);
  let refuse: (problem: string) => void = () => undefined;
  const refusal = new Promise<string>((settle) => {
    refuse = settle;
  });
  const engine = new OfflineEngine(sdk.protocol, {
    project: request.project,
    stack: request.stack,
    rootDirectory,
    answers: request.answers ?? {},
    remoteComponents: request.remoteComponents ?? "refuse",
    refuse,
    outside: outsideOfPrograms,
  });
  const secretKeys = request.secretKeys ?? [];
  const common = {
    sdk,
    engine,
    refusal,
    main: entry?.file ?? workDir,
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
  const problems =
    "program" in request
      ? await runInline({ ...common, start: request.program })
      : (request.mode ?? (entry?.esModule === true ? "process" : "inline")) === "process"
        ? await runInProcess({ ...common, entry: entry?.file ?? request.main })
        : await runFile(common);
  const { diagnostics } = engine;
  if (problems.length > 0) throw new ProgramError(problems.map(explain), diagnostics);
  return {
    graph: new ResourceGraph(engine.resources),
    stackOutputs: engine.stackOutputs,
    diagnostics,
    invokes: engine.invokes,
    defaultProviders: engine.defaultProviders,
    durationMs: performance.now() - start,
  };
}

async function runFile(run: Omit<Parameters<typeof runInline>[0], "start">): Promise<string[]> {
  const modules = new FreshModules(run.main);
  try {
    return await runInline({
      ...run,
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

/** Runs a function outside every program's store. */
function outsideOfPrograms<T>(callback: () => T): T {
  const { asyncLocalStorage } = globalThis as unknown as { asyncLocalStorage?: AsyncLocalStorage<unknown> };
  return asyncLocalStorage === undefined ? callback() : asyncLocalStorage.exit(callback);
}

/** An encrypted value that a program insists on understanding gives an error about the marker that stands for it. */
function explain(problem: string): string {
  if (!problem.includes(unknownValue)) return problem;
  return `${problem.replaceAll(unknownValue, "(unknown)")}\n  this value is encrypted in the stack's configuration and so unknown to a plan; read it with requireSecret and hand it on without looking into it`;
}
