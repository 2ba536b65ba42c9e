import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as grpc from "@grpc/grpc-js";
import type * as engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb";
import type * as engineProto from "@pulumi/pulumi/proto/engine_pb";
import type * as resourceGrpc from "@pulumi/pulumi/proto/resource_grpc_pb";
import type * as emptyProto from "google-protobuf/google/protobuf/empty_pb";
import { monitorMethods, serve } from "../engine/monitor";
import type { OfflineEngine } from "../engine/offline-engine";
import { tidyReport, type Problem } from "./describe-error";
import type { ProgramRun } from "./program-run";

/** Exit code by which the SDK's runner says that it has told the engine what went wrong. */
const toldTheEngine = 32;

/**
 * Runs a program by the SDK's own runner in a process of its own, with the engine behind two gRPC services as in the real
 * thing. Returns what went wrong; an empty list when nothing did.
 */
export async function runInProcess(run: ProgramRun): Promise<Problem[]> {
  const { sdk, engine } = run;
  const require = createRequire(join(sdk.root, "package.json"));
  const { Server, ServerCredentials } = require("@grpc/grpc-js") as typeof grpc;
  const server = new Server({
    "grpc.max_receive_message_length": 400 * 2 ** 20,
    "grpc.max_send_message_length": 400 * 2 ** 20,
  });
  const monitorService = (require("./proto/resource_grpc_pb") as typeof resourceGrpc).ResourceMonitorService;
  server.addService(monitorService, monitorHandlers(engine));
  server.addService(
    (require("./proto/engine_grpc_pb") as typeof engineGrpc).EngineService,
    engineHandlers(require, engine),
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });

  const child = spawn(process.execPath, [...runnerArguments(run, `127.0.0.1:${port}`)], {
    cwd: run.workDir,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify(run.config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(run.secretKeys),
      PULUMI_NODEJS_TYPESCRIPT: String(/\.[cm]?ts$/.test(run.main) && !run.esModule),
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    },
  });
  const errors: string[] = [];
  const lines = (severity: "info" | "warning") => (chunk: Buffer) => {
    const message = chunk.toString().trimEnd();
    if (severity === "warning") errors.push(message);
    if (message !== "") engine.diagnostics.push({ severity, message });
  };
  child.stdout.on("data", lines("info"));
  child.stderr.on("data", lines("warning"));
  const exit = new Promise<number | string>((resolve) => {
    child.on("error", (error) => {
      resolve(error.message);
    });
    child.on("close", (code, signal) => {
      resolve(code ?? signal ?? 1);
    });
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Problem[]>((resolve) => {
    timer = setTimeout(() => {
      resolve(problems([`the program did not end within ${run.timeoutMs / 1000} seconds`]));
    }, run.timeoutMs);
  });
  try {
    return await Promise.race([
      late,
      run.refusal.then((problem) => problems([problem])),
      exit.then((code) => problems(whatFailed(code, errors, engine))),
    ]);
  } finally {
    clearTimeout(timer);
    engine.close();
    child.kill("SIGKILL");
    await exit;
    server.forceShutdown();
  }
}

function runnerArguments(run: ProgramRun, address: string): string[] {
  return [
    join(run.sdk.root, "cmd", "run"),
    `--monitor=${address}`,
    `--engine=${address}`,
    `--project=${run.project}`,
    `--stack=${run.stack}`,
    `--organization=${run.organization}`,
    `--root-directory=${run.rootDirectory}`,
    `--pwd=${run.workDir}`,
    "--parallel=16",
    "--dry-run=true",
    run.main,
  ];
}

function problems(texts: readonly string[]): Problem[] {
  return [...new Set(texts)].map((text) => ({ text, placeMissing: false }));
}

function whatFailed(code: number | string, errors: readonly string[], engine: OfflineEngine): string[] {
  const told = engine.diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => tidyReport(message));
  if (code === 0) return told;
  if (told.length > 0 && (code === toldTheEngine || code === 1)) return told;
  const said = errors.join("\n").trim();
  return [said === "" ? `the program ended its own process with exit code ${code}` : tidyReport(said)];
}

type Call = grpc.ServerUnaryCall<unknown, unknown>;
type Answer = grpc.sendUnaryData<unknown>;

function monitorHandlers(engine: OfflineEngine): grpc.UntypedServiceImplementation {
  return Object.fromEntries(
    monitorMethods.map((method) => [
      method,
      (call: Call, answer: Answer) => {
        serve(engine, method, call.request, (error, response) => {
          answer(error as Error | null, response);
        });
      },
    ]),
  );
}

function engineHandlers(require: NodeJS.Require, engine: OfflineEngine): grpc.UntypedServiceImplementation {
  const { Empty } = require("google-protobuf/google/protobuf/empty_pb") as typeof emptyProto;
  const proto = require("./proto/engine_pb") as typeof engineProto;
  const replyWith = (create: () => unknown) => (_call: Call, answer: Answer) => {
    answer(null, create());
  };
  return {
    log: (call: grpc.ServerUnaryCall<engineProto.LogRequest, unknown>, answer: Answer) => {
      engine.log(call.request);
      answer(null, new Empty());
    },
    getRootResource: replyWith(() => new proto.GetRootResourceResponse()),
    setRootResource: replyWith(() => new proto.SetRootResourceResponse()),
    startDebugging: replyWith(() => new Empty()),
    requirePulumiVersion: replyWith(() => new proto.RequirePulumiVersionResponse()),
  };
}
