import type { ExampleResource } from "../rule/rule-example";

interface Change {
  readonly bind?: string;
  readonly limits?: boolean;
  readonly keys?: boolean;
  readonly global?: string;
  /** What stands in the backend. */
  readonly server?: string;
}

/** An HAProxy configuration with one frontend, good but for what an example changes. */
export function haproxyText(change: Change = {}): string {
  const {
    bind = "bind :443 ssl crt /run/holdfast/secrets/cert",
    limits = true,
    keys = true,
    global = "ssl-default-bind-options ssl-min-ver TLSv1.3",
    server = "server-template e 4 chat.internal:8000 ssl verify required ca-file /run/ca verifyhost chat.internal",
  } = change;
  const lines = [
    "global",
    `  ${global}`,
    "defaults",
    "  mode http",
    "frontend clients",
    `  ${bind}`,
    ...(keys
      ? ["  http-request return status 401 unless { req.hdr(authorization),sha2(256),hex,map(/etc/keys.map) -m found }"]
      : []),
    ...(limits
      ? [
          "  http-request track-sc0 src table limits",
          "  http-request deny deny_status 429 if { sc_http_req_rate(0) gt 100 }",
        ]
      : []),
    "  default_backend engines",
    "backend engines",
    `  ${server}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** The same, uploaded to a bucket. */
export function haproxy(change: Change = {}): ExampleResource {
  return {
    type: "aws:s3/bucketObjectv2:BucketObjectv2",
    name: "config",
    inputs: { key: "haproxy.cfg", content: haproxyText(change) },
  };
}
