import type { PlannedResource } from "./planned-resource";
import { isPropertyMap, type PropertyMap } from "./property-value";
import { parseUrn } from "./urn";
import { propertiesFromWire } from "./wire-value";

/** A file that is not a plan, a preview or an export, or a broken one. The message names every problem. */
export class ResourceDocumentError extends Error {
  readonly problems: readonly string[];

  constructor(what: string, problems: readonly string[]) {
    const shown = problems.slice(0, 20).map((problem) => `  ${problem}`);
    if (problems.length > shown.length) shown.push(`  and ${problems.length - shown.length} more`);
    super(`not a readable ${what}: ${problems.length} problem${problems.length === 1 ? "" : "s"}\n${shown.join("\n")}`);
    this.name = "ResourceDocumentError";
    this.problems = problems;
  }
}

type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One resource as Pulumi writes it in state, in previews and as Holdfast writes it in plan.json. Problems are collected. */
export function resourceFromState(value: unknown, at: string, problems: string[]): PlannedResource | undefined {
  if (!isFields(value)) {
    problems.push(`${at}: expected an object`);
    return undefined;
  }
  const urn = value.urn;
  const parts = typeof urn === "string" ? parseUrn(urn) : undefined;
  if (typeof urn !== "string" || parts === undefined) {
    problems.push(
      `${at}.urn: expected a URN such as urn:pulumi:stack::project::type::name, got ${urn === undefined ? "nothing" : JSON.stringify(urn)}`,
    );
    return undefined;
  }
  const { id, parent, provider, deletedWith, importID, outputs } = value;
  const timeouts = customTimeouts(value.customTimeouts);
  return {
    urn,
    type: typeof value.type === "string" ? value.type : parts.type,
    name: parts.name,
    ...(typeof parent === "string" && parent !== "" ? { parent } : {}),
    custom: value.custom === true,
    inputs: properties(value.inputs, `${at}.inputs`, problems),
    dependencies: texts(value.dependencies, `${at}.dependencies`, problems),
    propertyDependencies: propertyDependencies(value.propertyDependencies, `${at}.propertyDependencies`, problems),
    protect: value.protect === true,
    ...(typeof provider === "string" && provider !== "" ? { provider } : {}),
    ...(typeof id === "string" && id !== "" ? { id } : {}),
    ...(isFields(outputs) ? { outputs: properties(outputs, `${at}.outputs`, problems) } : {}),
    ...(value.external === true ? { external: true } : {}),
    ...(value.retainOnDelete === true ? { retainOnDelete: true } : {}),
    ...(typeof value.deleteBeforeReplace === "boolean" ? { deleteBeforeReplace: value.deleteBeforeReplace } : {}),
    ...optionalTexts("ignoreChanges", value, at, problems),
    ...optionalTexts("replaceOnChanges", value, at, problems),
    ...optionalTexts("aliases", value, at, problems),
    ...optionalTexts("additionalSecretOutputs", value, at, problems),
    ...(typeof deletedWith === "string" && deletedWith !== "" ? { deletedWith } : {}),
    ...(typeof value.version === "string" ? { version: value.version } : {}),
    ...(typeof importID === "string" && importID !== "" ? { importId: importID } : {}),
    ...(typeof value.importId === "string" ? { importId: value.importId } : {}),
    ...(timeouts === undefined ? {} : { customTimeouts: timeouts }),
    ...(typeof value.sourcePosition === "string" ? { sourcePosition: value.sourcePosition } : {}),
    ...hooks(value, at, problems),
  };
}

function properties(value: unknown, at: string, problems: string[]): PropertyMap {
  if (value === undefined || value === null) return {};
  if (!isFields(value)) {
    problems.push(`${at}: expected an object`);
    return {};
  }
  const read = propertiesFromWire(value);
  return isPropertyMap(read) ? read : {};
}

function texts(value: unknown, at: string, problems: string[]): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((item): item is string => typeof item === "string")) {
    problems.push(`${at}: expected a list of texts`);
    return [];
  }
  return value;
}

function optionalTexts<K extends string>(
  key: K,
  fields: Fields,
  at: string,
  problems: string[],
): Partial<Record<K, readonly string[]>> {
  const list = texts(fields[key], `${at}.${key}`, problems);
  return list.length === 0 ? {} : ({ [key]: list } as Partial<Record<K, readonly string[]>>);
}

function propertyDependencies(value: unknown, at: string, problems: string[]): Record<string, readonly string[]> {
  if (value === undefined || value === null) return {};
  if (!isFields(value)) {
    problems.push(`${at}: expected an object of lists`);
    return {};
  }
  return Object.fromEntries(Object.entries(value).map(([key, list]) => [key, texts(list, `${at}.${key}`, problems)]));
}

/** In state the engine writes `resourceHooks` with `AfterCreate`, in a plan it is `hooks` with `afterCreate`. */
function hooks(fields: Fields, at: string, problems: string[]): Pick<PlannedResource, "hooks"> {
  const value = fields.hooks ?? fields.resourceHooks;
  if (!isFields(value)) return {};
  const bound = propertyDependencies(value, `${at}.hooks`, problems);
  return {
    hooks: Object.fromEntries(
      Object.entries(bound).map(([key, names]) => [`${key.charAt(0).toLowerCase()}${key.slice(1)}`, names]),
    ),
  };
}

/** In state the engine writes seconds, in a plan the program's own text stands. */
function customTimeouts(value: unknown): PlannedResource["customTimeouts"] {
  if (!isFields(value)) return undefined;
  const entries = ["create", "update", "delete"].flatMap((key) => {
    const time = value[key];
    if (typeof time === "number" && time > 0) return [[key, `${time}s`]];
    return typeof time === "string" && time !== "" ? [[key, time]] : [];
  });
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as PlannedResource["customTimeouts"]);
}
