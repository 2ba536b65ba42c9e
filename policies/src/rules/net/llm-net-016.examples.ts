import { unknownValue, type PropertyValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const policy = (...Statement: Readonly<Record<string, PropertyValue>>[]) => ({
  type: "aws:s3/bucketPolicy:BucketPolicy",
  name: "policy",
  inputs: { bucket: unknownValue, policy: JSON.stringify({ Version: "2012-10-17", Statement }) },
});
const read = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::models/*" };

export const llmNet016Examples: RuleExamples = {
  rule: "LLM-NET-016",
  pass: [
    {
      name: "a named role",
      resources: [policy({ ...read, Principal: { AWS: "arn:aws:iam::111122223333:role/node" } })],
      expect: [],
    },
    {
      name: "everyone, but through one endpoint",
      resources: [policy({ ...read, Condition: { StringEquals: { "aws:SourceVpce": "vpce-1" } } })],
      expect: [],
    },
    {
      name: "everyone is denied",
      resources: [policy({ ...read, Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } })],
      expect: [],
    },
  ],
  fail: [
    { name: "everyone reads", resources: [policy(read)], expect: ["fail policy policy"] },
    {
      name: "a condition that anyone meets",
      resources: [
        policy({ ...read, Principal: { AWS: ["*"] }, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      ],
      expect: ["fail policy policy"],
    },
    {
      name: "everyone from outside a network",
      resources: [policy({ ...read, Condition: { NotIpAddress: { "aws:SourceIp": "10.0.0.0/8" } } })],
      expect: ["fail policy policy"],
    },
    {
      name: "an object instead of a text, on a queue",
      resources: [
        {
          type: "aws:sqs/queuePolicy:QueuePolicy",
          name: "queue",
          inputs: { policy: { Statement: { ...read, Action: "sqs:*" } } },
        },
      ],
      expect: ["fail queue policy"],
    },
  ],
  undetermined: [
    {
      name: "a text that is not known yet",
      resources: [{ type: "aws:s3/bucketPolicy:BucketPolicy", name: "policy", inputs: { policy: unknownValue } }],
      expect: ["undetermined policy policy"],
    },
    {
      name: "not a policy",
      resources: [{ type: "aws:s3/bucketPolicy:BucketPolicy", name: "policy", inputs: { policy: "{" } }],
      expect: ["undetermined policy policy"],
    },
  ],
};
