import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const bucket = { type: "aws:s3/bucket:Bucket", name: "models" };

export const llmNet015Examples: RuleExamples = {
  rule: "LLM-NET-015",
  pass: [
    { name: "no ACL", resources: [bucket], expect: [] },
    { name: "a private ACL", resources: [{ ...bucket, inputs: { acl: "private" } }], expect: [] },
  ],
  fail: [
    { name: "on the bucket", resources: [{ ...bucket, inputs: { acl: "public-read" } }], expect: ["fail models acl"] },
    {
      name: "a resource of its own, old token",
      resources: [
        {
          type: "aws:s3/bucketAclV2:BucketAclV2",
          name: "acl",
          inputs: { bucket: unknownValue, acl: "authenticated-read" },
        },
      ],
      expect: ["fail acl acl"],
    },
    {
      name: "a grant",
      resources: [
        {
          type: "aws:s3/bucketAcl:BucketAcl",
          name: "acl",
          inputs: {
            accessControlPolicy: {
              grants: [
                {
                  permission: "READ",
                  grantee: { type: "Group", uri: "http://acs.amazonaws.com/groups/global/AllUsers" },
                },
              ],
            },
          },
        },
      ],
      expect: ["fail acl accessControlPolicy.grants[0].grantee.uri"],
    },
  ],
  undetermined: [
    {
      name: "an unknown ACL",
      resources: [{ ...bucket, inputs: { acl: unknownValue } }],
      expect: ["undetermined models acl"],
    },
  ],
};
