import { unknownValue } from "../../graph/property-value";
import { ref, type RuleExamples } from "../../rule/rule-example";

const logs = { type: "aws:s3/bucket:Bucket", name: "logs" };
const models = { type: "aws:s3/bucket:Bucket", name: "models" };
const logging = {
  type: "aws:s3/bucketLogging:BucketLogging",
  name: "logging",
  inputs: { bucket: ref("models"), targetBucket: ref("logs"), targetPrefix: "s3/" },
};
const balancer = { type: "aws:lb/loadBalancer:LoadBalancer", name: "edge" };

export const llmData005Examples: RuleExamples = {
  rule: "LLM-DATA-005",
  pass: [
    {
      name: "a bucket that logs to another, which needs no log itself",
      resources: [logs, models, logging],
      expect: [],
    },
    {
      name: "a balancer",
      resources: [logs, { ...balancer, inputs: { accessLogs: { enabled: true, bucket: ref("logs") } } }],
      expect: [],
    },
    {
      name: "a network balancer without TLS has nothing to log",
      resources: [{ ...balancer, inputs: { loadBalancerType: "network" } }, logs, models, logging],
      expect: [],
    },
  ],
  fail: [
    { name: "no logging", resources: [models, balancer], expect: ["fail models", "fail edge accessLogs.enabled"] },
    {
      name: "a network balancer that ends TLS",
      resources: [
        { ...balancer, inputs: { loadBalancerType: "network" } },
        {
          type: "aws:lb/listener:Listener",
          name: "tls",
          inputs: { loadBalancerArn: ref("edge"), protocol: "TLS", port: 443 },
        },
      ],
      expect: ["fail edge accessLogs.enabled"],
    },
  ],
  undetermined: [
    {
      name: "an unknown choice",
      resources: [{ ...balancer, inputs: { accessLogs: { enabled: unknownValue } } }],
      expect: ["undetermined edge accessLogs.enabled"],
    },
  ],
};
