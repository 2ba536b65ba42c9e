import { unknownValue } from "../../graph/property-value";
import type { ExampleValue, RuleExamples } from "../../rule/rule-example";

const listener = (inputs: Readonly<Record<string, ExampleValue>>, type = "aws:lb/listener:Listener") => ({
  type,
  name: "listener",
  inputs,
});
const redirect = [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }];

export const llmTls001Examples: RuleExamples = {
  rule: "LLM-TLS-001",
  pass: [
    { name: "HTTPS", resources: [listener({ protocol: "HTTPS", port: 443 })], expect: [] },
    {
      name: "HTTP that only redirects",
      resources: [listener({ protocol: "HTTP", port: 80, defaultActions: redirect })],
      expect: [],
    },
    {
      name: "TCP on 443, where the gateway ends TLS",
      resources: [listener({ protocol: "TCP", port: 443 })],
      expect: [],
    },
    {
      name: "a configured pass-through port",
      resources: [listener({ protocol: "TCP", port: 9443 })],
      config: { passthroughPorts: [9443] },
      expect: [],
    },
  ],
  fail: [
    {
      name: "HTTP that forwards",
      resources: [
        listener({ protocol: "HTTP", port: 80, defaultActions: [{ type: "forward", targetGroupArn: unknownValue }] }),
      ],
      expect: ["fail listener protocol"],
    },
    {
      name: "the alb token",
      resources: [
        listener({ protocol: "HTTP", port: 8000, defaultActions: [{ type: "forward" }] }, "aws:alb/listener:Listener"),
      ],
      expect: ["fail listener protocol"],
    },
    {
      name: "a redirect to plain text",
      resources: [
        listener({
          protocol: "HTTP",
          port: 80,
          defaultActions: [{ type: "redirect", redirect: { port: "8080", statusCode: "HTTP_301" } }],
        }),
      ],
      expect: ["fail listener protocol"],
    },
    {
      name: "TCP on an engine port",
      resources: [listener({ protocol: "TCP", port: 8000 })],
      expect: ["fail listener protocol"],
    },
    {
      name: "a classic balancer",
      resources: [
        {
          type: "aws:elb/loadBalancer:LoadBalancer",
          name: "old",
          inputs: { listeners: [{ lbPort: 80, lbProtocol: "http", instancePort: 80, instanceProtocol: "http" }] },
        },
      ],
      expect: ["fail old listeners[0].lbProtocol"],
    },
  ],
  undetermined: [
    {
      name: "an unknown protocol",
      resources: [listener({ protocol: unknownValue, port: 80 })],
      expect: ["undetermined listener protocol"],
    },
    {
      name: "TCP on some port",
      resources: [listener({ protocol: "TCP", port: 5000 })],
      expect: ["undetermined listener protocol"],
    },
  ],
};
