import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import type { OfflineEngine } from "./offline-engine";

/** The calls of the resource monitor's protocol that an engine answers. */
export const monitorMethods = [
  "getDeploymentInfo",
  "supportsFeature",
  "invoke",
  "call",
  "readResource",
  "existsResource",
  "registerResource",
  "registerResourceOutputs",
  "registerStackTransform",
  "registerStackInvokeTransform",
  "registerResourceHook",
  "registerErrorHook",
  "registerPackage",
  "signalAndWaitForShutdown",
] as const satisfies readonly (keyof OfflineEngine)[];

export type Reply = (error: unknown, response?: unknown) => void;

/** Passes one call on to the engine and its answer back. After a refusal there are no answers. */
export function serve(
  engine: OfflineEngine,
  method: (typeof monitorMethods)[number],
  request: unknown,
  reply: Reply,
): void {
  engine.requests++;
  if (engine.refused) return;
  engine.pending++;
  const answer = (engine[method] as (request: unknown) => Promise<unknown>)(request);
  answer.then(
    (response) => {
      engine.pending--;
      if (!engine.refused) reply(null, response);
    },
    (error: unknown) => {
      engine.pending--;
      if (!engine.refused) reply(error instanceof Error ? Object.assign(error, { details: error.message }) : error);
    },
  );
}

/** An engine as the SDK sees one in the same process: an object with the methods of a gRPC client. */
export function inProcessMonitor(engine: OfflineEngine): object {
  return Object.fromEntries(
    monitorMethods.map((method) => [
      method,
      (request: unknown, reply: Reply) => {
        serve(engine, method, request, reply);
      },
    ]),
  );
}

/** The other service of the protocol: where the program's messages go. */
export function inProcessEngine(engine: OfflineEngine): object {
  return {
    log: (request: LogRequest, reply: Reply) => {
      engine.log(request);
      reply(null);
    },
    setRootResource: (_: unknown, reply: Reply) => {
      reply(null);
    },
    requirePulumiVersion: (_: unknown, reply: Reply) => {
      reply(null);
    },
  };
}
