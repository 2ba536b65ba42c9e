import { fileURLToPath } from "node:url";
import type { ReadResourceRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import type { SourcePosition } from "@pulumi/pulumi/proto/source_pb";
import type { Position } from "../program/describe-error";

/** Properties as they travel: JSON with signed objects for secrets, outputs, assets and references. */
export type WireProperties = Record<string, unknown>;

/** The options of a resource. These are what transforms may change. */
export interface RegistrationOptions {
  dependsOn: string[];
  protect: boolean | undefined;
  retainOnDelete: boolean | undefined;
  deletedWith: string;
  deleteBeforeReplace: boolean | undefined;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  additionalSecretOutputs: string[];
  aliases: Alias[];
  provider: string;
  providers: ReadonlyMap<string, string>;
  version: string;
  pluginDownloadUrl: string;
  importId: string;
  customTimeouts: RegisterResourceRequest.CustomTimeouts | undefined;
  hooks: RegisterResourceRequest.ResourceHooksBinding | undefined;
}

/** One request to register a resource, as plain values. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly parent: string | undefined;
  readonly custom: boolean;
  readonly remote: boolean;
  readonly packageRef: string;
  /** Where the code that runs created it. */
  readonly position: Position | undefined;
  properties: WireProperties;
  propertyDependencies: Map<string, Set<string>>;
  options: RegistrationOptions;
}

export function readRegistration(request: RegisterResourceRequest): Registration {
  const properties = (request.getObject()?.toJavaScript() ?? {}) as WireProperties;
  const propertyDependencies = new Map<string, Set<string>>();
  for (const [key, dependencies] of request.getPropertydependenciesMap().entries()) {
    propertyDependencies.set(key, new Set(dependencies.getUrnsList()));
  }
  return {
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent() || undefined,
    custom: request.getCustom(),
    remote: request.getRemote(),
    packageRef: request.getPackageref(),
    position: positionOf(request.getSourceposition()),
    properties,
    propertyDependencies,
    options: {
      dependsOn: request.getDependenciesList(),
      protect: request.hasProtect() ? request.getProtect() : undefined,
      retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
      deletedWith: request.getDeletedwith(),
      deleteBeforeReplace:
        request.getDeletebeforereplacedefined() || request.getDeletebeforereplace()
          ? request.getDeletebeforereplace()
          : undefined,
      ignoreChanges: request.getIgnorechangesList(),
      replaceOnChanges: request.getReplaceonchangesList(),
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      aliases: request.getAliasesList(),
      provider: request.getProvider(),
      providers: new Map(request.getProvidersMap().entries()),
      version: request.getVersion(),
      pluginDownloadUrl: request.getPlugindownloadurl(),
      importId: request.getImportid(),
      customTimeouts: request.getCustomtimeouts(),
      hooks: request.getHooks(),
    },
  };
}

/** The request to read a resource that exists already. */
export function readReadRequest(request: ReadResourceRequest): Registration {
  return {
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent() || undefined,
    custom: true,
    remote: false,
    packageRef: request.getPackageref(),
    position: positionOf(request.getSourceposition()),
    properties: request.getProperties()?.toJavaScript() ?? {},
    propertyDependencies: new Map(),
    options: {
      dependsOn: request.getDependenciesList(),
      protect: undefined,
      retainOnDelete: undefined,
      deletedWith: "",
      deleteBeforeReplace: undefined,
      ignoreChanges: [],
      replaceOnChanges: [],
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      aliases: [],
      provider: request.getProvider(),
      providers: new Map(),
      version: request.getVersion(),
      pluginDownloadUrl: request.getPlugindownloadurl(),
      importId: "",
      customTimeouts: undefined,
      hooks: undefined,
    },
  };
}

function positionOf(position: SourcePosition | undefined): Position | undefined {
  if (position?.getUri().startsWith("file:") !== true) return undefined;
  return { file: fileURLToPath(position.getUri()), line: position.getLine(), column: position.getColumn() };
}

/** The package of a type token: `aws` of `aws:ec2/vpc:Vpc`. */
export function packageOf(type: string): string {
  return type.split(":")[0] ?? type;
}

/** Whether a type is that of a provider itself. */
export function isProviderType(type: string): boolean {
  return type.startsWith("pulumi:providers:");
}

/**
 * A child inherits what it does not say itself. The SDK does most of this already; the engine does it again for resources
 * whose parent got its options from a transform.
 */
export function inheritFromParent(child: Registration, parent: Registration): void {
  const { options } = child;
  options.deletedWith ||= parent.options.deletedWith;
  options.protect ??= parent.options.protect;
  options.retainOnDelete ??= parent.options.retainOnDelete;
  if (options.provider === "") {
    const plainComponent = !child.remote && !child.custom;
    if (plainComponent || providerPackage(parent.options.provider) === packageOf(child.type)) {
      options.provider = parent.options.provider;
    }
  }
}

/** The package that a provider reference `<urn>::<id>` is for. */
function providerPackage(reference: string): string | undefined {
  return /::pulumi:providers:([^:]+)::/.exec(reference)?.[1];
}
