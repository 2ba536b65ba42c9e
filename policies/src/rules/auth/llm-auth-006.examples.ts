import { secretValue, unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const cache = { type: "aws:elasticache/replicationGroup:ReplicationGroup", name: "limits" };
const container = { type: "docker:index/container:Container", name: "redis" };

export const llmAuth006Examples: RuleExamples = {
  rule: "LLM-AUTH-006",
  pass: [
    { name: "a secret token", resources: [{ ...cache, inputs: { authToken: secretValue } }], expect: [] },
    {
      name: "a user group that is not known yet",
      resources: [{ ...cache, inputs: { userGroupIds: unknownValue } }],
      expect: [],
    },
    {
      name: "a container with a configuration file",
      resources: [
        { ...container, inputs: { image: "redis:8@sha256:00", command: ["redis-server", "/etc/redis.conf"] } },
      ],
      expect: [],
    },
  ],
  fail: [
    { name: "nothing", resources: [cache], expect: ["fail limits authToken"] },
    {
      name: "a user without a password",
      resources: [{ type: "aws:elasticache/user:User", name: "user", inputs: { noPasswordRequired: true } }],
      expect: ["fail user noPasswordRequired"],
    },
    {
      name: "a container by default",
      resources: [{ ...container, inputs: { image: "docker.io/library/redis:8" } }],
      expect: ["fail redis command"],
    },
  ],
  undetermined: [
    {
      name: "an unknown command",
      resources: [{ ...container, inputs: { image: "valkey", command: unknownValue } }],
      expect: ["undetermined redis command"],
    },
  ],
};
