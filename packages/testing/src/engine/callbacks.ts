import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import type { CallbacksClient } from "@pulumi/pulumi/proto/callback_grpc_pb";
import type { Protocol, Sdk, SdkStore } from "../sdk";

/** How the engine calls functions of the program, such as transforms. The SDK keeps them in a server beside the program. */
export interface Callbacks {
  call(callback: Callback, request: Uint8Array): Promise<Uint8Array>;
  close(): void;
}

/** For a program in another process: by gRPC, as the real engine does. */
export function remoteCallbacks(protocol: Protocol): Callbacks {
  const clients = new Map<string, CallbacksClient>();
  const clientOf = (target: string): CallbacksClient => {
    const known = clients.get(target);
    if (known !== undefined) return known;
    const { grpc, callbacks } = protocol.callbackClient();
    const client = new callbacks.CallbacksClient(target, grpc.credentials.createInsecure());
    clients.set(target, client);
    return client;
  };
  return {
    call: (callback, request) =>
      new Promise((resolve, reject) => {
        clientOf(callback.getTarget()).invoke(message(protocol, callback, request), (error, response) => {
          if (error) reject(new Error(error.details));
          else resolve(response.getResponse_asU8());
        });
      }),
    close: () => {
      for (const client of clients.values()) client.close();
    },
  };
}

/**
 * For a program in this process: the method that would answer the gRPC call, inside the program's store. Through a socket the
 * call would arrive without the store, and the SDK would take secrets for plain values there.
 */
export function localCallbacks({ protocol, runInStore }: Sdk, store: SdkStore): Callbacks {
  return {
    call: (callback, request) =>
      new Promise((resolve, reject) => {
        const server = store.callbacks;
        if (server === undefined) {
          reject(new Error("the program has no callback server"));
          return;
        }
        runInStore(store, () =>
          server.invoke({ request: message(protocol, callback, request) }, (error, response) => {
            if (error || response === undefined) reject(new Error(error?.details ?? "the callback gave no answer"));
            else resolve(response.getResponse_asU8());
          }),
        );
      }),
    close: () => undefined,
  };
}

function message(protocol: Protocol, callback: Callback, request: Uint8Array) {
  const invocation = new protocol.callback.CallbackInvokeRequest();
  invocation.setToken(callback.getToken());
  invocation.setRequest(request);
  return invocation;
}
