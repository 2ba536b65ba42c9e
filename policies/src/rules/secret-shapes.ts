/**
 * Judges whether a text is a secret by its shape. Rules never see whether a value was marked secret (the engine unwraps it for them),
 * so a name that says "key" and a value that looks random count, and a reference to a secret does not.
 */

/** Names of variables and options that hold a secret. Anchored at word boundaries, so `MAX_TOKENS` and `TOKENIZER_PATH` are none. */
const secretName =
  /(^|[_-])(password|passwd|pwd|secret|secrets|api[_-]?keys?|apikey|access[_-]?key|secret[_-]?key|private[_-]?key|encryption[_-]?key|signing[_-]?key|auth[_-]?token|access[_-]?token|bearer[_-]?token|refresh[_-]?token|hub[_-]?token|hf[_-]?token|github[_-]?token|gitlab[_-]?token|slack[_-]?token|token|credentials?)$/i;

/** Endings that turn such a name into a place where a secret is found, or a setting about it. */
const pointsElsewhere =
  /(_|-)(file|path|arn|id|name|ref|url|uri|header|length|ttl|expiry|rotation|algorithm|limit|count|enabled|provider|type)$/i;

/** Shapes of well-known credentials. */
const shapes: readonly RegExp[] = [
  /\bhf_[A-Za-z0-9]{30,}\b/,
  /\bsk-[A-Za-z0-9_-]{20,}\b/,
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{36,}\b/,
  /\bglpat-[A-Za-z0-9_-]{20,}\b/,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}\b/,
  /\bhvs\.[A-Za-z0-9_-]{20,}\b/,
  /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/,
  /-----BEGIN (RSA |EC |OPENSSH |ENCRYPTED |DSA )?PRIVATE KEY-----/,
];
/** Some of what each of them holds: looking for all of that at once, first, is what makes it fast. */
const marks = /hf_|sk-|A[KS]IA|gh[pousr]_|glpat-|xox|hvs\.|\.eyJ|PRIVATE KEY-----/;

/** Texts that stand for a secret, or point at one, without being one. */
const references =
  /^(\$\{?[A-Za-z_][\w.-]*(:[^}]*)?\}?|\$\(.+\)|`.+`|<[^>]+>|\{\{.+\}\}|%\w+%|arn:[\w-]+:.+|(vault|secret|secretsmanager|ssm|file|env|awssm|gcpsm|op|ref\+\w+):.+|\/\S+|)$/i;

/** Whether a name says that its value is a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name) && !pointsElsewhere.test(name);
}

/** Whether a value, under a name that says secret, is the secret itself and not a pointer to it. */
export function isLiteralSecret(text: string): boolean {
  return !references.test(text.trim()) && !/^(true|false|none|null|\d{1,4})$/i.test(text.trim());
}

/** Whether a text holds something with the shape of a well-known credential. */
export function holdsCredential(text: string): boolean {
  return marks.test(text) && shapes.some((shape) => shape.test(text));
}

/** Default passwords that products ship with or that people type while trying things out. */
export function isPlaceholder(text: string): boolean {
  return /^(admin|password|passw0rd|changeme|change-me|secret|prom-operator|test|default|root|example|letmein|123456?7?8?)$/i.test(
    text.trim(),
  );
}
