import { signatureKey, signatures, unknownValue } from "@holdfast/policies";
import type { WireProperties } from "./registration";

/**
 * Transforms receive unknowns and secrets as output values, with the resources that each property depends on. These
 * functions go there and back, as the engine does.
 */
export function toOutputValues(
  properties: WireProperties,
  dependencies: ReadonlyMap<string, ReadonlySet<string>>,
  withDependencies: boolean,
): WireProperties {
  const result: WireProperties = {};
  for (const [key, value] of Object.entries(properties)) {
    const upgraded = upgrade(value);
    const urns = dependencies.get(key);
    result[key] = withDependencies && urns !== undefined && urns.size > 0 ? addDependencies(upgraded, urns) : upgraded;
  }
  return result;
}

/** Output values back to plain values, secrets and unknowns. */
export function fromOutputValues(properties: WireProperties): WireProperties {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, downgrade(value)]));
}

/** The URNs that the output values inside a value depend on. */
export function outputDependencies(value: unknown, into = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) outputDependencies(item, into);
  else if (isObject(value)) {
    if (value[signatureKey] === signatures.output && Array.isArray(value.dependencies)) {
      for (const urn of value.dependencies) if (typeof urn === "string") into.add(urn);
    }
    for (const item of Object.values(value)) outputDependencies(item, into);
  }
  return into;
}

function upgrade(value: unknown): unknown {
  if (value === unknownValue) return { [signatureKey]: signatures.output };
  if (Array.isArray(value)) return value.map(upgrade);
  if (!isObject(value)) return value;
  if (value[signatureKey] === signatures.secret) {
    const inner = value.value;
    return inner === unknownValue
      ? { [signatureKey]: signatures.output, secret: true }
      : { [signatureKey]: signatures.output, secret: true, value: upgrade(inner) };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, upgrade(item)]));
}

function addDependencies(value: unknown, urns: ReadonlySet<string>): unknown {
  const known = outputDependencies(value);
  if ([...urns].every((urn) => known.has(urn))) return value;
  const output =
    isObject(value) && value[signatureKey] === signatures.output ? value : { [signatureKey]: signatures.output, value };
  return { ...output, dependencies: [...urns] };
}

function downgrade(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(downgrade);
  if (!isObject(value)) return value;
  if (value[signatureKey] === signatures.output) {
    const plain = "value" in value ? downgrade(value.value) : unknownValue;
    return value.secret === true ? { [signatureKey]: signatures.secret, value: plain } : plain;
  }
  return fromOutputValues(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
