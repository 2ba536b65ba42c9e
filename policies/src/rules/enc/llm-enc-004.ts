import { families, union } from "../../rule/families";
import { demand } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

export const llmEnc004 = resourceRule({
  id: "LLM-ENC-004",
  title: "Secrets are encrypted with a key of their owner",
  word: "SHOULD",
  source: ["SEC-R08", "SEC-R15"],
  looksAt: "the key of secrets in Secrets Manager and of SecureString parameters",
  remedy: "set kmsKeyId or keyId to a key of your own",
  controls: "rest",
  anchors: ["CKV_AWS_149", "AWS-0098", "CKV_AWS_337"],
  doc: "With Amazon's key everyone in the account who may read secrets reads them all. A key of the owner is a second lock. The aliases alias/aws/secretsmanager and alias/aws/ssm are Amazon's keys.",
  types: union(families.secret, families.parameter),
  applies: ({ resource, inputs }) => families.secret.has(resource.type) || inputs.at("type").text === "SecureString",
  *check({ resource, inputs }) {
    const property = families.secret.has(resource.type) ? "kmsKeyId" : "keyId";
    // An identifier that is not known yet is one of the program's own keys.
    if (inputs.at(property).unknown) return;
    const failure = "is encrypted with Amazon's key, not with a key of its owner";
    yield* demand(inputs.at(property), {
      holds: ({ text }) => text?.startsWith("alias/aws/") === false,
      failure,
      absent: failure,
      question: "whose key it is",
    });
  },
});
