import { unknownValue } from "../../graph/property-value";
import { ref, type ExampleValue, type RuleExamples } from "../../rule/rule-example";

const listener = {
  type: "aws:lb/listener:Listener",
  name: "http",
  inputs: { protocol: "HTTP", port: 80, defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS" } }] },
};
const rule = (actions: ExampleValue) => ({
  type: "aws:lb/listenerRule:ListenerRule",
  name: "rule",
  inputs: { listenerArn: ref("http"), actions },
});

export const llmTls002Examples: RuleExamples = {
  rule: "LLM-TLS-002",
  pass: [
    { name: "no rules", resources: [listener], expect: [] },
    {
      name: "a rule that redirects and one that answers",
      resources: [
        listener,
        rule([{ type: "redirect", redirect: { protocol: "HTTPS" } }]),
        {
          ...rule([{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } }]),
          name: "gone",
        },
      ],
      expect: [],
    },
  ],
  fail: [
    {
      name: "a rule that forwards, the listener's ARN unknown",
      resources: [listener, rule([{ type: "forward", targetGroupArn: unknownValue }])],
      expect: ["fail rule actions"],
    },
    {
      name: "under the alb token",
      resources: [
        { ...listener, type: "aws:alb/listener:Listener" },
        { ...rule([{ type: "forward" }]), type: "aws:alb/listenerRule:ListenerRule" },
      ],
      expect: ["fail rule actions"],
    },
  ],
  undetermined: [
    { name: "unknown actions", resources: [listener, rule(unknownValue)], expect: ["undetermined rule actions"] },
  ],
};
