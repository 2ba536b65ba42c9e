import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const container = { type: "docker:index/container:Container", name: "engine" };

export const llmNet020Examples: RuleExamples = {
  rule: "LLM-NET-020",
  pass: [
    {
      name: "loopback",
      resources: [{ ...container, inputs: { ports: [{ internal: 8000, external: 8000, ip: "127.0.0.1" }] } }],
      expect: [],
    },
    { name: "nothing published", resources: [container], expect: [] },
    {
      name: "a private address",
      resources: [{ ...container, inputs: { ports: [{ internal: 443, ip: "10.0.0.5" }] } }],
      expect: [],
    },
  ],
  fail: [
    {
      name: "-p 8000:8000",
      resources: [{ ...container, inputs: { ports: [{ internal: 8000, external: 8000 }] } }],
      expect: ["fail engine ports[0].ip"],
    },
    {
      name: "every interface, spelt out",
      resources: [
        {
          ...container,
          inputs: {
            ports: [
              { internal: 11_434, ip: "0.0.0.0" },
              { internal: 9090, ip: "::" },
            ],
          },
        },
      ],
      expect: ["fail engine ports[0].ip", "fail engine ports[1].ip"],
    },
    {
      name: "-P",
      resources: [{ ...container, inputs: { publishAllPorts: true } }],
      expect: ["fail engine publishAllPorts"],
    },
    {
      name: "a service",
      resources: [
        {
          type: "docker:index/service:Service",
          name: "swarm",
          inputs: { endpointSpec: { ports: [{ targetPort: 8000, publishedPort: 8000 }] } },
        },
      ],
      expect: ["fail swarm endpointSpec.ports[0]"],
    },
  ],
  undetermined: [
    {
      name: "an unknown address",
      resources: [{ ...container, inputs: { ports: [{ internal: 8000, ip: unknownValue }] } }],
      expect: ["undetermined engine ports[0].ip"],
    },
  ],
};
