import { peerNumbers } from "./gateway-places";
import type { CheckedHaproxySpec } from "./haproxy-spec";
import { answer, type OpenAiError } from "./openai-error";

/**
 * Rules that hold a client to its tier. Only requests that get through are counted: counting refusals would lock out a client that
 * keeps asking.
 *
 * The minute is a sliding window made of two counters, this calendar minute's and the last one's, weighted by how much of the last one
 * still lies within 60 seconds. That makes the time in Retry-After exact: a single request sent then is accepted.
 */
export function rateRules(spec: CheckedHaproxySpec): string[] {
  const over: OpenAiError = {
    message: "Rate limit exceeded: requests per minute.",
    type: "rate_limit_error",
    code: "rate_limit_exceeded",
  };
  return [
    "  # 8. Limits. Word 1: per minute, 2: per 10 s, 3: in flight on this host.",
    "  http-request set-var(txn.limits) var(txn.client),map_str(client-limits.map)",
    "  http-request set-var(txn.rpm) var(txn.limits),word(1,|),add(0)",
    "  http-request set-var(txn.burst) var(txn.limits),word(2,|),add(0)",
    "  http-request set-var(txn.most_in_flight) var(txn.limits),word(3,|),add(0)",
    '  http-request track-sc1 var(txn.client),concat("|${HOLDFAST_SELF}") table gateways/recent',
    answer(
      429,
      { ...over, message: "Rate limit exceeded: requests in flight." },
      "{ sc1_conn_cur(gateways/recent),sub(txn.most_in_flight) gt 0 }",
      "hdr Retry-After 1",
    ),
    "  http-request set-var(txn.minute) date,div(60)",
    "  http-request set-var(txn.before) var(txn.minute),sub(1)",
    "  http-request set-var(txn.second) date,mod(60)",
    "  http-request set-var(txn.rest) int(60),sub(txn.second)",
    '  http-request track-sc2 var(txn.client),concat("|${HOLDFAST_SELF}|",txn.minute) table gateways/minute',
    '  http-request set-var(txn.this) var(txn.client),concat("|${HOLDFAST_SELF}|",txn.minute),table_gpc0(gateways/minute)',
    '  http-request set-var(txn.last) var(txn.client),concat("|${HOLDFAST_SELF}|",txn.before),table_gpc0(gateways/minute)',
    ...others(
      spec,
      (peer) =>
        `  http-request set-var(txn.this) var(txn.client),concat("|${peer}|",txn.minute),table_gpc0(gateways/minute),add(txn.this)`,
    ),
    ...others(
      spec,
      (peer) =>
        `  http-request set-var(txn.last) var(txn.client),concat("|${peer}|",txn.before),table_gpc0(gateways/minute),add(txn.last)`,
    ),
    "  # over = last * rest + 60 * (this + 1 - rpm): above 0 when one more would be too many, in sixtieths of a request.",
    "  http-request set-var(txn.spare) var(txn.rpm),sub(txn.this),sub(1)",
    "  http-request set-var(txn.spare60) var(txn.spare),mul(60)",
    "  http-request set-var(txn.over) var(txn.last),mul(txn.rest),sub(txn.spare60)",
    "  # Room again once enough of the last minute has slid out; when this minute alone is full, after its end, once enough of it has.",
    "  http-request set-var(txn.wait) var(txn.over),add(txn.last),sub(1),div(txn.last) if { var(txn.over) -m int gt 0 } { var(txn.spare) -m int ge 0 }",
    "  http-request set-var(txn.excess) int(0),sub(txn.spare),mul(60) if { var(txn.spare) -m int lt 0 }",
    "  http-request set-var(txn.wait) var(txn.excess),add(txn.this),sub(1),div(txn.this),add(txn.rest) if { var(txn.spare) -m int lt 0 }",
    answer(429, over, "{ var(txn.over) -m int gt 0 }", 'hdr Retry-After "%[var(txn.wait)]"'),
    '  http-request set-var(txn.recent) var(txn.client),concat("|${HOLDFAST_SELF}"),table_gpc1_rate(gateways/recent)',
    ...others(
      spec,
      (peer) =>
        `  http-request set-var(txn.recent) var(txn.client),concat("|${peer}"),table_gpc1_rate(gateways/recent),add(txn.recent)`,
    ),
    answer(
      429,
      { ...over, message: "Rate limit exceeded: requests in 10 seconds." },
      "{ var(txn.burst) -m int gt 0 } { var(txn.recent),sub(txn.burst) ge 0 }",
      "hdr Retry-After 10",
    ),
    "  http-request sc-inc-gpc1(1)",
    "  http-request sc-inc-gpc0(2)",
  ];
}

/** One line per other gateway host; none where every host keeps to its own share. */
function others({ policy, hosts }: CheckedHaproxySpec, line: (peer: string) => string): string[] {
  if (policy.limits.sharing === "divided") return [];
  return peerNumbers(hosts).map((number) => line(`\${HOLDFAST_PEER_${number}}`));
}
