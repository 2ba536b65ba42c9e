import type * as grpc from "@grpc/grpc-js";
import type * as pluginProto from "@pulumi/pulumi/proto/plugin_pb";
import type * as providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb";
import type * as providerProto from "@pulumi/pulumi/proto/provider_pb";
import type * as emptyProto from "google-protobuf/google/protobuf/empty_pb";
import type * as structProto from "google-protobuf/google/protobuf/struct_pb";
import { loadGrpc, sdkRequire, servePlugin } from "./plugin-process";
import type { Properties, Provider, Subject } from "./provider";

type Unary<Request, Response> = grpc.handleUnaryCall<Request, Response>;

/** Serves a provider over the engine's protocol. It takes no secrets: the engine unwraps them and marks the outputs itself. */
export function serveProvider(provider: Provider, version: string): void {
  const proto = sdkRequire("./proto/provider_pb") as typeof providerProto;
  const { ResourceProviderService } = sdkRequire("./proto/provider_grpc_pb") as typeof providerGrpc;
  const plugin = sdkRequire("./proto/plugin_pb") as typeof pluginProto;
  const { Empty } = sdkRequire("google-protobuf/google/protobuf/empty_pb.js") as typeof emptyProto;
  const { Struct } = sdkRequire("google-protobuf/google/protobuf/struct_pb.js") as typeof structProto;
  const { status } = loadGrpc();
  const struct = (value: Properties) => Struct.fromJavaScript(value as Parameters<typeof Struct.fromJavaScript>[0]);
  const answer =
    <Request, Response>(work: (request: Request) => Response | Promise<Response>): Unary<Request, Response> =>
    ({ request }, callback) => {
      Promise.resolve()
        .then(() => work(request))
        .then(
          (response) => {
            callback(null, response);
          },
          (error: unknown) => {
            callback({ code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
          },
        );
    };
  const unimplemented =
    <Request, Response>(): Unary<Request, Response> =>
    (_call, callback) => {
      callback({ code: status.UNIMPLEMENTED, details: "not part of this stand-in" });
    };
  const accepted = answer<providerProto.CheckRequest, providerProto.CheckResponse>((request) =>
    new proto.CheckResponse().setInputs(request.getNews()),
  );

  servePlugin<providerGrpc.IResourceProviderServer>(
    ResourceProviderService,
    {
      handshake: answer(() => new proto.ProviderHandshakeResponse()),
      getPluginInfo: answer(() => new plugin.PluginInfo().setVersion(version)),
      checkConfig: accepted,
      diffConfig: answer(() => new proto.DiffResponse().setChanges(proto.DiffResponse.DiffChanges.DIFF_NONE)),
      configure: answer((request) => {
        const settings: [string, string][] = [];
        request.getVariablesMap().forEach((value, key) => settings.push([key.split(":").at(-1) ?? key, value]));
        provider.configure(Object.fromEntries(settings));
        return new proto.ConfigureResponse().setSupportspreview(true);
      }),
      check: answer(async (request) => {
        const seed = Buffer.from(request.getRandomseed_asU8());
        const checked = await provider.check(
          subject(request),
          plain(request.getOlds()),
          plain(request.getNews()),
          seed,
        );
        return new proto.CheckResponse()
          .setInputs(struct(checked.inputs))
          .setFailuresList(
            checked.failures.map(({ property, reason }) =>
              new proto.CheckFailure().setProperty(property).setReason(reason),
            ),
          );
      }),
      diff: answer(async (request) => {
        const ignored = new Set(request.getIgnorechangesList().map((path) => path.split(/[.[]/)[0]));
        const state = { id: request.getId(), outputs: plain(request.getOlds()) };
        const found = await provider.diff(
          subject(request),
          plain(request.getOldInputs()),
          plain(request.getNews()),
          state,
        );
        const changed = found.changed.filter(({ property }) => !ignored.has(property));
        const replaces = found.replacing.filter((property) => !ignored.has(property));
        const response = new proto.DiffResponse()
          .setChanges(
            changed.length > 0 ? proto.DiffResponse.DiffChanges.DIFF_SOME : proto.DiffResponse.DiffChanges.DIFF_NONE,
          )
          .setDiffsList(changed.map(({ property }) => property))
          .setReplacesList(replaces)
          .setDeletebeforereplace(replaces.length > 0 && found.deleteFirst)
          .setHasdetaileddiff(true);
        for (const { property, kind } of changed) {
          const name = `${kind.toUpperCase()}${replaces.includes(property) ? "_REPLACE" : ""}`;
          response
            .getDetaileddiffMap()
            .set(
              property,
              new proto.PropertyDiff()
                .setKind(proto.PropertyDiff.Kind[name as keyof typeof proto.PropertyDiff.Kind])
                .setInputdiff(true),
            );
        }
        return response;
      }),
      create: answer(async (request) => {
        const created = await provider.create(subject(request), plain(request.getProperties()), request.getPreview());
        return new proto.CreateResponse().setId(created.id).setProperties(struct(created.outputs));
      }),
      read: answer(async (request) => {
        const found = await provider.read(
          subject(request),
          request.getId(),
          plain(request.getProperties()),
          plain(request.getInputs()),
        );
        const response = new proto.ReadResponse();
        if (found === undefined) return response;
        // The cloud does not know which names Pulumi made up; only the state does. After an import, also of a creation that
        // was cut off, nobody does: the bridge then answers that none was. https://github.com/pulumi/pulumi/issues/9210
        const imported = Object.keys(plain(request.getProperties())).length === 0;
        const madeUp = imported ? [] : (plain(request.getInputs()).__defaults ?? []);
        const inputs = { ...found.inputs, __defaults: madeUp };
        return response.setId(request.getId()).setProperties(struct(found.outputs)).setInputs(struct(inputs));
      }),
      update: answer(async (request) => {
        const olds = plain(request.getOlds());
        const news = plain(request.getNews());
        const outputs = await provider.update(subject(request), request.getId(), olds, news, request.getPreview());
        return new proto.UpdateResponse().setProperties(struct(outputs));
      }),
      delete: answer(async (request) => {
        await provider.delete(subject(request), request.getId(), plain(request.getProperties()));
        return new Empty();
      }),
      invoke: answer((request) => {
        throw new Error(
          `${request.getTok()} looks something up in the cloud, and the stand-in knows none; hand the value in as configuration`,
        );
      }),
      cancel: answer(() => new Empty()),
      list: (call) => {
        call.emit("error", { code: 12, details: "not part of this stand-in" });
      },
      parameterize: unimplemented(),
      getSchema: unimplemented(),
      call: unimplemented(),
      construct: unimplemented(),
      attach: unimplemented(),
      getMapping: unimplemented(),
      getMappings: unimplemented(),
    },
    () => undefined,
  );
}

function plain(value: structProto.Struct | undefined): Properties {
  return value?.toJavaScript() ?? {};
}

function subject(request: { getUrn(): string }): Subject {
  const urn = request.getUrn();
  const [, , types = "", ...name] = urn.split("::");
  return { urn, type: types.split("$").at(-1) ?? "", name: name.join("::") };
}
