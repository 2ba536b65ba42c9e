import { fromWire, propertiesFromWire, unknownValue, type PlannedResource, type PropertyMap } from "@holdfast/policies";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import type * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { AnswerValues, Answers, PlanDiagnostic, PlannedInvoke } from "../plan";
import type { Position } from "../program/describe-error";
import type { Protocol } from "../sdk";
import type { Callbacks } from "./callbacks";
import { namedFeatures, supportedFeatures } from "./features";
import { fromOutputValues } from "./output-values";
import { outputsOf } from "./preview-outputs";
import { plannedResource, projectPosition } from "./planned";
import { ProviderBook } from "./providers";
import { RegisteredResources } from "./registered";
import {
  inheritFromParent,
  isProviderType,
  readReadRequest,
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
  readonly callbacks: Callbacks;
  /** A position in compiled code as its author wrote it. */
  readonly original: (position: Position) => Position;
}

const stackReferenceType = "pulumi:pulumi:StackReference";

/**
 * The engine of a preview without state, provider plugins or network. It answers the requests that a program sends, by the
 * rules of the real one, and remembers what was asked for.
 *
 * Most methods are one call of the resource monitor's protocol; whether it arrives by gRPC or from the same process makes no
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
  readonly #registered: RegisteredResources;
  readonly #stackTransforms: Callback[] = [];
  readonly #invokeTransforms: Callback[] = [];
  readonly #providers: ProviderBook;
  readonly #transforms: TransformRunner;
  #refused = false;

  constructor(protocol: Protocol, settings: EngineSettings) {
    this.#protocol = protocol;
    this.#settings = settings;
    this.#registered = new RegisteredResources(settings.stack, settings.project);
    this.#providers = new ProviderBook(settings.stack, settings.project);
    this.#transforms = new TransformRunner(protocol, settings.callbacks);
  }

  /** Everything that was registered, in that order. */
  get resources(): PlannedResource[] {
    return this.#registered.planned();
  }

  get stackOutputs(): PropertyMap {
    return this.#registered.stackOutputs();
  }

  get defaultProviders(): { readonly package: string; readonly version?: string }[] {
    return this.#providers.defaults;
  }

  /** Whether the engine has stopped answering. */
  get refused(): boolean {
    return this.#refused;
  }

  close(): void {
    this.#refused = true;
    this.#settings.callbacks.close();
  }

  getDeploymentInfo(): Promise<resourceProto.DeploymentInfo> {
    const info = new this.#protocol.resource.DeploymentInfo();
    info.setSupportedfeaturesList(supportedFeatures(this.#protocol.resource));
    return Promise.resolve(info);
  }

  supportsFeature(request: resourceProto.SupportsFeatureRequest): Promise<resourceProto.SupportsFeatureResponse> {
    const response = new this.#protocol.resource.SupportsFeatureResponse();
    response.setHassupport(namedFeatures.has(request.getId()));
    return Promise.resolve(response);
  }

  async registerResource(
    request: resourceProto.RegisterResourceRequest,
  ): Promise<resourceProto.RegisterResourceResponse> {
    const registration = readRegistration(request);
    const parent = this.#registered.get(registration.parent)?.registration;
    if (parent !== undefined) inheritFromParent(registration, parent);
    const transforms = request.getTransformsList();
    const inherited = [...this.#registered.parentsOf(registration)].flatMap((one) => one.transforms);
    const transformed = await this.#transforms.run(registration, transforms, [...inherited, ...this.#stackTransforms]);
    if (registration.remote) {
      registration.properties = fromOutputValues(registration.properties);
      if (!this.#allowRemote(registration)) return silence();
    }

    const urn = this.#registered.urnOf(registration);
    if (this.#isTaken(urn, registration)) return silence();
    const isProvider = isProviderType(registration.type);
    if (isProvider && registration.options.version !== "")
      registration.properties.version ??= registration.options.version;
    const answer = registration.custom ? this.#answer(urn, registration) : undefined;
    const planned = plannedResource(registration, {
      urn,
      provider:
        (registration.custom && !isProvider) || registration.remote ? this.#providers.resolve(registration) : undefined,
      aliases: this.#registered.aliasesOf(registration),
      id: answer?.id ?? (registration.options.importId || undefined),
      sourcePosition: this.#sourcePosition(registration),
    });
    const outputs = answer?.outputs === undefined ? undefined : propertiesFromWire(answer.outputs);
    this.#registered.add({ registration, planned, transforms, outputs });

    const response = new this.#protocol.resource.RegisterResourceResponse();
    response.setUrn(urn);
    response.setId(planned.id ?? "");
    response.setResult(this.#protocol.resource.Result.SUCCESS);
    const asSent = !transformed && outputs === undefined && registration.options.additionalSecretOutputs.length === 0;
    if (registration.custom || registration.remote) {
      response.setObject(
        asSent && !registration.remote ? request.getObject() : this.#struct(outputsOf(registration, answer?.outputs)),
      );
    } else {
      // A component's outputs are what it registers later.
      response.setObject(this.#struct({}));
    }
    return response;
  }

  registerResourceOutputs(request: resourceProto.RegisterResourceOutputsRequest): Promise<unknown> {
    const registered = this.#registered.get(request.getUrn());
    if (registered !== undefined) registered.outputs = propertiesFromWire(request.getOutputs()?.toJavaScript() ?? {});
    return this.#empty();
  }

  readResource(request: resourceProto.ReadResourceRequest): Promise<resourceProto.ReadResourceResponse> {
    const registration = readReadRequest(request);
    const urn = this.#registered.urnOf(registration);
    if (this.#isTaken(urn, registration)) return silence();
    const id = request.getId();
    const values =
      registration.type === stackReferenceType ? this.#stackReference(id) : this.#answer(urn, registration)?.outputs;
    const planned = plannedResource(registration, {
      urn,
      provider: registration.type.startsWith("pulumi:") ? undefined : this.#providers.resolve(registration),
      aliases: [],
      id: fromWire(id) === unknownValue ? undefined : id,
      sourcePosition: this.#sourcePosition(registration),
    });
    const outputs = values === undefined ? undefined : propertiesFromWire(values);
    this.#registered.add({ registration, planned: { ...planned, external: true }, transforms: [], outputs });
    const response = new this.#protocol.resource.ReadResourceResponse();
    response.setUrn(urn);
    response.setProperties(this.#struct(outputsOf(registration, values)));
    return Promise.resolve(response);
  }

  /** Whether something exists is for the cloud to say. */
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
      response.setReturn(this.#struct(this.#registered.stateOf(String(args.urn))));
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
    if (request.getDependsonList().some((urn) => this.#registered.awaitsCreation(urn))) response.setUnknown(true);
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
    const severities: readonly (PlanDiagnostic["severity"] | undefined)[] = [undefined, "info", "warning", "error"];
    const severity = severities[request.getSeverity()];
    const urn = request.getUrn();
    if (severity !== undefined)
      this.diagnostics.push({ severity, message: request.getMessage(), ...(urn === "" ? {} : { urn }) });
  }

  /** Refuses the program when another resource has the URN already. */
  #isTaken(urn: string, registration: Registration): boolean {
    const other = this.#registered.get(urn)?.registration;
    if (other === undefined) return false;
    const places = [other, registration].flatMap(({ position }) =>
      position === undefined ? [] : [this.#settings.original(position)],
    );
    void this.#refuse(
      [
        `two resources of type ${registration.type} have the name "${registration.name}" (${urn}); give one of them another name`,
        ...places.map(({ file, line, column }) => `  at ${file}:${line}:${column}`),
      ].join("\n"),
    );
    return true;
  }

  #allowRemote({ type, name }: Registration): boolean {
    const what = `${type} "${name}" lives in a provider plugin, and a plan runs none`;
    if (this.#settings.remoteComponents === "opaque") {
      this.diagnostics.push({ severity: "warning", message: `${what}: the resources inside it are not in this plan` });
      return true;
    }
    void this.#refuse(
      `${what}, so the resources inside it cannot be known; use a component of this language, ` +
        'or set remoteComponents: "opaque" to plan it as one closed resource',
    );
    return false;
  }

  #answer(
    urn: string,
    { type, name, properties }: Registration,
  ): { readonly id?: string; readonly outputs?: AnswerValues } | undefined {
    return this.#settings.answers.resource?.({ urn, type, name, inputs: propertiesFromWire(properties) });
  }

  #stackReference(name: string): AnswerValues {
    const outputs = this.#settings.answers.stackReferences?.[name];
    return outputs === undefined ? { name } : { name, outputs, secretOutputNames: [] };
  }

  #sourcePosition({ position }: Registration): string | undefined {
    return position === undefined
      ? undefined
      : projectPosition(this.#settings.original(position), this.#settings.rootDirectory);
  }

  #struct(values: AnswerValues): Struct {
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
    return silence();
  }
}

/** A program that has been refused gets no more answers: an error would only make it report everything that follows. */
function silence(): Promise<never> {
  return new Promise(() => undefined);
}
