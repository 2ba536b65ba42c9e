import type { RuleExamples } from "../../rule/rule-example";
import { haproxy } from "../haproxy-examples";

export const llmAuth015Examples: RuleExamples = {
  rule: "LLM-AUTH-015",
  pass: [
    { name: "it does", resources: [haproxy()], expect: [] },
    { name: "on loopback", resources: [haproxy({ bind: "bind 127.0.0.1:8080", keys: false })], expect: [] },
  ],
  fail: [{ name: "it does not", resources: [haproxy({ keys: false })], expect: ["fail config content"] }],
};
