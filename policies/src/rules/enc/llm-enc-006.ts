import { families, union } from "../../rule/families";
import { fail } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import type { Value } from "../../rule/value";

const trail = families.trail;

export const llmEnc006 = resourceRule({
  id: "LLM-ENC-006",
  title: "Logs, topics, queues, registries, vaults and trails use a key of their owner",
  word: "SHOULD",
  source: ["SEC-R15"],
  looksAt: "the key of log groups, topics, queues, container registries, backup vaults and trails",
  remedy: "name a key of your own",
  controls: "rest",
  anchors: ["CKV_AWS_158", "CKV_AWS_26", "CKV_AWS_27", "CKV_AWS_136", "CKV_AWS_35", "AWS-0017", "AWS-0095", "AWS-0033"],
  doc: "These services encrypt with a key of Amazon when none is named. An identifier that is not known yet belongs to a key of the program.",
  types: union(
    families.logGroup,
    families.topic,
    families.queue,
    families.containerRegistry,
    families.backupVault,
    trail,
  ),
  *check({ resource, inputs }) {
    const key = keyOf(resource.type, inputs);
    if (key.unknown) return;
    if (key.absent || key.text?.startsWith("alias/aws/") === true)
      yield fail(key, "is encrypted with a key of Amazon or not at all, not with a key of its owner");
  },
});

function keyOf(type: string, inputs: Value): Value {
  if (families.logGroup.has(type) || trail.has(type)) return inputs.at("kmsKeyId");
  if (families.backupVault.has(type)) return inputs.at("kmsKeyArn");
  if (families.containerRegistry.has(type)) {
    const [first] = inputs.at("encryptionConfigurations").items();
    return first?.at("kmsKey") ?? inputs.at("encryptionConfigurations");
  }
  return inputs.at("kmsMasterKeyId");
}
