import { asset } from "@pulumi/pulumi";
import { secretValue, unknownValue, type PropertyMap, type PropertyValue } from "../graph/property-value";
import { signatureKey, signatures } from "../graph/wire-value";

/** What the policy SDK puts in place of an unknown, by its type. The one for texts is the engine's own marker. */
const unknowns = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  unknownValue,
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/**
 * The properties behind the policy SDK's proxy, unknowns included. Reading a property of the proxy throws when it is unknown, and
 * the SDK then drops everything else that the rule would have said. A property's descriptor is not intercepted: it gives the value
 * as it is, and everything below it is no proxy any more.
 */
export async function rawProperties(properties: object): Promise<PropertyMap> {
  const raw: Record<string, PropertyValue> = {};
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(properties))) {
    const value = await plain(descriptor.value);
    if (value !== null) raw[key] = value;
  }
  return raw;
}

async function plain(value: unknown): Promise<PropertyValue> {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return unknowns.has(value) ? unknownValue : value;
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return Promise.all(value.map(plain));
  if (value instanceof asset.StringAsset) return { [signatureKey]: signatures.asset, text: await value.text };
  if (value instanceof asset.FileAsset) return { [signatureKey]: signatures.asset, path: await value.path };
  if (value instanceof asset.RemoteAsset) return { [signatureKey]: signatures.asset, uri: await value.uri };
  if (asset.Archive.isInstance(value)) return { [signatureKey]: signatures.archive };
  if (typeof value !== "object") return secretValue;
  const fields: Record<string, PropertyValue> = {};
  for (const [key, item] of Object.entries(value))
    if (item !== undefined && item !== null) fields[key] = await plain(item);
  return fields;
}
