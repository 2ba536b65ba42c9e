import type { AsyncLocalStorage } from "node:async_hooks";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type * as grpc from "@grpc/grpc-js";
import type * as callbackGrpc from "@pulumi/pulumi/proto/callback_grpc_pb";
import type * as callbackProto from "@pulumi/pulumi/proto/callback_pb";
import type * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import type * as emptyProto from "google-protobuf/google/protobuf/empty_pb";
import type * as structProto from "google-protobuf/google/protobuf/struct_pb";

/** The messages of the engine's protocol, from one copy of the SDK. */
export interface Protocol {
  readonly resource: typeof resourceProto;
  readonly callback: typeof callbackProto;
  readonly struct: typeof structProto;
  readonly empty: typeof emptyProto;
  /** Loaded on first use: only transforms need a client. */
  readonly callbackClient: () => { grpc: typeof grpc; callbacks: typeof callbackGrpc };
}

/** The state the SDK keeps for one program. Only what is set or read here. */
export interface SdkStore {
  settings: {
    options: {
      project?: string;
      stack?: string;
      organization?: string;
      rootDirectory?: string;
      dryRun?: boolean;
      parallel?: number;
      monitorAddr?: string;
      engineAddr?: string;
    };
    monitor?: unknown;
    engine?: unknown;
  };
  callbacks?: {
    invoke(
      call: { request: callbackProto.CallbackInvokeRequest },
      callback: (error: { readonly details?: string } | null, response?: callbackProto.CallbackInvokeResponse) => void,
    ): unknown;
    shutdown(): void;
  };
  logErrorCount: number;
  stackResource?: unknown;
}

/**
 * One copy of the Pulumi SDK: the one the program itself loads. Everything that leans on parts of the SDK which are not
 * documented API is reached through here.
 */
export interface Sdk {
  /** Folder of the package. */
  readonly root: string;
  readonly version: string;
  readonly protocol: Protocol;
  readonly withLocalStorage: <T>(callback: () => T) => T;
  readonly getStore: () => SdkStore;
  readonly getLocalStore: () => SdkStore | undefined;
  /** Runs a function inside a store that was made before. */
  readonly runInStore: <T>(store: SdkStore, callback: () => T) => T;
  readonly setAllConfig: (config: Record<string, string>, secretKeys: string[]) => void;
  readonly runInPulumiStack: (init: () => unknown) => Promise<unknown>;
  readonly waitForRPCs: () => Promise<void>;
  readonly leakedPromises: () => [Set<unknown>, string];
}

/** Finds and loads the SDK that a program in this file would load; `undefined` when there is none. */
export function loadSdk(programFile: string): Sdk | undefined {
  const requireFromProgram = createRequire(programFile);
  let manifest: string;
  try {
    manifest = requireFromProgram.resolve("@pulumi/pulumi/package.json");
  } catch {
    return undefined;
  }
  const root = dirname(manifest);
  const require = createRequire(manifest);
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  const state = require("./runtime/state") as Pick<Sdk, "withLocalStorage" | "getStore" | "getLocalStore">;
  const settings = require("./runtime/settings") as Pick<Sdk, "waitForRPCs">;
  const config = require("./runtime/config") as Pick<Sdk, "setAllConfig">;
  const stack = require("./runtime/stack") as Pick<Sdk, "runInPulumiStack">;
  const debuggable = require("./runtime/debuggable") as Pick<Sdk, "leakedPromises">;
  return {
    root,
    version,
    protocol: loadProtocol(require),
    withLocalStorage: state.withLocalStorage,
    getStore: state.getStore,
    getLocalStore: state.getLocalStore,
    runInStore: (store, callback) => storage().run(store, callback),
    setAllConfig: config.setAllConfig,
    runInPulumiStack: stack.runInPulumiStack,
    waitForRPCs: settings.waitForRPCs,
    leakedPromises: debuggable.leakedPromises,
  };
}

/** Where the SDK keeps the store of the program that runs right now; every copy of it uses the same one. */
function storage(): AsyncLocalStorage<SdkStore> {
  return (globalThis as unknown as { asyncLocalStorage: AsyncLocalStorage<SdkStore> }).asyncLocalStorage;
}

function loadProtocol(require: NodeJS.Require): Protocol {
  return {
    resource: require("./proto/resource_pb") as typeof resourceProto,
    callback: require("./proto/callback_pb") as typeof callbackProto,
    struct: require("google-protobuf/google/protobuf/struct_pb") as typeof structProto,
    empty: require("google-protobuf/google/protobuf/empty_pb") as typeof emptyProto,
    callbackClient: () => ({
      grpc: require("@grpc/grpc-js") as typeof grpc,
      callbacks: require("./proto/callback_grpc_pb") as typeof callbackGrpc,
    }),
  };
}
