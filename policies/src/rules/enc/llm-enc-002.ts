import { families } from "../../rule/families";
import { fail, notInPlan, undetermined } from "../../rule/outcome";
import { graphRule } from "../../rule/rule";
import { Value } from "../../rule/value";
import { bucketParts, logReceivers } from "../buckets";

export const llmEnc002 = graphRule({
  id: "LLM-ENC-002",
  title: "Buckets are encrypted with a key of their owner",
  word: "SHOULD",
  source: ["SEC-R15"],
  looksAt: "the default encryption of each bucket, inline or in a resource of its own",
  remedy: "set server-side encryption to aws:kms with a key of your own and bucketKeyEnabled true",
  controls: "rest",
  anchors: ["CKV_AWS_145", "AWS-0132", "S3.17"],
  doc: "Amazon S3 encrypts every object since 2023, so what counts is whose key it is: with a key of the owner, access to the key is a second lock and its use is logged. A bucket that receives access logs is spared, because Amazon S3 and load balancers deliver only to buckets with Amazon's key.",
  types: families.bucket,
  applies: ({ resource, shared }) => !shared(logReceivers).has(resource.urn),
  *check({ resource, inputs, shared }) {
    const inline = inputs.at("serverSideEncryptionConfiguration");
    const lists = [
      ...shared(bucketParts)(resource).encryptions.map((part) => ({ part, rules: Value.inputsOf(part).at("rules") })),
      ...(inline.absent ? [] : [{ part: resource, rules: inline.either("rule", "rules") }]),
    ];
    if (lists.length === 0) yield fail("", "uses Amazon's key: no encryption with a key of its owner is set");
    for (const { part, rules } of lists) {
      const at = part === resource ? undefined : part;
      if (rules.unknown) yield undetermined(rules, "its encryption is known only after deployment", at);
      for (const rule of rules.items()) {
        const algorithm = rule.in("applyServerSideEncryptionByDefault", "sseAlgorithm");
        if (algorithm.unknown) yield { ...notInPlan(algorithm, "whose key it is"), urn: part.urn };
        else if (!["aws:kms", "aws:kms:dsse"].includes(algorithm.text ?? ""))
          yield fail(algorithm, `encrypts with ${algorithm.text ?? "Amazon's key"}, not with a key of its owner`, at);
      }
    }
  },
});
