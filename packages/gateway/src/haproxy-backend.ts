import { backendName } from "./gateway-maps";
import { gatewaySecrets } from "./gateway-places";
import { mostHostsPerName } from "./policy-problems";
import type { CheckedHaproxySpec, GatewayFleet } from "./haproxy-spec";
import { haproxyQuote } from "./openai-error";

/** Seconds between two one-token checks of an engine that is well. */
export const checkSeconds = 15;

/** Path and body of the smallest request that proves an engine works: one token, one vector, one comparison. */
export function checkRequest(fleet: GatewayFleet): { readonly path: string; readonly body: string } {
  const model = fleet.servedModelName;
  switch (fleet.task) {
    case "generate":
      return { path: "/v1/completions", body: JSON.stringify({ model, prompt: "ok", max_tokens: 1 }) };
    case "embed":
      return { path: "/v1/embeddings", body: JSON.stringify({ model, input: "ok" }) };
    case "rerank":
      return { path: "/v1/rerank", body: JSON.stringify({ model, query: "ok", documents: ["ok"] }) };
  }
}

/**
 * Seconds a check may take, 5 to 60. Each gateway host may fill an engine on its own, so that the loss of a host costs no capacity; when
 * all do, a new request waits about as long as an answer takes. A check that waits less would call busy engines dead, hence: a whole
 * answer at the promised speed and a quarter more. Without targets: 60.
 */
export function checkTimeoutSeconds({ task, workload }: GatewayFleet): number {
  const { ttftSeconds, tpotMs, outputTokens } = workload;
  if (task !== "generate") return Math.min(60, Math.max(5, Math.ceil(4 * (ttftSeconds ?? 15))));
  if (ttftSeconds === undefined || tpotMs === undefined) return 60;
  return Math.min(60, Math.max(5, Math.ceil(1.25 * (ttftSeconds + (outputTokens * tpotMs) / 1000))));
}

/** Places for hosts of a fleet: twice its hosts, because a rollout starts new ones first; DNS answers no more than eight. */
export function hostSlots(hosts: number): number {
  return Math.min(mostHostsPerName, Math.max(2 * hosts, 4));
}

/** Requests and checks alike reach an engine by its own name, under the CA of its fleet and no other. */
function engineTls(fleet: GatewayFleet): string[] {
  const { dnsName, tls } = fleet;
  if (!tls) return ["  # NO TLS: prompts and the engines' key cross the network in clear."];
  const trust = `ca-file "\${HOLDFAST_SECRETS}/${gatewaySecrets.engineCa(fleet)}" verify required verifyhost ${dnsName}`;
  return [`  default-server ssl ${trust} sni str(${dnsName}) check-sni ${dnsName} alpn http/1.1`];
}

export function fleetBackend(fleet: GatewayFleet, { timeouts }: CheckedHaproxySpec): string[] {
  const check = checkRequest(fleet);
  const bearer = `"Bearer %[str(${fleet.fleetName}),map_str(\${HOLDFAST_RUNTIME}/engine-keys.map)]"`;
  const ports = Array.from({ length: fleet.replicasPerHost }, (_, index) => fleet.port + index);
  return [
    `# ${fleet.servedModelName}, data up to ${fleet.dataClass}.`,
    `backend ${backendName(fleet.fleetName)}`,
    "  balance leastconn",
    `  timeout check ${checkTimeoutSeconds(fleet)}s`,
    "  # An engine that answers health checks may still hang, so the check is the work itself: one token.",
    "  option httpchk",
    `  http-check send meth POST uri ${check.path} ver HTTP/1.1 hdr Host ${fleet.dnsName} hdr Content-Type application/json hdr Authorization ${bearer} body ${haproxyQuote(check.body)}`,
    "  http-check expect status 200",
    "  # Before the first byte of an answer another engine gets the request; after it, never. Not on silence: that would double the work.",
    "  option redispatch 1",
    "  retries 3",
    "  retry-on conn-failure empty-response 500 502 503 504",
    `  timeout server ${timeouts.server}s`,
    "  # A stream that falls silent is given up sooner than an answer in one piece, which is silent until it is whole.",
    `  http-request set-timeout server ${timeouts.streamGap}s if { var(txn.stream) -m int 1 }`,
    "  # A new connection for each request: a kept one outlives its address in DNS, and goes on feeding an engine that has left.",
    "  option http-server-close",
    "  http-reuse never",
    `  http-request set-header Authorization ${bearer}`,
    ...engineTls(fleet),
    `  default-server check inter ${checkSeconds}s fastinter 2s downinter 5s fall 3 rise 2 observe layer4 error-limit 3 on-error mark-down maxconn ${fleet.maxConcurrencyPerReplica} resolvers vpc resolve-prefer ipv4 init-addr none`,
    ...ports.map((port) => `  server-template engine-${port}- ${hostSlots(fleet.hosts)} ${fleet.dnsName}:${port}`),
  ];
}
