import { servedPaths } from "./gateway-maps";
import { gatewayDirectory, gatewayPorts, gatewayRuntime, peerNumbers, secretsDirectory } from "./gateway-places";
import { fleetBackend } from "./haproxy-backend";
import { clientFrontend } from "./haproxy-frontend";
import type { CheckedHaproxySpec } from "./haproxy-spec";
import { discoverySeconds } from "./policy-problems";
import { haproxyQuote, openAiError, type OpenAiError } from "./openai-error";

/** Answers HAProxy makes by itself, in the form that clients of the OpenAI interface parse. */
const ownAnswers: readonly (readonly [number, OpenAiError])[] = [
  [400, { message: "The request is not valid HTTP.", type: "invalid_request_error", code: "bad_request" }],
  [408, { message: "The request did not arrive in time.", type: "invalid_request_error", code: "request_timeout" }],
  [500, { message: "The gateway failed.", type: "server_error", code: "internal_error" }],
  [
    502,
    { message: "The engine closed the connection or answered nonsense.", type: "server_error", code: "bad_gateway" },
  ],
  [
    503,
    {
      message: "No engine is free. Try again after the time in Retry-After.",
      type: "server_error",
      code: "overloaded",
    },
  ],
  [504, { message: "The engine did not answer in time.", type: "server_error", code: "timeout" }],
];

/** Seconds after which a client may come back when no engine was free. */
const retryAfterFull = 5;

/** The whole of haproxy.cfg. Sections in the order in which a request meets them. */
export function haproxyConfig(spec: CheckedHaproxySpec): string {
  const sections = [
    header,
    globalSection(spec),
    peersSection(spec),
    defaultsSection(spec),
    resolversSection(spec),
    clientFrontend(spec, servedPaths(spec.fleets)),
    internalFrontend,
    sourcesTable,
    ...spec.fleets.map((fleet) => fleetBackend(fleet, spec)),
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

const header = [
  "# Holdfast gateway, HAProxy 2.6.12 or newer. Made by a program: change the policy, not this file.",
  "# No secret stands here: keys, certificates and engine keys are files that prepare.sh makes in memory when the service starts.",
];

/** Set before anything uses them; a value from the process environment wins, which is how the tests move addresses and paths. */
function environment({ resolver, hosts }: CheckedHaproxySpec): string[] {
  const values: [string, string][] = [
    ["HOLDFAST_CLIENT_ADDRESS", `:${gatewayPorts.clients}`],
    ["HOLDFAST_INTERNAL_ADDRESS", `:${gatewayPorts.internal}`],
    ["HOLDFAST_PEER_PORT", String(gatewayPorts.peers)],
    ["HOLDFAST_PEER_ADDRESS", "0.0.0.0"],
    ["HOLDFAST_RESOLVER", resolver],
    ["HOLDFAST_CONFIGURATION", gatewayDirectory],
    ["HOLDFAST_SECRETS", secretsDirectory],
    ["HOLDFAST_RUNTIME", gatewayRuntime],
    ["HOLDFAST_SELF", "127.0.0.1"],
    ...peerNumbers(hosts).map((number): [string, string] => [`HOLDFAST_PEER_${number}`, "none"]),
  ];
  return values.map(([name, value]) => `  presetenv ${name} ${value}`);
}

function globalSection(spec: CheckedHaproxySpec): string[] {
  const { policy, capacity, timeouts } = spec;
  const oldest = `TLSv${policy.tls.minimumVersion}`;
  return [
    "global",
    "  default-path config",
    ...environment(spec),
    '  localpeer "${HOLDFAST_SELF}"',
    "  # By its whole path: each thread loads it again once the relative paths are over.",
    '  lua-load-per-thread "${HOLDFAST_CONFIGURATION}/request-inspector.lua"',
    "  log stdout format raw local0 info",
    '  stats socket "${HOLDFAST_RUNTIME}/admin.sock" mode 600 level admin',
    `  maxconn ${capacity.connections}`,
    "  # A whole request fits into one buffer: it is inspected before an engine is chosen, and can be sent again to another one.",
    `  tune.bufsize ${capacity.bufferBytes}`,
    "  tune.h2.max-concurrent-streams 100",
    `  hard-stop-after ${timeouts.drain}s`,
    "  close-spread-time 10s",
    `  ssl-default-bind-options ssl-min-ver ${oldest} no-tls-tickets`,
    "  ssl-default-bind-ciphersuites TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256",
    "  ssl-default-bind-ciphers ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256",
    "  ssl-default-bind-curves X25519:P-256:P-384",
    "  ssl-default-server-options ssl-min-ver TLSv1.2",
    "  ssl-default-server-ciphersuites TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256",
    "  ssl-default-server-ciphers ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256",
  ];
}

/**
 * Counts of accepted requests. Peers overwrite each other's entries and do not add them up, so every host counts under a key that
 * ends in its own address, and adds up what all hosts have told. The tables also carry the counts over a reload.
 */
function peersSection({ hosts }: CheckedHaproxySpec): string[] {
  return [
    "peers gateways",
    '  bind "${HOLDFAST_PEER_ADDRESS}:${HOLDFAST_PEER_PORT}"',
    '  server "${HOLDFAST_SELF}"',
    ...peerNumbers(hosts).flatMap((number) => [
      `.if !streq("\${HOLDFAST_PEER_${number}}",none)`,
      `  server "\${HOLDFAST_PEER_${number}}" "\${HOLDFAST_PEER_${number}}":"\${HOLDFAST_PEER_PORT}"`,
      ".endif",
    ]),
    "  table minute type string len 127 size 200k expire 3m store gpc0",
    "  table recent type string len 127 size 50k expire 1m store conn_cur,gpc1,gpc1_rate(10s)",
  ];
}

function defaultsSection({ timeouts }: CheckedHaproxySpec): string[] {
  return [
    "defaults",
    "  mode http",
    "  log global",
    "  option http-no-delay",
    "  option dontlognull",
    `  timeout connect ${timeouts.connect}s`,
    `  timeout http-request ${timeouts.request}s`,
    `  timeout queue ${timeouts.queue}s`,
    `  timeout client ${timeouts.client}s`,
    `  timeout server ${timeouts.server}s`,
    `  timeout http-keep-alive ${timeouts.keepAlive}s`,
    "  timeout client-fin 10s",
    ...ownAnswers.map(
      ([status, error]) =>
        `  http-error status ${status} content-type application/json string ${haproxyQuote(openAiError(error))}${status === 503 ? ` hdr Retry-After ${retryAfterFull}` : ""}`,
    ),
  ];
}

/**
 * Engines are found by DNS. While the name server is silent the last answer stays in force: the checks take out what is dead. A name that
 * is gone altogether empties the fleet before its last host stops serving.
 */
function resolversSection({ fleets }: CheckedHaproxySpec): string[] {
  const notice = Math.min(...fleets.map((fleet) => fleet.rotationNoticeSeconds));
  return [
    "# Engines are found by DNS. While the name server is silent the last answer stays in force: checks take out what is dead.",
    "resolvers vpc",
    '  nameserver vpc "${HOLDFAST_RESOLVER}"',
    "  accepted_payload_size 4096",
    "  resolve_retries 2",
    "  timeout resolve 1s",
    "  timeout retry 1s",
    "  hold valid 1s",
    "  hold obsolete 0s",
    `  hold nx ${Math.max(0, Math.min(30, Math.floor(notice) - discoverySeconds))}s`,
    "  hold timeout 1h",
    "  hold refused 1h",
    "  hold other 10m",
  ];
}

const internalFrontend = [
  "# For Prometheus and for the balancer's health check. The security groups let nobody else in.",
  "frontend internal",
  '  bind "${HOLDFAST_INTERNAL_ADDRESS}"',
  "  option dontlog-normal",
  "  timeout client 10s",
  "  http-request use-service prometheus-exporter if { method GET } { path /metrics }",
  '  http-request return status 503 content-type text/plain string draining if { path /ready } { str(draining),map("${HOLDFAST_RUNTIME}/state.map",no) -m str yes }',
  "  http-request return status 200 content-type text/plain string ready if { path /ready }",
  "  http-request return status 404",
];

const sourcesTable = ["backend sources", "  stick-table type ip size 100k expire 2m store conn_cur,conn_rate(10s)"];
