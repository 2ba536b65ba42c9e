import type { RuleExamples } from "../../rule/rule-example";
import { haproxy } from "../haproxy-examples";

export const llmAuth014Examples: RuleExamples = {
  rule: "LLM-AUTH-014",
  pass: [
    { name: "it does", resources: [haproxy()], expect: [] },
    { name: "on loopback", resources: [haproxy({ bind: "bind 127.0.0.1:8080", limits: false })], expect: [] },
  ],
  fail: [{ name: "it does not", resources: [haproxy({ limits: false })], expect: ["fail config content"] }],
};
