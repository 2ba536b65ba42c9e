import { gunzipSync } from "node:zlib";
import type { PlannedResource } from "../graph/planned-resource";
import { families, union } from "../rule/families";
import { Value } from "../rule/value";

export const hostBearing = union(families.instance, families.launchTemplate, families.launchConfiguration);

/** A text that a host receives when it starts, and the property that holds it. */
export interface HostText {
  readonly property: Value;
  /** The text, and every text hidden in it as Base64; undefined when it is not in the plan. */
  readonly text: string | undefined;
}

const read = new WeakMap<PlannedResource, readonly HostText[]>();

/** The user data of a host, decoded: Base64, gzip, and the Base64 of the files that cloud-init writes. */
export function hostTexts(resource: PlannedResource): readonly HostText[] {
  if (!hostBearing.has(resource.type)) return [];
  let texts = read.get(resource);
  if (texts === undefined) {
    texts = decode(resource);
    read.set(resource, texts);
  }
  return texts;
}

function decode(resource: PlannedResource): readonly HostText[] {
  const inputs = Value.inputsOf(resource);
  return ["userData", "userDataBase64"]
    .map((key) => inputs.at(key))
    .filter((property) => !property.absent)
    .map((property) => ({ property, text: property.text === undefined ? undefined : revealed(property.text) }));
}

/** Runs long enough to hide something. Looked for from their first character on only: each character is read once. */
const hiding = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,}={0,2}/g;

/** A text with everything in it that Base64 hides, so that what is searched is what the host will see. */
export function revealed(text: string, depth = 0): string {
  const whole = decoded(text);
  if (whole !== undefined) return depth > 3 ? whole : revealed(whole, depth + 1);
  const hidden = depth > 3 ? [] : (text.match(hiding) ?? []).flatMap((part) => decoded(part) ?? []);
  return [text, ...hidden.map((part) => revealed(part, depth + 1))].join("\n");
}

function decoded(text: string): string | undefined {
  // A look at the beginning tells most texts from Base64 without going through them, and a SHA-256 hides nothing.
  if (!/^[A-Za-z0-9+/=\s]*$/.test(text.slice(0, 64)) || /^[0-9a-f]{64}$/.test(text)) return undefined;
  const compact = text.replaceAll(/\s+/g, "");
  if (compact.length < 16 || compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) return undefined;
  const bytes = Buffer.from(compact, "base64");
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? unzipped(bytes) : bytes;
  if (plain === undefined) return undefined;
  const result = plain.toString("utf8");
  // Anything that is not a text, a key or a hash for example, is left as it was.
  return /[^\P{Cc}\s]|\ufffd/u.test(result) ? undefined : result;
}

function unzipped(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes);
  } catch {
    return undefined;
  }
}
