import { formatPath, type Problem } from "@holdfast/core";

/** What credentials look like. Sources: the published prefixes of the providers named. */
const shapes: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: "a private key", pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  { what: "an AWS access key", pattern: /\b(AKIA|ASIA)[A-Z0-9]{16}\b/ },
  { what: "a Hugging Face token", pattern: /\bhf_[A-Za-z0-9]{20,}\b/ },
  { what: "an API key", pattern: /\b(sk|pk|rk)-[A-Za-z0-9_-]{16,}/ },
  { what: "a GitHub token", pattern: /\bgh[opsur]_[A-Za-z0-9]{20,}\b/ },
  { what: "a GitLab token", pattern: /\bglpat-[A-Za-z0-9_-]{16,}/ },
  { what: "a Slack token", pattern: /\bxox[abposr]-[A-Za-z0-9-]{10,}/ },
  { what: "a JSON web token", pattern: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\./ },
  { what: "a web address with a password", pattern: /\/\/[^/\s:@]+:[^/\s:@]+@/ },
];

const secretKey = /(password|passphrase|secret|token|api[-_]?key)$/i;

/** Every text in a document that looks like a secret in clear. The text itself is never repeated. */
export function clearSecrets(value: unknown, path: readonly PropertyKey[] = []): Problem[] {
  if (typeof value === "string") {
    const shape = shapes.find(({ pattern }) => pattern.test(value));
    const key = path.at(-1);
    const what =
      shape?.what ?? (typeof key === "string" && secretKey.test(key) && value !== "" ? "a secret" : undefined);
    if (what === undefined) return [];
    return [
      {
        path: formatPath(path),
        reason: `holds what looks like ${what} in clear; revoke it, put the new one into AWS Secrets Manager and name its ARN`,
      },
    ];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => clearSecrets(item, [...path, index]));
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, item]) => clearSecrets(item, [...path, key]));
  return [];
}
