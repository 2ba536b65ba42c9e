/** The engine's marker for a value that only exists once the resource does. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What stands in place of a secret. Its real value is in no plan. */
export const secretValue = "[secret]";

/** A property as a plan holds it: JSON, with unknowns and secrets as their markers. */
export type PropertyValue = string | number | boolean | null | readonly PropertyValue[] | PropertyMap;

export interface PropertyMap {
  readonly [key: string]: PropertyValue;
}

/** Keys and list positions from the resource's properties down to a value. */
export type PropertyPath = string | readonly (string | number)[];

/**
 * What a plan says about one property. A rule must say something about each case: what is unknown at preview is neither
 * fine nor a violation.
 */
export type Reading =
  | { readonly state: "known"; readonly value: Exclude<PropertyValue, null> }
  /** `computed`: not known before the resource exists. `secret`: known, but not to readers of a plan. */
  | { readonly state: "unknown"; readonly reason: "computed" | "secret" }
  | { readonly state: "absent" };

export function isUnknown(value: unknown): boolean {
  return value === unknownValue;
}

export function isSecret(value: unknown): boolean {
  return value === secretValue;
}

export function isPropertyMap(value: unknown): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isPropertyList(value: unknown): value is readonly PropertyValue[] {
  return Array.isArray(value);
}

/** Whether anything inside a value, at any depth, is an unknown or a secret. */
export function hasUnknown(value: PropertyValue | undefined): boolean {
  if (value === undefined || value === null) return false;
  if (isPropertyList(value)) return value.some(hasUnknown);
  if (isPropertyMap(value)) return Object.values(value).some(hasUnknown);
  return isUnknown(value) || isSecret(value);
}

/**
 * Reads one property. A path is either a text such as `metadataOptions.httpTokens` or `ingress[0].cidrBlocks`, or a list of
 * keys and positions for keys that hold dots.
 *
 * A known object or list may hold unknowns further down: read those one by one, or ask `hasUnknown`.
 */
export function read(properties: PropertyValue | undefined, path: PropertyPath = []): Reading {
  let value: PropertyValue | undefined = properties;
  for (const key of parsePropertyPath(path)) {
    if (value === undefined || value === null) return { state: "absent" };
    if (isUnknown(value)) return { state: "unknown", reason: "computed" };
    if (isSecret(value)) return { state: "unknown", reason: "secret" };
    value = step(value, key);
  }
  if (value === undefined || value === null) return { state: "absent" };
  if (isUnknown(value)) return { state: "unknown", reason: "computed" };
  if (isSecret(value)) return { state: "unknown", reason: "secret" };
  return { state: "known", value };
}

/** `ingress[0].cidrBlocks` as `["ingress", 0, "cidrBlocks"]`. */
export function parsePropertyPath(path: PropertyPath): readonly (string | number)[] {
  if (typeof path !== "string") return path;
  const keys: (string | number)[] = [];
  for (const match of path.matchAll(/\[(\d+)\]|([^.[\]]+)/g))
    keys.push(match[1] === undefined ? (match[2] ?? "") : Number(match[1]));
  return keys;
}

function step(value: PropertyValue, key: string | number): PropertyValue | undefined {
  if (isPropertyList(value)) return value[Number(key)];
  if (isPropertyMap(value)) return Object.hasOwn(value, key) ? value[String(key)] : undefined;
  return undefined;
}
