import { unknownValue, type PropertyValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const role = (statement: Readonly<Record<string, PropertyValue>>) => ({
  type: "aws:iam/role:Role",
  name: "node",
  inputs: {
    assumeRolePolicy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", ...statement }] }),
  },
});
const github = {
  Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
  Action: "sts:AssumeRoleWithWebIdentity",
};

export const llmAuth011Examples: RuleExamples = {
  rule: "LLM-AUTH-011",
  pass: [
    { name: "a service", resources: [role({ Principal: { Service: "ec2.amazonaws.com" } })], expect: [] },
    {
      name: "one repository",
      resources: [
        role({
          ...github,
          Condition: { StringLike: { "token.actions.githubusercontent.com:sub": "repo:bank/llm:*" } },
        }),
      ],
      expect: [],
    },
  ],
  fail: [
    { name: "everyone", resources: [role({ Principal: { AWS: "*" } })], expect: ["fail node assumeRolePolicy"] },
    { name: "every repository", resources: [role(github)], expect: ["fail node assumeRolePolicy"] },
    {
      name: "only the audience is named",
      resources: [
        role({
          ...github,
          Condition: { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } },
        }),
      ],
      expect: ["fail node assumeRolePolicy"],
    },
  ],
  undetermined: [
    {
      name: "a text that is not known yet",
      resources: [{ type: "aws:iam/role:Role", name: "node", inputs: { assumeRolePolicy: unknownValue } }],
      expect: ["undetermined node assumeRolePolicy"],
    },
  ],
};
