import type { RuleExamples } from "../../rule/rule-example";
import { haproxy, haproxyText } from "../haproxy-examples";

export const llmTls013Examples: RuleExamples = {
  rule: "LLM-TLS-013",
  pass: [
    { name: "ends TLS", resources: [haproxy()], expect: [] },
    { name: "on loopback", resources: [haproxy({ bind: "bind 127.0.0.1:8080" })], expect: [] },
  ],
  fail: [
    { name: "plain text", resources: [haproxy({ bind: "bind :80" })], expect: ["fail config content"] },
    {
      name: "an old version for all",
      resources: [haproxy({ global: "ssl-default-bind-options ssl-min-ver TLSv1.0" })],
      expect: ["fail config content"],
    },
    {
      name: "in a config map",
      resources: [
        {
          type: "kubernetes:core/v1:ConfigMap",
          name: "map",
          inputs: { data: { "haproxy.cfg": haproxyText({ bind: "bind *:8000" }) } },
        },
      ],
      expect: ["fail map data.haproxy.cfg"],
    },
  ],
};
