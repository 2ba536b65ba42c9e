import { randomBytes } from "node:crypto";

/** A value that stands for one secret of the configuration. */
export interface SecretValue {
  /** Key of the configuration. */
  readonly key: string;
  /** Way to it inside of the key's value, in the command line's notation; empty for the value itself. */
  readonly path: string;
  readonly marker: string;
}

/**
 * Takes the encrypted values out of a stack's configuration: nobody but the owner can read them, and a rehearsal has no need to.
 * Each gets a marker in its place, which is set as a secret before the first step and looked for everywhere after the last.
 */
export function withSecretMarkers(config: Readonly<Record<string, unknown>>): {
  config: Record<string, unknown>;
  secrets: SecretValue[];
} {
  const secrets: SecretValue[] = [];
  const clean = (key: string, path: string, value: unknown): unknown => {
    if (isSecure(value)) {
      secrets.push({ key, path, marker: `rehearsed-secret-${randomBytes(12).toString("hex")}` });
      return undefined;
    }
    if (Array.isArray(value)) return value.map((item, index) => clean(key, `${path}[${index}]`, item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, clean(key, `${path}["${name}"]`, item)]),
    );
  };
  const plain = Object.entries(config).map(([key, value]) => [key, clean(key, "", value)] as const);
  return { config: Object.fromEntries(plain.filter(([, value]) => value !== undefined)), secrets };
}

function isSecure(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value && Object.keys(value).length === 1;
}
