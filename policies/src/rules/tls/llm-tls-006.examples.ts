import { unknownValue, type PropertyValue } from "../../graph/property-value";
import { ref, type ExampleValue, type RuleExamples } from "../../rule/rule-example";

const bucket = { type: "aws:s3/bucket:Bucket", name: "models" };
const deny = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: ["arn:aws:s3:::models", "arn:aws:s3:::models/*"],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const policy = (...Statement: Readonly<Record<string, PropertyValue>>[]) => ({
  type: "aws:s3/bucketPolicy:BucketPolicy",
  name: "policy",
  inputs: { bucket: ref("models"), policy: JSON.stringify({ Statement }) },
});

const given = (Resource: ExampleValue) => ({
  type: "aws:s3/bucketPolicy:BucketPolicy",
  name: "policy",
  inputs: { bucket: ref("models"), policy: { Statement: [{ ...deny, Resource }] } },
});

export const llmTls006Examples: RuleExamples = {
  rule: "LLM-TLS-006",
  pass: [
    { name: "refused for everyone", resources: [bucket, policy(deny)], expect: [] },
    {
      name: "refused, with AWS in place of the star and inline",
      resources: [
        { ...bucket, inputs: { policy: JSON.stringify({ Statement: { ...deny, Principal: { AWS: "*" } } }) } },
      ],
      expect: [],
    },
    {
      name: "the bucket's own ARNs, not known yet",
      resources: [bucket, given([ref("models"), ref("models")])],
      expect: [],
    },
  ],
  fail: [
    {
      name: "another bucket's ARN in place of the own objects",
      resources: [bucket, { ...bucket, name: "logs" }, given([ref("models"), ref("logs")])],
      expect: ["undetermined policy policy", "fail logs"],
    },
    { name: "no policy", resources: [bucket], expect: ["fail models"] },
    {
      name: "only the objects",
      resources: [bucket, policy({ ...deny, Resource: "arn:aws:s3:::models/*" })],
      expect: ["fail models policy"],
    },
    {
      name: "only reading",
      resources: [bucket, policy({ ...deny, Action: "s3:GetObject" })],
      expect: ["fail models policy"],
    },
    {
      name: "only one role",
      resources: [bucket, policy({ ...deny, Principal: { AWS: "arn:aws:iam::111122223333:role/node" } })],
      expect: ["fail models policy"],
    },
    {
      name: "only for some",
      resources: [
        bucket,
        policy({ ...deny, Condition: { ...deny.Condition, StringNotEquals: { "aws:SourceVpce": "vpce-1" } } }),
      ],
      expect: ["fail models policy"],
    },
  ],
  undetermined: [
    {
      name: "one ARN that is not known yet",
      resources: [bucket, given([ref("models")])],
      expect: ["undetermined policy policy"],
    },

    {
      name: "a text that is not known yet",
      resources: [
        bucket,
        {
          type: "aws:s3/bucketPolicy:BucketPolicy",
          name: "policy",
          inputs: { bucket: ref("models"), policy: unknownValue },
        },
      ],
      expect: ["undetermined policy policy"],
    },
  ],
};
