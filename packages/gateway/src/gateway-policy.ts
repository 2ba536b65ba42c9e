import { dataClasses, type DataClass } from "@holdfast/core";
import { z } from "zod";

/** The request paths of the OpenAI interface that a gateway can let through. Everything else is answered 404 by the gateway itself. */
export const gatewayPaths = ["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/rerank"] as const;
export type GatewayPath = (typeof gatewayPaths)[number];

const keyShapes = [
  /^(sk|pk|rk|hf|gh[opsu]|glpat|xox[abp])[-_][A-Za-z0-9_-]{8,}/,
  /^A(KIA|SIA)[A-Z0-9]{12,}/,
  /^eyJ[A-Za-z0-9_-]{10,}\./,
  /-----BEGIN [A-Z ]+-----/,
  /^[A-Fa-f0-9]{32,}$/,
];

/** Whether a text looks like a credential: a known prefix, a PEM block, a long hexadecimal number, or 24 and more mixed characters. */
export function looksLikeKey(text: string): boolean {
  if (keyShapes.some((shape) => shape.test(text))) return true;
  return /^[A-Za-z0-9+/_=-]{24,}$/.test(text) && /\d/.test(text) && /[A-Z]/.test(text) && /[a-z]/.test(text);
}

/** The same text with everything that looks like a credential hidden: an error text ends up in logs. */
export function withoutKeys(text: string): string {
  return text.replaceAll(/[A-Za-z0-9+/_=-]{12,}/g, (word) => (looksLikeKey(word) ? "(hidden)" : word));
}

/** What may become part of a map key, a log field and a metric label. */
const namePattern = /^[a-z][a-z0-9-]{0,39}$/;
const nameForm = "must start with a letter and hold at most 40 lower-case letters, digits and hyphens";

/** Why a text cannot be a name; nothing when it can. Never quotes what looks like a key. */
function nameProblem(text: string): string | undefined {
  if (looksLikeKey(text)) {
    return `got a text of ${text.length} characters that looks like a key; allowed: a short name; take it out of the program, revoke it, and put the SHA-256 of a new one into the secret of API keys`;
  }
  return namePattern.test(text) ? undefined : `${nameForm}, got ${JSON.stringify(text)}`;
}

const name = z
  .string()
  .superRefine((text, context) => {
    const message = nameProblem(text);
    if (message !== undefined) context.addIssue({ code: "custom", message, input: text });
  })
  .meta({ pattern: namePattern.source });

/** A record whose keys are names; problems with a key are reported on the record, because a path is shown in full. */
function named<T extends z.ZodType>(entry: T, what: string) {
  return z.record(z.string().meta({ pattern: namePattern.source }), entry).superRefine((record, context) => {
    if (Object.keys(record).length === 0) {
      context.addIssue({ code: "custom", message: `at least one ${what} is needed, got none`, input: record });
    }
    for (const key of Object.keys(record)) {
      const message = nameProblem(key);
      if (message !== undefined)
        context.addIssue({ code: "custom", message: `the name of a ${what} ${message}`, input: key });
    }
  });
}

/** What clients put into `model`: part of map keys and of check requests. */
export const modelName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._/:-]{0,127}$/,
    "must be a model name of letters, digits and . _ / : -, at most 128 characters",
  );

const hostName = z
  .string()
  .regex(
    /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "must be a full host name in lower case, such as llm.bank.example",
  );

const tier = z.strictObject({
  requestsPerMinute: z.int().min(1).max(1_000_000),
  concurrentRequests: z.int().min(1).max(100_000),
  burst: z.int().min(1).max(1_000_000).optional(),
  priority: z.int().min(-100).max(100).default(0),
  maxOutputTokens: z.int().min(1).max(10_000_000).optional(),
});

const sourceRange = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, "must be an IPv4 range such as 10.10.0.0/16")
  .refine(
    (text) => !text.endsWith("/0"),
    "must not be the whole internet; leave `sources` out to allow every declared client network",
  );

const client = z.strictObject({
  tier: z.string().min(1),
  keyRef: name.optional(),
  certificateSubject: z
    .string()
    .regex(
      /^[A-Za-z0-9.]+=.+$/,
      'must be a distinguished name as RFC 2253 writes it, such as "CN=team-a,O=Example Bank,C=DE"',
    )
    .max(512)
    .optional(),
  models: z.array(modelName).min(1),
  dataClass: z.enum(dataClasses),
  sources: z.array(sourceRange).min(1).max(64).optional(),
});

const limits = z.strictObject({
  bodyBytes: z.int().min(1024).max(16_777_216).default(1_048_576),
  headerBytes: z.int().min(4096).max(65_536).default(32_768),
  connectionsPerSource: z.int().min(1).max(65_536).default(256),
  newConnectionsPerSource: z.int().min(1).max(65_536).default(500),
  sharing: z.enum(["peers", "divided"]).default("peers"),
});

/** The plain, validated form of a gateway policy; the comments are on `GatewayPolicy`. */
export const gatewayPolicySchema = z.strictObject({
  hostName,
  tls: z
    .strictObject({
      minimumVersion: z.enum(["1.2", "1.3"]).default("1.3"),
      clientCertificates: z.enum(["required", "off"]).default("required"),
      missingCertificate: z.enum(["answer-401", "refuse-handshake"]).default("answer-401"),
    })
    .prefault({}),
  tiers: named(tier, "tier"),
  clients: named(client, "client"),
  limits: limits.prefault({}),
  xApiKey: z.boolean().default(false),
});

/** The limits that all clients of a tier have, each for itself. */
export interface GatewayTier {
  /**
   * Requests per client and minute, over all gateway hosts together: those of this calendar minute and, in proportion, of the last one.
   * Those refused for the limit (429) do not count.
   */
  readonly requestsPerMinute: number;
  /** Requests of one client in flight, over all gateway hosts together; every host admits its share, so at least the number of hosts. */
  readonly concurrentRequests: number;
  /** Requests accepted per client in any 10 seconds, over all hosts together. @default no limit of its own */
  readonly burst?: number | undefined;
  /** Place in a fleet's queue when its engines are full: lower is served first, -100 to 100. @default 0 */
  readonly priority?: number | undefined;
  /** Largest `max_tokens` (times `n`) a request may ask for; a larger one is answered 400. @default the engine's own limit */
  readonly maxOutputTokens?: number | undefined;
}

/** Someone who may call. At least one of `keyRef` and `certificateSubject` says how the gateway knows the client. */
export interface GatewayClient {
  /** Name of a tier. */
  readonly tier: string;
  /** Name under which the client's key hashes stand in the secret of API keys; never a key. @default the client's name, unless there is a `certificateSubject` */
  readonly keyRef?: string | undefined;
  /** Subject of the client's certificate as RFC 2253 writes it (`openssl x509 -noout -subject -nameopt RFC2253`). With a key reference: both are needed. @default any certificate of the client CA */
  readonly certificateSubject?: string | undefined;
  /** Models the client may ask for, by the name clients put into `model`. */
  readonly models: readonly string[];
  /** Highest class of data the client sends. Its requests go only to fleets cleared for it. */
  readonly dataClass: DataClass;
  /** IPv4 ranges the client may call from. @default every declared client network */
  readonly sources?: readonly string[] | undefined;
}

/** Who may call, with what, how much, and which models. One policy compiles to every gateway. */
export interface GatewayPolicy {
  /** Name in the gateway's certificate and in the clients' base URL. Requests for another host are refused. */
  readonly hostName: string;
  readonly tls?: {
    /** @default "1.3" */
    readonly minimumVersion?: "1.2" | "1.3" | undefined;
    /** Whether a client needs a certificate of the client CA besides its key. @default "required" */
    readonly clientCertificates?: "required" | "off" | undefined;
    /**
     * What a caller without a certificate sees: an answer 401 that says so, before anything of its request is used, or a failed
     * handshake. A certificate of another CA, or an expired one, always fails the handshake. @default "answer-401"
     */
    readonly missingCertificate?: "answer-401" | "refuse-handshake" | undefined;
  };
  /** By name. */
  readonly tiers: Readonly<Record<string, GatewayTier>>;
  /** By name; the name is what logs and metrics show. */
  readonly clients: Readonly<Record<string, GatewayClient>>;
  readonly limits?: {
    /** Largest request body, bytes. Larger ones are answered 413, chunked or not. 1 KiB to 16 MiB. @default 1048576: 250,000 tokens at 4 bytes each */
    readonly bodyBytes?: number | undefined;
    /** Largest request head, bytes. @default 32768 */
    readonly headerBytes?: number | undefined;
    /** Open connections from one address. @default 256 */
    readonly connectionsPerSource?: number | undefined;
    /** New connections from one address in 10 seconds. @default 500 */
    readonly newConnectionsPerSource?: number | undefined;
    /**
     * How "over all hosts together" is kept for the rates: `peers`, hosts tell each other what they accepted, or `divided`, every
     * host admits its share (a client on one connection then gets one share). @default "peers"
     */
    readonly sharing?: "peers" | "divided" | undefined;
  };
  /** Also accept the key in an `X-API-Key` header. @default false */
  readonly xApiKey?: boolean | undefined;
}

/** A policy with every default filled in. */
export type CheckedGatewayPolicy = z.output<typeof gatewayPolicySchema>;

/**
 * The part of a malformed policy that can be read: well-formed tiers and clients, defaults for the rest. Only for finding more problems;
 * never compiled.
 */
export function legiblePolicy(policy: unknown): CheckedGatewayPolicy {
  const part = (value: unknown, key: string): unknown =>
    typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  const entries = (value: unknown): [string, unknown][] =>
    typeof value === "object" && value !== null ? Object.entries(value) : [];
  const tiers = Object.fromEntries(
    entries(part(policy, "tiers")).map(([name, value]) => {
      const parsed = tier.safeParse(value);
      return [
        name,
        parsed.success ? parsed.data : tier.parse({ requestsPerMinute: 1_000_000, concurrentRequests: 100_000 }),
      ];
    }),
  );
  const clients = Object.fromEntries(
    entries(part(policy, "clients")).flatMap(([name, value]) => {
      const parsed = client.safeParse(value);
      return parsed.success && nameProblem(name) === undefined ? [[name, parsed.data] as const] : [];
    }),
  );
  const shape = gatewayPolicySchema.shape;
  return {
    hostName: "",
    tls: shape.tls.safeParse(part(policy, "tls")).data ?? shape.tls.parse(undefined),
    tiers,
    clients,
    limits: shape.limits.safeParse(part(policy, "limits")).data ?? shape.limits.parse(undefined),
    xApiKey: false,
  };
}
