import type { GatewayPath } from "./gateway-policy";
import { backendName } from "./gateway-maps";
import { gatewaySecrets } from "./gateway-places";
import { auditLogFormat, connectionLogFormat } from "./audit-log";
import { rateRules } from "./haproxy-limits";
import type { CheckedHaproxySpec } from "./haproxy-spec";
import { answer, haproxyQuote, type OpenAiError } from "./openai-error";

/** The frontend clients talk to: each step either ends the request or adds what the next one needs. */
export function clientFrontend(spec: CheckedHaproxySpec, paths: readonly GatewayPath[]): string[] {
  return [
    "frontend clients",
    ...listener(spec),
    ...connectionLimits(spec),
    ...preparation,
    ...shape(spec, paths),
    ...certificate(spec),
    ...health(spec),
    ...identity(spec),
    ...sources(spec),
    ...rateRules(spec),
    "  # 9. The list of models, from the policy.",
    '  http-request return status 200 content-type application/json lf-string "%[var(txn.client),map(client-models.map)]" if { path /v1/models }',
    ...body(spec),
    ...route,
    ...forward,
    ...answers(spec),
  ];
}

function listener({ policy: { tls } }: CheckedHaproxySpec): string[] {
  const verify =
    tls.clientCertificates === "off"
      ? ""
      : ` ca-file "\${HOLDFAST_SECRETS}/${gatewaySecrets.clientCa}" verify ${tls.missingCertificate === "refuse-handshake" ? "required" : "optional"}`;
  return [
    `  bind "\${HOLDFAST_CLIENT_ADDRESS}" ssl crt "\${HOLDFAST_SECRETS}/${gatewaySecrets.certificate}"${verify} alpn h2,http/1.1`,
    "  unique-id-format %[uuid()]",
    `  log-format ${haproxyQuote(auditLogFormat)}`,
    `  error-log-format ${haproxyQuote(connectionLogFormat)}`,
  ];
}

function connectionLimits({ policy: { limits } }: CheckedHaproxySpec): string[] {
  return [
    "  # 1. What one address may hold open, and how fast it may come back.",
    "  tcp-request connection track-sc0 src table sources",
    `  tcp-request connection reject if { sc0_conn_cur(sources) gt ${limits.connectionsPerSource} }`,
    `  tcp-request connection reject if { sc0_conn_rate(sources) gt ${limits.newConnectionsPerSource} }`,
  ];
}

const preparation = [
  "  # 2. For the log: time, path without query, method. Nothing a caller says about itself survives.",
  '  http-request set-var(txn.time) date,utime("%Y-%m-%dT%H:%M:%SZ")',
  "  http-request set-var(txn.path) path,bytes(0,200)",
  "  http-request set-var(txn.method) method",
  ...[
    "x-request-id",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-port",
    "forwarded",
    "x-real-ip",
    "x-holdfast-client",
    "proxy",
    "cookie",
  ].map((header) => `  http-request del-header ${header}`),
];

function shape({ policy }: CheckedHaproxySpec, paths: readonly GatewayPath[]): string[] {
  return [
    "  # 3. Host, size of the head, and the list of paths: an engine's other routes do not exist here.",
    `  acl inference method POST`,
    answer(
      421,
      { message: "This gateway does not serve that host name.", type: "invalid_request_error", code: "wrong_host" },
      `!{ req.hdr(host),field(1,:),lower -m str ${policy.hostName} }`,
    ),
    answer(
      431,
      { message: "The request head is too large.", type: "invalid_request_error", code: "headers_too_large" },
      `{ req.hdrs,length gt ${policy.limits.headerBytes} }`,
    ),
    `  acl known_path path -m str ${paths.join(" ")}`,
    "  acl own_path path -m str /v1/models /health",
    answer(
      404,
      { message: "Unknown request URL.", type: "invalid_request_error", code: "unknown_url" },
      "!known_path !own_path",
    ),
    answer(
      404,
      { message: "Unknown request URL.", type: "invalid_request_error", code: "unknown_url" },
      "known_path !inference",
    ),
    answer(
      404,
      { message: "Unknown request URL.", type: "invalid_request_error", code: "unknown_url" },
      "own_path !{ method GET }",
    ),
  ];
}

function certificate({ policy: { tls } }: CheckedHaproxySpec): string[] {
  if (tls.clientCertificates === "off") return [];
  return [
    "  # 4. A certificate of the client CA. One of another CA, or an expired one, has failed in the handshake already.",
    answer(
      401,
      {
        message: "A client certificate is required.",
        type: "authentication_error",
        code: "certificate_required",
      },
      "!{ ssl_c_used }",
    ),
    "  http-request set-var(txn.subject) ssl_c_s_dn(,0,rfc2253),sha2(256),hex",
  ];
}

function health({ fleets }: CheckedHaproxySpec): string[] {
  const down = fleets.map((fleet) => `{ nbsrv(${backendName(fleet.fleetName)}) lt 1 }`);
  return [
    "  # 5. Health as callers see it: every fleet has an engine in rotation.",
    ...down.map((condition) =>
      answer(
        503,
        { message: "A model has no engine in rotation.", type: "server_error", code: "unhealthy" },
        `{ path /health } ${condition}`,
        "hdr Retry-After 10",
      ),
    ),
    `  http-request return status 200 content-type application/json string '{"status":"ok"}' if { path /health }`,
  ];
}

function identity({ policy }: CheckedHaproxySpec): string[] {
  const unknown: OpenAiError = {
    message: "Incorrect API key provided.",
    type: "authentication_error",
    code: "invalid_api_key",
  };
  const challenge = "hdr WWW-Authenticate Bearer";
  return [
    "  # 6. Who calls. A key is looked up by its SHA-256; keys.map is made in memory when the service starts.",
    "  http-request set-var(txn.keyhash) http_auth_bearer,sha2(256),hex",
    ...(policy.xApiKey
      ? ["  http-request set-var(txn.keyhash) req.fhdr(x-api-key),sha2(256),hex if !{ var(txn.keyhash) -m found }"]
      : []),
    '  http-request set-var(txn.key) var(txn.keyhash),map_str("${HOLDFAST_RUNTIME}/keys.map")',
    "  http-request set-var(txn.keyend) var(txn.key),word(2,|)",
    "  http-request set-var(txn.client) var(txn.key),word(1,|),map_str(keyref-client.map)",
    answer(401, unknown, "{ var(txn.keyhash) -m found } !{ var(txn.client) -m found }", challenge),
    "  http-request set-var(txn.now) date",
    answer(
      401,
      { ...unknown, message: "This API key has expired." },
      "{ var(txn.client) -m found } { var(txn.keyend),sub(txn.now) lt 0 }",
      challenge,
    ),
    ...(policy.tls.clientCertificates === "off"
      ? []
      : [
          "  http-request set-var(txn.client) var(txn.subject),map_str(subject-client.map) if !{ var(txn.client) -m found }",
        ]),
    answer(
      401,
      {
        message: "You didn't provide an API key. Send it as Authorization: Bearer YOUR_KEY.",
        type: "authentication_error",
        code: "missing_api_key",
      },
      "!{ var(txn.client) -m found }",
      challenge,
    ),
    "  http-request set-var(txn.user) var(txn.client),sha2(256),hex,lower",
    ...(policy.tls.clientCertificates === "off"
      ? []
      : [
          answer(
            403,
            {
              message: "This API key belongs to another client certificate.",
              type: "permission_error",
              code: "certificate_mismatch",
            },
            "{ var(txn.client),map_str(client-subject.map) -m found } !{ var(txn.client),map_str(client-subject.map),strcmp(txn.subject) eq 0 }",
          ),
        ]),
  ];
}

function sources({ policy }: CheckedHaproxySpec): string[] {
  const bound = Object.entries(policy.clients).flatMap(([name, client]) =>
    client.sources === undefined ? [] : [{ name, ranges: client.sources }],
  );
  if (bound.length === 0) return [];
  return [
    "  # 7. Clients that may call from certain networks only.",
    ...bound.map(({ name, ranges }) =>
      answer(
        403,
        {
          message: "This client may not call from this network.",
          type: "permission_error",
          code: "source_not_allowed",
        },
        `{ var(txn.client) -m str ${name} } !{ src ${ranges.join(" ")} }`,
      ),
    ),
  ];
}

function body({ policy: { limits }, timeouts }: CheckedHaproxySpec): string[] {
  const tooLarge: OpenAiError = {
    message: `The request body is larger than ${limits.bodyBytes} bytes.`,
    type: "invalid_request_error",
    code: "request_too_large",
  };
  const bad = (message: string, code: string, condition: string, param?: string): string =>
    answer(400, { message, type: "invalid_request_error", code, ...(param === undefined ? {} : { param }) }, condition);
  const problem = (name: string): string => `{ var(txn.problem) -m str ${name} }`;
  return [
    "  # 10. The whole body, then its size: both forms, because a chunked body announces none (so the rule stands after the wait).",
    answer(413, tooLarge, `{ req.hdr_val(content-length) gt ${limits.bodyBytes} }`),
    `  http-request wait-for-body time ${timeouts.request}s`,
    answer(413, tooLarge, `{ req.body_size gt ${limits.bodyBytes} }`),
    answer(413, tooLarge, `{ req.body_len gt ${limits.bodyBytes} }`),
    "  # 11. What is asked for. Two members of one name are refused: gateway and engine might each believe another one.",
    "  http-request lua.holdfast_inspect",
    bad("The request body is not a JSON object.", "invalid_json", problem("not_json")),
    bad("The request body names a member twice.", "duplicate_member", problem("duplicate_member")),
    bad("You must provide a model parameter.", "missing_model", problem("missing_model"), "model"),
    bad(
      "The model parameter must be a text of 1 to 128 characters.",
      "invalid_model",
      problem("invalid_model"),
      "model",
    ),
    bad("The stream parameter must be true or false.", "invalid_stream", problem("invalid_stream"), "stream"),
    bad(
      "max_tokens, max_completion_tokens, n and best_of must be whole numbers.",
      "invalid_count",
      problem("invalid_count"),
    ),
    "  http-request set-var(txn.most) var(txn.limits),word(5,|)",
    bad(
      "max_tokens (times n) is above what this client may ask for.",
      "max_tokens_too_large",
      "{ var(txn.most) -m int gt 0 } { var(txn.output_tokens),sub(txn.most) gt 0 }",
      "max_tokens",
    ),
  ];
}

const route = [
  "  # 12. Which fleet. A request counts as its client's highest class unless it names a lower one; what routes.map does not list is refused.",
  "  http-request set-var(txn.class) var(txn.client),map_str(client-class.map)",
  "  http-request set-var(txn.class) req.hdr(x-holdfast-data-class),lower if { req.hdr(x-holdfast-data-class) -m found }",
  "  http-request set-var(txn.fleet) var(txn.client),concat(|,txn.class,|),concat(,txn.path,|),concat(,txn.model),map_str(routes.map)",
  answer(
    403,
    {
      message: "This client may not use this model on this path with this class of data.",
      type: "permission_error",
      code: "model_not_allowed",
      param: "model",
    },
    "!{ var(txn.fleet) -m found }",
  ),
];

const forward = [
  "  # 13. What the engine sees of the caller. The client's own key stops here.",
  "  http-request set-uri %[path]",
  "  http-request del-header authorization",
  "  http-request del-header x-api-key",
  "  http-request del-header x-holdfast-data-class",
  "  http-request set-header X-Forwarded-For %[src]",
  "  http-request set-header X-Real-IP %[src]",
  "  http-request set-header X-Forwarded-Proto https",
  "  http-request set-header X-Holdfast-Client %[var(txn.client)]",
  "  http-request set-header X-Request-ID %[unique-id]",
  "  http-request set-priority-class var(txn.limits),word(4,|),add(0)",
  "  http-request set-var(txn.user) var(txn.client),concat(|,txn.end_user),sha2(256),hex,lower if { var(txn.end_user) -m found }",
];

function answers({ timeouts, fleets }: CheckedHaproxySpec): string[] {
  return [
    "  # 14. On the way back: the token count of an answer in one piece; a stream is never held.",
    "  acl whole_answer res.hdr(content-type) -m beg application/json",
    `  http-response wait-for-body time ${timeouts.server}s if whole_answer`,
    "  http-response set-var(txn.tokens) res.body,json_query('$.usage.total_tokens','int') if whole_answer",
    "  http-response del-header server",
    "  http-after-response set-header X-Request-ID %[unique-id]",
    "  http-after-response set-var(txn.outcome) str(success) if { status lt 400 }",
    ...fleets.map(
      (fleet) =>
        `  use_backend ${backendName(fleet.fleetName)} if { var(txn.fleet) -m str ${backendName(fleet.fleetName)} }`,
    ),
  ];
}
