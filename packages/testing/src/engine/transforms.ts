import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import type { TransformResourceOptions } from "@pulumi/pulumi/proto/resource_pb";
import type { Protocol } from "../sdk";
import type { Callbacks } from "./callbacks";
import { fromOutputValues, outputDependencies, toOutputValues } from "./output-values";
import type { Registration, RegistrationOptions, WireProperties } from "./registration";

/** Runs transforms, which are functions of the program. */
export class TransformRunner {
  readonly #protocol: Protocol;
  readonly #callbacks: Callbacks;

  constructor(protocol: Protocol, callbacks: Callbacks) {
    this.#protocol = protocol;
    this.#callbacks = callbacks;
  }

  /** Runs the transforms of a resource, then the inherited ones: of its parents outwards, then of the stack. Returns whether there were any. */
  async run(registration: Registration, own: readonly Callback[], inherited: readonly Callback[]): Promise<boolean> {
    if (own.length === 0 && inherited.length === 0) return false;
    registration.properties = toOutputValues(
      registration.properties,
      registration.propertyDependencies,
      own.length > 0,
    );
    for (const transform of [...own, ...inherited]) await this.#transform(transform, registration);
    // The engine takes a resource's dependencies anew from its values only if it has transforms of its own.
    const dependencies = own.length > 0 ? new Map<string, Set<string>>() : registration.propertyDependencies;
    for (const [key, value] of Object.entries(registration.properties)) {
      dependencies.set(key, outputDependencies(value, new Set(dependencies.get(key))));
    }
    registration.propertyDependencies = dependencies;
    if (own.length > 0) {
      const all = [...dependencies.values()].flatMap((urns) => [...urns]);
      registration.options.dependsOn = [...new Set([...registration.options.dependsOn, ...all])];
    }
    registration.properties = fromOutputValues(registration.properties);
    return true;
  }

  /** Lets one transform change the properties and options of a resource. */
  async #transform(callback: Callback, registration: Registration): Promise<void> {
    const { resource, struct } = this.#protocol;
    const request = new resource.TransformRequest();
    request.setType(registration.type);
    request.setName(registration.name);
    request.setCustom(registration.custom);
    request.setParent(registration.parent ?? "");
    request.setProperties(struct.Struct.fromJavaScript(registration.properties as never));
    request.setOptions(this.#writeOptions(registration.options));
    const answer = resource.TransformResponse.deserializeBinary(
      await this.#callbacks.call(callback, request.serializeBinary()),
    );
    const properties = answer.getProperties();
    if (properties !== undefined) registration.properties = properties.toJavaScript();
    const options = answer.getOptions();
    if (options !== undefined) registration.options = readOptions(options);
  }

  /** Lets one transform change the arguments of a provider function. */
  async transformInvoke(callback: Callback, token: string, args: WireProperties): Promise<WireProperties> {
    const { resource, struct } = this.#protocol;
    const request = new resource.TransformInvokeRequest();
    request.setToken(token);
    request.setArgs(struct.Struct.fromJavaScript(args as never));
    request.setOptions(new resource.TransformInvokeOptions());
    const answer = resource.TransformInvokeResponse.deserializeBinary(
      await this.#callbacks.call(callback, request.serializeBinary()),
    );
    return answer.getArgs()?.toJavaScript() ?? args;
  }

  #writeOptions(options: RegistrationOptions): TransformResourceOptions {
    const message = new this.#protocol.resource.TransformResourceOptions();
    message.setDependsOnList(options.dependsOn);
    if (options.protect !== undefined) message.setProtect(options.protect);
    if (options.retainOnDelete !== undefined) message.setRetainOnDelete(options.retainOnDelete);
    message.setDeletedWith(options.deletedWith);
    if (options.deleteBeforeReplace !== undefined) message.setDeleteBeforeReplace(options.deleteBeforeReplace);
    message.setIgnoreChangesList(options.ignoreChanges);
    message.setReplaceOnChangesList(options.replaceOnChanges);
    message.setAdditionalSecretOutputsList(options.additionalSecretOutputs);
    message.setAliasesList(options.aliases);
    message.setProvider(options.provider);
    for (const [key, reference] of options.providers) message.getProvidersMap().set(key, reference);
    message.setVersion(options.version);
    message.setPluginDownloadUrl(options.pluginDownloadUrl);
    message.setImport(options.importId);
    message.setCustomTimeouts(options.customTimeouts);
    message.setHooks(options.hooks);
    return message;
  }
}

function readOptions(message: TransformResourceOptions): RegistrationOptions {
  return {
    dependsOn: message.getDependsOnList(),
    protect: message.hasProtect() ? message.getProtect() : undefined,
    retainOnDelete: message.hasRetainOnDelete() ? message.getRetainOnDelete() : undefined,
    deletedWith: message.getDeletedWith(),
    deleteBeforeReplace: message.hasDeleteBeforeReplace() ? message.getDeleteBeforeReplace() : undefined,
    ignoreChanges: message.getIgnoreChangesList(),
    replaceOnChanges: message.getReplaceOnChangesList(),
    additionalSecretOutputs: message.getAdditionalSecretOutputsList(),
    aliases: message.getAliasesList(),
    provider: message.getProvider(),
    providers: new Map(message.getProvidersMap().entries()),
    version: message.getVersion(),
    pluginDownloadUrl: message.getPluginDownloadUrl(),
    importId: message.getImport(),
    customTimeouts: message.getCustomTimeouts(),
    hooks: message.getHooks(),
  };
}
