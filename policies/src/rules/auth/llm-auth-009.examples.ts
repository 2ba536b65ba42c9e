import { unknownValue, type PropertyValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const policy = (statement: Readonly<Record<string, PropertyValue>>, type = "aws:iam/rolePolicy:RolePolicy") => ({
  type,
  name: "node",
  inputs: { policy: JSON.stringify({ Statement: [{ Effect: "Allow", ...statement }] }) },
});
const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";

export const llmAuth009Examples: RuleExamples = {
  rule: "LLM-AUTH-009",
  pass: [
    {
      name: "one prefix of one bucket",
      resources: [policy({ Action: ["s3:GetObject"], Resource: "arn:aws:s3:::models/llama/*" })],
      expect: [],
    },
    {
      name: "reading what has no resource",
      resources: [
        policy({
          Action: ["ec2:DescribeInstances", "ecr:GetAuthorizationToken", "ssmmessages:OpenDataChannel"],
          Resource: "*",
        }),
      ],
      expect: [],
    },
    {
      name: "bounded by a condition",
      resources: [
        policy({
          Action: "autoscaling:CompleteLifecycleAction",
          Resource: "*",
          Condition: { StringEquals: { "aws:ResourceTag/fleet": "chat" } },
        }),
      ],
      expect: [],
    },
    {
      name: "a configured exception",
      resources: [policy({ Action: "autoscaling:SetInstanceHealth", Resource: "*" })],
      config: { allowedOnEverything: ["autoscaling:SetInstanceHealth"] },
      expect: [],
    },
    {
      name: "a narrow managed policy",
      resources: [
        {
          type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
          name: "ssm",
          inputs: { role: unknownValue, policyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore" },
        },
      ],
      expect: [],
    },
  ],
  fail: [
    { name: "everything", resources: [policy({ Action: "*", Resource: "*" })], expect: ["fail node policy"] },
    {
      name: "a whole service on one bucket",
      resources: [policy({ Action: "s3:*", Resource: "arn:aws:s3:::models/*" }, "aws:iam/policy:Policy")],
      expect: ["fail node policy"],
    },
    {
      name: "passing any role",
      resources: [policy({ Action: ["iam:PassRole"], Resource: "*" })],
      expect: ["fail node policy"],
    },
    {
      name: "writing anywhere",
      resources: [policy({ Action: ["s3:PutObject"], Resource: "arn:aws:*:*:*" })],
      expect: ["fail node policy"],
    },
    { name: "all but one", resources: [policy({ NotAction: "iam:*", Resource: "*" })], expect: ["fail node policy"] },
    {
      name: "an attached administrator",
      resources: [
        {
          type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
          name: "root",
          inputs: { policyArn: administrator },
        },
      ],
      expect: ["fail root policyArn"],
    },
    {
      name: "in the role itself",
      resources: [
        {
          type: "aws:iam/role:Role",
          name: "role",
          inputs: {
            managedPolicyArns: [administrator],
            inlinePolicies: [
              { policy: JSON.stringify({ Statement: { Effect: "Allow", Action: "*", Resource: "*" } }) },
            ],
          },
        },
      ],
      expect: ["fail role managedPolicyArns[0]", "fail role inlinePolicies[0].policy"],
    },
  ],
  undetermined: [
    {
      name: "a text that is not known yet",
      resources: [{ type: "aws:iam/policy:Policy", name: "node", inputs: { policy: unknownValue } }],
      expect: ["undetermined node policy"],
    },
    {
      name: "not a policy",
      resources: [{ type: "aws:iam/policy:Policy", name: "node", inputs: { policy: "see above" } }],
      expect: ["undetermined node policy"],
    },
  ],
};
