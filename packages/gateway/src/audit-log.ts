/**
 * The fields of an audit line, in order: who, what, outcome, sizes and times, and nothing of prompts, answers, keys or query strings.
 * A name with a quote or a line break cannot break out: texts a caller chooses are escaped and cut.
 */
const text = (expression: string): string => `"%[${expression}]"`;
const escaped = (variable: string, length: number): string => `"%[var(${variable},''),bytes(0,${length}),json(utf8s)]"`;

const fields: readonly (readonly [string, string])[] = [
  ["kind", '"audit"'],
  ["request_timestamp", text("var(txn.time,unknown)")],
  ["request_id", '"%ID"'],
  ["client", text("var(txn.client,unknown)")],
  ["user_id_hash", text("var(txn.user,unknown)")],
  ["source", '"%ci"'],
  ["method", escaped("txn.method", 16)],
  ["path", escaped("txn.path", 200)],
  ["model_used", escaped("txn.model", 128)],
  ["data_class", escaped("txn.class", 20)],
  ["stream", "%[var(txn.stream,0)]"],
  ["status", "%ST"],
  ["success_failure", text("var(txn.outcome,failure)")],
  ["token_count", "%[var(txn.tokens,null)]"],
  ["latency_ms", "%Ta"],
  ["queue_ms", "%Tw"],
  ["connect_ms", "%Tc"],
  ["first_byte_ms", "%Tr"],
  ["bytes_in", "%U"],
  ["bytes_out", "%B"],
  ["backend", '"%b"'],
  ["engine", '"%s"'],
  ["retries", '"%rc"'],
  ["ended", '"%tsc"'],
  ["tls", '"%sslv"'],
];

const line = (pairs: readonly (readonly [string, string])[]): string =>
  `{${pairs.map(([name, value]) => `"${name}":${value}`).join(",")}}`;

/** Names of the fields of an audit line. */
export const auditFields: readonly string[] = fields.map(([name]) => name);

/** One JSON object per request, in HAProxy's log-format language. */
export const auditLogFormat = line(fields);

/** One JSON object per connection that failed before there was a request, for example in the TLS handshake. */
export const connectionLogFormat = line([
  ["kind", '"connection"'],
  ["timestamp", '"%[date,utime(%Y-%m-%dT%H:%M:%SZ)]"'],
  ["source", '"%ci"'],
  ["error", '"%[fc_err_str]"'],
  ["tls_error", '"%[ssl_fc_err_str]"'],
]);
