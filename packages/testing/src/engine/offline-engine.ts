import {
  fromWire,
  makeUrn,
  propertiesFromWire,
  signatureKey,
  signatures,
  stackType,
  unknownValue,
} from "@holdfast/policies";
import type { PlannedResource, PropertyMap } from "@holdfast/policies";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import type * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import type { AnswerValues, Answers, PlanDiagnostic, PlannedInvoke } from "../plan";
import type { Protocol } from "../sdk";
import { resolveAliases } from "./aliases";
import { fromOutputValues, outputDependencies, toOutputValues } from "./output-values";
import { plannedResource } from "./planned";
import { ProviderBook } from "./providers";
import {
  inheritFromParent,
  isProviderType,
  packageOf,
  readRegistration,
  type Registration,
  type WireProperties,
} from "./registration";
import { TransformRunner } from "./transforms";

export interface EngineSettings {
  readonly project: string;
  readonly stack: string;
  readonly rootDirectory: string;
  readonly answers: Answers;
  readonly remoteComponents: "refuse" | "opaque";
  /** Called once, with what makes the program impossible to plan. From then on the engine answers nothing. */
  readonly refuse: (problem: string) => void;
  /** Runs a function outside the program's store. */
  readonly outside: <T>(callback: () => T) => T;
}

interface Registered {
  readonly registration: Registration;
  readonly planned: PlannedResource;
  readonly transforms: readonly Callback[];
  outputs: PropertyMap | undefined;
}

/**
 * The engine of a preview without state, provider plugins or network. It answers the requests that a program sends, in the
 * order and with the rules of the real one, and remembers what was asked for.
 *
 * Each method is one call of the resource monitor's protocol; whether it arrives by gRPC or from the same process makes no
 * difference here.
 */
export class OfflineEngine {
  readonly diagnostics: PlanDiagnostic[] = [];
  readonly invokes: PlannedInvoke[] = [];
  /** Requests received so far; lets a runner see whether the program is still busy. */
  requests = 0;
  /** Requests not answered yet. */
  pending = 0;
  readonly #protocol: Protocol;
  readonly #settings: EngineSettings;
  readonly #registered = new Map<string, Registered>();
  readonly #stackTransforms: Callback[] = [];
  readonly #invokeTransforms: Callback[] = [];
  readonly #providers: ProviderBook;
  readonly #transforms: TransformRunner;
  #refused = false;

  constructor(protocol: Protocol, settings: EngineSettings) {
    this.#protocol = protocol;
    this.#settings = settings;
    this.#providers = new ProviderBook(settings.stack, settings.project);
    this.#transforms = new TransformRunner(protocol, settings.outside);
  }

  get resources(): PlannedResource[] {
    return [...this.#registered.values()].map(({ planned, outputs }) =>
      outputs === undefined ? planned : { ...planned, outputs },
    );
  }

  get stackOutputs(): PropertyMap {
    for (const { planned, outputs } of this.#registered.values()) if (planned.type === stackType) return outputs ?? {};
    return {};
  }

  get defaultProviders(): { readonly package: string; readonly version?: string }[] {
    return this.#providers.defaults;
  }

  close(): void {
    this.#refused = true;
    this.#transforms.close();
  }

  getDeploymentInfo(): Promise<resourceProto.DeploymentInfo> {
    const { DeploymentInfo, ResourceMonitorFeature: feature } = this.#protocol.resource;
    const info = new DeploymentInfo();
    info.setSupportedfeaturesList([
      feature.RESOURCE_MONITOR_FEATURE_SECRETS,
      feature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
      feature.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
      feature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
      feature.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
      feature.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
      feature.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
      feature.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
      feature.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS,
      feature.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
      feature.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
      feature.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
      feature.RESOURCE_MONITOR_FEATURE_SENDS_OPTIONS_TO_HOOKS,
      feature.RESOURCE_MONITOR_FEATURE_INVOKE_DEPENDS_ON,
      feature.RESOURCE_MONITOR_FEATURE_STATE_MIGRATIONS,
    ]);
    return Promise.resolve(info);
  }

  /** Only SDKs older than `getDeploymentInfo` ask this way. */
  supportsFeature(request: resourceProto.SupportsFeatureRequest): Promise<resourceProto.SupportsFeatureResponse> {
    const old = [
      "secrets",
      "resourceReferences",
      "outputValues",
      "aliasSpecs",
      "deletedWith",
      "transforms",
      "invokeTransforms",
      "parameterization",
      "resourceHooks",
      "errorHooks",
    ];
    const response = new this.#protocol.resource.SupportsFeatureResponse();
    response.setHassupport(old.includes(request.getId()));
    return Promise.resolve(response);
  }

  async registerResource(
    request: resourceProto.RegisterResourceRequest,
  ): Promise<resourceProto.RegisterResourceResponse> {
    const registration = readRegistration(request);
    const { options } = registration;
    const parent = registration.parent === undefined ? undefined : this.#registered.get(registration.parent);
    if (parent !== undefined) inheritFromParent(registration, parent.registration);
    if (registration.custom || registration.remote) {
      const name = packageOf(registration.type);
      options.provider ||= options.providers.get(name) ?? parent?.registration.options.providers.get(name) ?? "";
    }
    const changed = await this.#runTransforms(registration, request.getTransformsList());
    if (registration.remote && !this.#allowRemote(registration)) return this.#silence();

    const urn = this.#claimUrn(registration);
    if (urn === undefined) return this.#silence();
    const managed = registration.custom && !isProviderType(registration.type);
    const provider = managed || registration.remote ? this.#providers.resolve(registration) : undefined;
    if (isProviderType(registration.type) && registration.options.version !== "") {
      registration.properties["version"] ??= registration.options.version;
    }
    const inputs = propertiesFromWire(registration.properties);
    const answer = registration.custom
      ? this.#settings.answers.resource?.({ urn, type: registration.type, name: registration.name, inputs })
      : undefined;
    const planned = plannedResource(registration, {
      urn,
      provider,
      aliases: this.#aliases(registration, parent),
      id: answer?.id ?? (registration.options.importId || undefined),
      rootDirectory: this.#settings.rootDirectory,
    });
    this.#registered.set(urn, {
      registration,
      planned,
      transforms: request.getTransformsList(),
      outputs: answer?.outputs === undefined ? undefined : propertiesFromWire(answer.outputs),
    });

    const response = new this.#protocol.resource.RegisterResourceResponse();
    response.setUrn(urn);
    response.setId(planned.id ?? "");
    response.setResult(this.#protocol.resource.Result.SUCCESS);
    const asSent =
      !changed && answer?.outputs === undefined && registration.options.additionalSecretOutputs.length === 0;
    response.setObject(asSent ? request.getObject() : this.#struct(outputsOf(registration, answer?.outputs)));
    return response;
  }

  registerResourceOutputs(request: resourceProto.RegisterResourceOutputsRequest): Promise<unknown> {
    const registered = this.#registered.get(request.getUrn());
    if (registered !== undefined)
      registered.outputs = propertiesFromWire((request.getOutputs()?.toJavaScript() ?? {}) as WireProperties);
    return this.#empty();
  }

  readResource(request: resourceProto.ReadResourceRequest): Promise<resourceProto.ReadResourceResponse> {
    const { ReadResourceResponse, RegisterResourceRequest } = this.#protocol.resource;
    const asked = new RegisterResourceRequest();
    asked.setType(request.getType());
    asked.setName(request.getName());
    asked.setParent(request.getParent());
    asked.setCustom(true);
    asked.setObject(request.getProperties());
    asked.setDependenciesList(request.getDependenciesList());
    asked.setProvider(request.getProvider());
    asked.setVersion(request.getVersion());
    asked.setPackageref(request.getPackageref());
    asked.setAdditionalsecretoutputsList(request.getAdditionalsecretoutputsList());
    asked.setSourceposition(request.getSourceposition());
    const registration = readRegistration(asked);
    const urn = this.#claimUrn(registration);
    if (urn === undefined) return this.#silence();
    const id = request.getId();
    const inputs = propertiesFromWire(registration.properties);
    const outputs =
      registration.type === stackReferenceType
        ? this.#stackReference(id)
        : this.#settings.answers.resource?.({ urn, type: registration.type, name: registration.name, inputs })?.outputs;
    const builtIn = registration.type.startsWith("pulumi:");
    const provider = builtIn ? undefined : this.#providers.resolve(registration);
    const knownId = fromWire(id) === unknownValue ? undefined : id;
    const planned = plannedResource(registration, {
      urn,
      provider,
      aliases: [],
      id: knownId,
      rootDirectory: this.#settings.rootDirectory,
    });
    this.#registered.set(urn, {
      registration,
      planned: { ...planned, external: true },
      transforms: [],
      outputs: outputs === undefined ? undefined : propertiesFromWire(outputs),
    });
    const response = new ReadResourceResponse();
    response.setUrn(urn);
    response.setProperties(this.#struct(outputsOf(registration, outputs)));
    return Promise.resolve(response);
  }

  existsResource(): Promise<resourceProto.ExistsResourceResponse> {
    const response = new this.#protocol.resource.ExistsResourceResponse();
    response.setUnknown(true);
    return Promise.resolve(response);
  }

  async invoke(request: resourceProto.ResourceInvokeRequest): Promise<resourceProto.ResourceInvokeResponse> {
    const token = request.getTok();
    let args = (request.getArgs()?.toJavaScript() ?? {}) as WireProperties;
    const response = new this.#protocol.resource.ResourceInvokeResponse();
    if (token === "pulumi:pulumi:getResource") {
      response.setReturn(this.#struct(this.#registeredState(String(args["urn"]))));
      return response;
    }
    for (const transform of this.#invokeTransforms)
      args = await this.#transforms.transformInvoke(transform, token, args);
    const answer = this.#settings.answers.invokes?.[token];
    if (answer === undefined) {
      return this.#refuse(
        `the program looks something up in the cloud: ${token}. A plan has no cloud to ask, and components make no lookups: ` +
          `pass the value in from configuration, or give planProgram an answer for "${token}" in answers.invokes`,
      );
    }
    this.invokes.push({ token, args: propertiesFromWire(args) });
    if (request.getDependsonList().some((urn) => this.#awaitsCreation(urn))) response.setUnknown(true);
    else response.setReturn(this.#struct(typeof answer === "function" ? answer(args) : answer));
    return response;
  }

  call(request: resourceProto.ResourceCallRequest): Promise<never> {
    return this.#refuse(
      `the program calls a method of a provider: ${request.getTok()}. A plan runs no provider plugins, so the result cannot be known`,
    );
  }

  registerPackage(request: resourceProto.RegisterPackageRequest): Promise<resourceProto.RegisterPackageResponse> {
    const response = new this.#protocol.resource.RegisterPackageResponse();
    response.setRef(this.#providers.registerPackage(request));
    return Promise.resolve(response);
  }

  registerStackTransform(callback: Callback): Promise<unknown> {
    this.#stackTransforms.push(callback);
    return this.#empty();
  }

  registerStackInvokeTransform(callback: Callback): Promise<unknown> {
    this.#invokeTransforms.push(callback);
    return this.#empty();
  }

  /** Hooks run when something is created, updated or deleted; a preview does none of these. */
  registerResourceHook(): Promise<unknown> {
    return this.#empty();
  }

  registerErrorHook(): Promise<unknown> {
    return this.#empty();
  }

  signalAndWaitForShutdown(): Promise<unknown> {
    return this.#empty();
  }

  /** A message of the program or the SDK. */
  log(request: LogRequest): void {
    const severity = (["debug", "info", "warning", "error"] as const)[request.getSeverity()];
    if (severity === undefined || severity === "debug") return;
    const urn = request.getUrn();
    this.diagnostics.push({ severity, message: request.getMessage(), ...(urn === "" ? {} : { urn }) });
  }

  async #runTransforms(registration: Registration, own: readonly Callback[]): Promise<boolean> {
    const transforms = [...own];
    for (let urn = registration.parent; urn !== undefined; urn = this.#registered.get(urn)?.registration.parent) {
      transforms.push(...(this.#registered.get(urn)?.transforms ?? []));
    }
    transforms.push(...this.#stackTransforms);
    if (transforms.length === 0 && !registration.remote) return false;
    registration.properties = toOutputValues(
      registration.properties,
      registration.propertyDependencies,
      own.length > 0,
    );
    for (const transform of transforms) await this.#transforms.transform(transform, registration);
    // The engine rebuilds the dependencies only for a resource that has transforms of its own.
    const dependencies = own.length > 0 ? new Map<string, Set<string>>() : registration.propertyDependencies;
    for (const [key, value] of Object.entries(registration.properties)) {
      dependencies.set(key, outputDependencies(value, new Set(dependencies.get(key))));
    }
    registration.propertyDependencies = dependencies;
    if (own.length > 0) {
      registration.options.dependsOn = [
        ...new Set([...registration.options.dependsOn, ...[...dependencies.values()].flatMap((urns) => [...urns])]),
      ];
    }
    registration.properties = fromOutputValues(registration.properties);
    return true;
  }

  /** The URN of a new resource, unless another resource has it. */
  #claimUrn(registration: Registration): string | undefined {
    const { stack, project } = this.#settings;
    const urn = makeUrn(stack, project, registration.parent, registration.type, registration.name);
    const other = this.#registered.get(urn);
    if (other === undefined) return urn;
    const places = [other.registration, registration].map(({ sourcePosition: at }) =>
      at === undefined ? "" : `\n  at ${at.uri}:${at.line}:${at.column}`,
    );
    void this.#refuse(
      `two resources have the name "${registration.name}" and the type ${registration.type} (${urn}); give one of them another name${places.join("")}`,
    );
    return undefined;
  }

  #allowRemote(registration: Registration): boolean {
    if (this.#settings.remoteComponents === "opaque") {
      this.diagnostics.push({
        severity: "warning",
        message: `${registration.type} "${registration.name}" lives in a provider plugin; the resources inside it are not in this plan`,
      });
      return true;
    }
    void this.#refuse(
      `${registration.type} "${registration.name}" lives in a provider plugin, and a plan runs none, so the resources inside it cannot be known. ` +
        'Use a component of this language, or set remoteComponents: "opaque" to plan it as one closed resource',
    );
    return false;
  }

  #aliases(registration: Registration, parent: Registered | undefined): string[] {
    const parentAliases = parent?.planned.aliases ?? [];
    if (registration.options.aliases.length === 0 && parentAliases.length === 0) return [];
    const { stack, project } = this.#settings;
    const { type, name } = registration;
    return resolveAliases(
      { stack, project, type, name, parent: registration.parent },
      registration.options.aliases,
      parentAliases,
    );
  }

  #stackReference(name: string): AnswerValues {
    const outputs = this.#settings.answers.stackReferences?.[name];
    return outputs === undefined ? { name } : { name, outputs, secretOutputNames: [] };
  }

  #registeredState(urn: string): WireProperties {
    const registered = this.#registered.get(urn);
    if (registered === undefined) return { urn, id: "", state: {} };
    return {
      urn,
      id: registered.planned.id ?? "",
      state: { ...registered.registration.properties, ...registered.outputs },
    };
  }

  #awaitsCreation(urn: string): boolean {
    const planned = this.#registered.get(urn)?.planned;
    return planned?.custom === true && planned.id === undefined;
  }

  #struct(values: WireProperties) {
    return this.#protocol.struct.Struct.fromJavaScript(values as never);
  }

  #empty(): Promise<unknown> {
    return Promise.resolve(new this.#protocol.empty.Empty());
  }

  #refuse(problem: string): Promise<never> {
    if (!this.#refused) {
      this.#refused = true;
      this.#settings.refuse(problem);
    }
    return this.#silence();
  }

  /** A program that has been refused gets no more answers: an error would only make it report everything that follows. */
  #silence(): Promise<never> {
    return new Promise(() => undefined);
  }

  get refused(): boolean {
    return this.#refused;
  }
}

const stackReferenceType = "pulumi:pulumi:StackReference";

/** A preview's outputs: the inputs, what the answers add, and a secret mark on what the resource declares secret. */
function outputsOf(registration: Registration, answered: AnswerValues | undefined): WireProperties {
  const outputs: WireProperties = { ...registration.properties, ...answered };
  for (const key of registration.options.additionalSecretOutputs) {
    const value = outputs[key] ?? unknownValue;
    const secret = typeof value === "object" && (value as Record<string, unknown>)[signatureKey] === signatures.secret;
    outputs[key] = secret ? value : { [signatureKey]: signatures.secret, value };
  }
  return outputs;
}
