import { unknownValue } from "../../graph/property-value";
import { ref, type RuleExamples } from "../../rule/rule-example";

const system = { type: "aws:efs/fileSystem:FileSystem", name: "shared" };
const policy = (text: string) => ({
  type: "aws:efs/fileSystemPolicy:FileSystemPolicy",
  name: "policy",
  inputs: { fileSystemId: ref("shared"), policy: text },
});
const deny = {
  Statement: [
    { Effect: "Deny", Principal: { AWS: "*" }, Action: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
  ],
};

export const llmTls012Examples: RuleExamples = {
  rule: "LLM-TLS-012",
  pass: [{ name: "refused", resources: [system, policy(JSON.stringify(deny))], expect: [] }],
  fail: [
    { name: "no policy", resources: [system], expect: ["fail shared"] },
    {
      name: "a policy that only allows",
      resources: [
        system,
        policy(
          JSON.stringify({
            Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "elasticfilesystem:ClientMount" }],
          }),
        ),
      ],
      expect: ["fail shared"],
    },
  ],
  undetermined: [
    {
      name: "a policy that is not known yet",
      resources: [system, policy(unknownValue)],
      expect: ["undetermined policy policy"],
    },
  ],
};
