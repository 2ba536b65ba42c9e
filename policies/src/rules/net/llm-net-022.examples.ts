import { unknownValue } from "../../graph/property-value";
import { ref, type ExampleValue, type RuleExamples } from "../../rule/rule-example";
import { deployment } from "../engine-examples";

const engine = deployment(["--model", "/x"]);
const policy = (ingress: ExampleValue, more: Readonly<Record<string, ExampleValue>> = {}) => ({
  type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  name: "policy",
  inputs: { spec: { podSelector: { matchLabels: { app: "engine" } }, policyTypes: ["Ingress"], ingress }, ...more },
});
const gateway = [{ from: [{ podSelector: { matchLabels: { app: "gateway" } } }], ports: [{ port: 8000 }] }];

export const llmNet022Examples: RuleExamples = {
  rule: "LLM-NET-022",
  pass: [
    { name: "only the gateway", resources: [engine, policy(gateway)], expect: [] },
    {
      name: "a namespace that is not known yet",
      resources: [
        { type: "kubernetes:core/v1:Namespace", name: "ns" },
        { ...engine, inputs: { ...engine.inputs, metadata: { namespace: ref("ns") } } },
        policy(gateway, { metadata: { namespace: ref("ns") } }),
      ],
      expect: [],
    },
    { name: "nobody at all", resources: [engine, policy([])], expect: [] },
  ],
  fail: [
    { name: "no policy", resources: [engine], expect: ["fail engine"] },
    {
      name: "a policy of another namespace",
      resources: [engine, policy(gateway, { metadata: { namespace: "other" } })],
      expect: ["fail engine"],
    },
    {
      name: "a policy for other pods",
      resources: [
        { ...engine },
        { ...policy(gateway), inputs: { spec: { podSelector: { matchLabels: { app: "web" } }, ingress: gateway } } },
      ],
      expect: ["fail engine"],
    },
    {
      name: "everyone",
      resources: [engine, policy([{ ports: [{ port: 8000 }] }])],
      expect: ["fail policy spec.ingress[0].from"],
    },
    {
      name: "every namespace",
      resources: [engine, policy([{ from: [{ namespaceSelector: {} }] }])],
      expect: ["fail policy spec.ingress[0].from[0]"],
    },
    {
      name: "addresses",
      resources: [engine, policy([{ from: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }])],
      expect: ["fail policy spec.ingress[0].from[0]"],
    },
  ],
  undetermined: [
    { name: "unknown peers", resources: [engine, policy(unknownValue)], expect: ["undetermined policy spec.ingress"] },
  ],
};
