import type { RuleExamples } from "../../rule/rule-example";
import { haproxy } from "../haproxy-examples";

const checked = "ssl ca-file /run/ca verify required verifyhost chat.internal";

export const llmTls014Examples: RuleExamples = {
  rule: "LLM-TLS-014",
  pass: [
    { name: "verified TLS", resources: [haproxy()], expect: [] },
    {
      name: "on the server's own line",
      resources: [haproxy({ server: `server a chat.internal:8000 ${checked}` })],
      expect: [],
    },
    { name: "on the gateway's own host", resources: [haproxy({ server: "server a 127.0.0.1:8000" })], expect: [] },
    { name: "the client's own TLS", resources: [haproxy({ server: "mode tcp\n  server a 10.0.0.4:443" })], expect: [] },
    { name: "through a socket file", resources: [haproxy({ server: "server a unix@/run/engine.sock" })], expect: [] },
  ],
  fail: [
    {
      name: "in clear",
      resources: [haproxy({ server: "server-template e 4 chat.internal:8000" })],
      expect: ["fail config content"],
    },
    {
      name: "unverified",
      resources: [haproxy({ server: "default-server ssl verify none\n  server a 10.0.0.4:8000" })],
      expect: ["fail config content"],
    },
    {
      name: "unverified for all",
      resources: [haproxy({ global: "ssl-server-verify none", server: "server a 10.0.0.4:8000 ssl" })],
      expect: ["fail config content"],
    },
  ],
};
