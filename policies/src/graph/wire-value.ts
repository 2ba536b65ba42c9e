import { createHash } from "node:crypto";
import { isPropertyMap, secretValue, unknownValue, type PropertyMap, type PropertyValue } from "./property-value";

/** The key that marks a special object wherever Pulumi writes properties: on the wire, in previews and in state. */
export const signatureKey = "4dabf18193072939515e22adb298388d";

/** The values of the signature key. */
export const signatures = {
  asset: "c44067f5952c0a294b673a41bacd8c17",
  archive: "0def7320c3a5731c473e5ecbe6d01bc7",
  secret: "1b47061264138c4ac30d75fd1eb44270",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
} as const;

/**
 * Turns properties as Pulumi writes them into properties as a plan holds them: secrets, whether in clear or encrypted, become
 * the secret marker, outputs without a value become the unknown marker. Assets, archives and references to resources stay what
 * they are. Keys without a value are dropped.
 */
export function fromWire(value: unknown): PropertyValue {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(fromWire);
  if (typeof value === "object") {
    const fields = value as Readonly<Record<string, unknown>>;
    const signature = fields[signatureKey];
    if (signature === signatures.secret) return secretValue;
    if (signature === signatures.output) {
      if (fields.secret === true) return secretValue;
      return "value" in fields ? fromWire(fields.value) : unknownValue;
    }
    return signature === signatures.asset || signature === signatures.archive
      ? assetFromWire(fields)
      : propertiesFromWire(fields);
  }
  // A text into which an unknown was written without the SDK noticing is not known either.
  if (typeof value === "string") return value.includes(unknownValue) ? unknownValue : value;
  if (typeof value === "number" || typeof value === "boolean") return value;
  return null;
}

/** The same for the properties of a whole resource. */
export function propertiesFromWire(fields: Readonly<Record<string, unknown>>): PropertyMap {
  const properties: Record<string, PropertyValue> = {};
  for (const [key, item] of Object.entries(fields)) {
    if (item !== undefined && item !== null) properties[key] = fromWire(item);
  }
  return properties;
}

/** An asset as the engine keeps it: without the SDK's own mark, and with the hash of its content where that is at hand. */
function assetFromWire(fields: Readonly<Record<string, unknown>>): PropertyMap {
  const rest = Object.fromEntries(Object.entries(fields).filter(([key]) => !key.startsWith("__pulumi")));
  const { text, hash } = rest;
  const known = typeof text === "string" && !text.includes(unknownValue) && hash === undefined;
  return propertiesFromWire(known ? { ...rest, hash: createHash("sha256").update(text).digest("hex") } : rest);
}

/** The text of a text asset, for example the content of an uploaded object; `undefined` for anything else. */
export function assetText(value: PropertyValue | undefined): string | undefined {
  if (!isPropertyMap(value) || value[signatureKey] !== signatures.asset) return undefined;
  const text = value.text;
  return typeof text === "string" ? text : undefined;
}

/** The URN that a reference to a whole resource holds; `undefined` for anything else. */
export function referencedUrn(value: PropertyValue | undefined): string | undefined {
  if (!isPropertyMap(value) || value[signatureKey] !== signatures.resource) return undefined;
  const urn = value.urn;
  return typeof urn === "string" ? urn : undefined;
}
