import { relative } from "node:path";
import { propertiesFromWire, type PlannedResource } from "@holdfast/policies";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { Position } from "../program/describe-error";
import type { Registration } from "./registration";

/** What the engine adds to a registration. */
export interface Decided {
  readonly urn: string;
  readonly provider: string | undefined;
  readonly aliases: readonly string[];
  readonly id: string | undefined;
  readonly sourcePosition: string | undefined;
}

/** A registered resource as it stands in a plan. */
export function plannedResource(registration: Registration, decided: Decided): PlannedResource {
  const { options } = registration;
  const timeouts = customTimeouts(options.customTimeouts);
  const hooks = hookNames(options.hooks);
  return {
    urn: decided.urn,
    type: registration.type,
    name: registration.name,
    ...(registration.parent === undefined ? {} : { parent: registration.parent }),
    custom: registration.custom,
    inputs: propertiesFromWire(registration.properties),
    dependencies: options.dependsOn,
    propertyDependencies: propertyDependencies(registration.propertyDependencies),
    protect: options.protect ?? false,
    ...(decided.provider === undefined ? {} : { provider: decided.provider }),
    ...(decided.id === undefined ? {} : { id: decided.id }),
    ...(options.retainOnDelete === true ? { retainOnDelete: true } : {}),
    ...(options.deleteBeforeReplace === undefined ? {} : { deleteBeforeReplace: options.deleteBeforeReplace }),
    ...(options.ignoreChanges.length === 0 ? {} : { ignoreChanges: options.ignoreChanges }),
    ...(options.replaceOnChanges.length === 0 ? {} : { replaceOnChanges: options.replaceOnChanges }),
    ...(decided.aliases.length === 0 ? {} : { aliases: decided.aliases }),
    ...(options.deletedWith === "" ? {} : { deletedWith: options.deletedWith }),
    ...(options.version === "" ? {} : { version: options.version }),
    ...(options.importId === "" ? {} : { importId: options.importId }),
    ...(options.additionalSecretOutputs.length === 0
      ? {}
      : { additionalSecretOutputs: options.additionalSecretOutputs }),
    ...(timeouts === undefined ? {} : { customTimeouts: timeouts }),
    ...(hooks === undefined ? {} : { hooks }),
    ...(decided.sourcePosition === undefined ? {} : { sourcePosition: decided.sourcePosition }),
  };
}

/** A position in the engine's form, `project:///index.ts#4,3`: relative to the project, as no plan should name a machine's folders. */
export function projectPosition({ file, line, column }: Position, rootDirectory: string): string | undefined {
  const path = relative(rootDirectory, file).replaceAll("\\", "/");
  return path.startsWith("..") ? undefined : `project:///${path}#${line},${column}`;
}

function propertyDependencies(map: ReadonlyMap<string, ReadonlySet<string>>): Record<string, readonly string[]> {
  const result: Record<string, readonly string[]> = {};
  for (const [key, urns] of map) if (urns.size > 0) result[key] = [...urns];
  return result;
}

function customTimeouts(
  message: RegisterResourceRequest.CustomTimeouts | undefined,
): PlannedResource["customTimeouts"] {
  if (message === undefined) return undefined;
  const [create, update, remove] = [message.getCreate(), message.getUpdate(), message.getDelete()];
  if (create === "" && update === "" && remove === "") return undefined;
  return {
    ...(create === "" ? {} : { create }),
    ...(update === "" ? {} : { update }),
    ...(remove === "" ? {} : { delete: remove }),
  };
}

function hookNames(
  message: RegisterResourceRequest.ResourceHooksBinding | undefined,
): Record<string, readonly string[]> | undefined {
  if (message === undefined) return undefined;
  const all = {
    beforeCreate: message.getBeforeCreateList(),
    afterCreate: message.getAfterCreateList(),
    beforeUpdate: message.getBeforeUpdateList(),
    afterUpdate: message.getAfterUpdateList(),
    beforeDelete: message.getBeforeDeleteList(),
    afterDelete: message.getAfterDeleteList(),
    onError: message.getOnErrorList(),
  };
  const bound = Object.entries(all).filter(([, names]) => names.length > 0);
  return bound.length === 0 ? undefined : Object.fromEntries(bound);
}
